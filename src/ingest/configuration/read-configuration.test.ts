import { expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { readConfiguration } from "./read-configuration.ts";

const faults = (text: string): string[] => {
  try {
    readConfiguration(text, "p.yaml");
    return [];
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    return [cause.message, ...cause.others.map(({ message }) => message)];
  }
};

test("an unknown key is told with the one that was meant, or with those that may stand there", () => {
  expect(faults("atribution: {}\n")).toEqual([
    'p.yaml, line 1: the file has no key "atribution". Did you mean attribution?',
  ]);
  expect(faults("attribution:\n  tags: {}\n")).toEqual([
    'p.yaml, line 2: attribution has no key "tags". It may have production, gate, keys, rules.',
  ]);
  expect(faults("splits:\n  - { id: a, from: b, methd: even }\n")).toEqual([
    'p.yaml, line 2: splits[1] has no key "methd". Did you mean method?',
  ]);
});

test("what is missing or of another type is told in words", () => {
  expect(faults("splits: 3\n")).toEqual(["p.yaml, line 1: splits must be a list, not a number."]);
  expect(faults("splits:\n  - { id: a }\n")).toEqual(["p.yaml, line 2: splits[1].from is missing."]);
});
