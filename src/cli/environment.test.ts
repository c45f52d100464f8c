import { afterEach, expect, test, vi } from "vitest";
import { dataFolder, statedColumns, stateUrl } from "./environment.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("the data lies where PLIMSOLL_DATA says, else in plimsoll-data", () => {
  vi.stubEnv("PLIMSOLL_DATA", "/srv/bills");
  expect(dataFolder()).toBe("/srv/bills");
  vi.stubEnv("PLIMSOLL_DATA", undefined);
  expect(dataFolder()).toBe("plimsoll-data");
});

test("a variable that is set to nothing names no folder", () => {
  vi.stubEnv("PLIMSOLL_DATA", "");
  expect(dataFolder()).toBe("plimsoll-data");
});

test("the state lies where PLIMSOLL_STATE_URL says, else below the data folder", () => {
  vi.stubEnv("PLIMSOLL_STATE_URL", "postgresql://db/plimsoll");
  expect(stateUrl()).toBe("postgresql://db/plimsoll");
  vi.stubEnv("PLIMSOLL_STATE_URL", "");
  expect(stateUrl()).toBeUndefined();
});

test.each([
  ["120", 120],
  ["0", undefined],
  ["wide", undefined],
  ["", undefined],
])("COLUMNS=%s grants %s columns", (columns, expected) => {
  vi.stubEnv("COLUMNS", columns);
  expect(statedColumns()).toBe(expected);
});
