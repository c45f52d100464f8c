import { describe, expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { readSplits } from "./read-splits.ts";

const read = (...lines: readonly string[]): ReturnType<typeof readSplits> =>
  readSplits(`splits:\n${lines.map((line) => `  - { ${line} }\n`).join("")}`, "plimsoll.yaml");

test("splits are read with their defaults; a fixed one gives to those that have a share", () =>
  expect(
    read(
      "id: p, from: platform",
      "id: n, key: costCenter, from: net, method: fixed, shares: { a: 60, b: 0.5 }",
    ),
  ).toEqual([
    { id: "p", key: "team", from: "platform", method: "proportional", by: "EffectiveCost" },
    {
      id: "n",
      key: "costCenter",
      from: "net",
      method: "fixed",
      by: "EffectiveCost",
      to: ["a", "b"],
      shares: { a: 60n * 10n ** 18n, b: 5n * 10n ** 17n },
    },
  ]));

test("quantities are named as reports name them", () =>
  expect(read("id: p, from: platform, by: gpuhours")[0]?.by).toBe("x_GpuHours"));

describe("one clear answer with its line", () => {
  test.each<[string, string[], RegExp]>([
    ["a split onto itself", ["id: p, from: a, to: [b, a]"], /line 2: split p gives the cost of a to itself/],
    [
      "a cycle",
      ["id: p, from: a, to: [b]", "id: q, from: b, to: [a, c]"],
      /line 3: split q gives to a, whose cost p gave away before: a cycle/,
    ],
    [
      "a value split twice",
      ["id: p, from: a, to: [b]", "id: q, from: a, to: [c]"],
      /line 3: split q: a is split by p already/,
    ],
    ["one id twice", ["id: p, from: a", "id: p, from: b"], /line 3: two splits have the id p/],
    [
      "a fixed split without shares",
      ["id: p, from: a, method: fixed"],
      /line 2: split p: fixed splits, and only they, have shares/,
    ],
    [
      "shares that nobody asked for",
      ["id: p, from: a, shares: { b: 1 }"],
      /split p: fixed splits, and only they/,
    ],
    [
      "a target without a share",
      ["id: p, from: a, method: fixed, to: [b, c], shares: { b: 1 }"],
      /split p: c has no share/,
    ],
    [
      "a share below zero",
      ["id: p, from: a, method: fixed, shares: { b: -1 }"],
      /split p: b has a share below zero/,
    ],
    ["a share that is none", ["id: p, from: a, method: fixed, shares: { b: half }"], /split p: .*half/],
    [
      "no share at all",
      ["id: p, from: a, method: fixed, shares: { b: 0 }"],
      /split p: no share is above zero/,
    ],
    ["a target named twice", ["id: p, from: a, to: [b, b]"], /split p: b is named twice/],
    [
      "a measure of several units",
      ["id: p, from: a, by: ConsumedQuantity"],
      /split p: ConsumedQuantity has several units/,
    ],
    [
      "a target that only every object has",
      ["id: p, from: a, method: fixed, to: [constructor], shares: { b: 1 }"],
      /split p: constructor has no share/,
    ],
    ["a measure that is none", ["id: p, from: a, by: Coffee"], /split p: There is no measure "Coffee"/],
  ])("%s", (_, lines, message) => {
    let problem: unknown;
    try {
      read(...lines);
    } catch (cause) {
      problem = cause;
    }
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({
      code: "config-invalid",
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("where the tag schema lists the values of a key", () => {
  const listed = (split: string): ReturnType<typeof readSplits> =>
    readSplits(
      `splits:\n  - { ${split} }\nattribution:\n  keys:\n    team: { values: [search, vision, platform] }\n`,
      "plimsoll.yaml",
    );

  test.each([
    [
      "from",
      "id: p, from: plattform",
      /line 2: split p: plattform is no value of team.*Did you mean platform\?/,
    ],
    [
      "to",
      "id: p, from: platform, to: [serch]",
      /line 2: split p: serch is no value of team.*Did you mean search\?/,
    ],
    ["shares", "id: p, from: platform, method: fixed, shares: { vison: 1 }", /vison is no value of team/],
  ])("a split that names another is refused: %s", (_, split, message) => {
    expect(() => listed(split)).toThrow(message);
  });

  test("one of a key without a list may name anything", () =>
    expect(listed("id: p, key: model, from: gpt, to: [other]")).toHaveLength(1));
});
