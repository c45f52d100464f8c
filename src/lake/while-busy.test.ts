import { describe, expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { whileBusy } from "./while-busy.ts";

const busy = new Problem("lake-busy", "Another process is writing to this lake.");

/** Tries that fail as often as it is said, and what was told meanwhile. */
function lake(failures: number, cause: unknown = busy) {
  const told: string[] = [];
  const tries = { count: 0 };
  const take = (seconds: number): Promise<string> =>
    whileBusy(
      async () => {
        if (tries.count++ < failures) throw cause;
        return "taken";
      },
      { seconds, onWait: (waited, all) => told.push(`${waited} of ${all}`) },
    );
  return { take, tries, told };
}

describe("a lake that another process writes to", () => {
  test("is taken as soon as it is free; of a short wait nobody is told", async () => {
    const { take, told } = lake(2);
    expect(await take(5)).toBe("taken");
    expect(told).toEqual([]);
  });

  test("after a second of waiting it is said", async () => {
    const { take, told } = lake(11);
    expect(await take(3)).toBe("taken");
    expect(told).toEqual(["1 of 3"]);
  });

  test("is given up when the patience ends", async () => {
    const { take, tries } = lake(Infinity);
    await expect(take(0.3)).rejects.toBe(busy);
    expect(tries.count).toBe(4);
  });
});

test("what is no matter of waiting fails at once", async () => {
  const broken = new Problem("lake-corrupt", "A file is damaged.");
  const { take, tries } = lake(Infinity, broken);
  await expect(take(5)).rejects.toBe(broken);
  expect(tries.count).toBe(1);
});
