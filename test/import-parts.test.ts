import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { csv, july, line } from "./imports/bill.ts";
import { books } from "./imports/books.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
});
afterEach(() => own.remove());

const write: OwnFolder["write"] = (name, text) => own.write(name, text);
const june = (BilledCost: string): string =>
  line({
    BilledCost,
    BillingPeriodStart: "2026-06-01T00:00:00Z",
    BillingPeriodEnd: "2026-07-01T00:00:00Z",
    ChargePeriodStart: "2026-06-03T00:00:00Z",
    ChargePeriodEnd: "2026-06-03T01:00:00Z",
  });

describe("parts of a billing period", () => {
  const part = (name: string) => ({ mode: "append", part: name }) as const;

  test("a part takes the place of the former delivery of its name, and of nothing else", async () => {
    await bring(data, await write("1.csv", july("1")), part("day 1"));
    await bring(data, await write("2.csv", july("2", "3")), part("day 2"));
    expect(await books(data)).toEqual({ "aws 2026-07": "6" });
    const { restatement, changed } = await bring(data, await write("1.csv", july("10")), part("day 1"));
    expect(changed).toBe(true);
    expect(restatement.periods).toMatchObject([
      {
        rowsBefore: 3,
        rowsAfter: 3,
        moved: [{ column: "BilledCost", before: "6", after: "15" }],
      },
    ]);
    expect(await books(data)).toEqual({ "aws 2026-07": "15" });
    const again = await bring(data, await write("1.csv", july("10")), part("day 1"));
    expect(again.changed).toBe(false);
    await bring(data, await write("1.csv", july("1")), part("day 1"));
    expect(await books(data)).toEqual({ "aws 2026-07": "6" });
  });

  test("a part that lost a month is refused, since the old one's would stay", async () => {
    await bring(data, await write("a.csv", csv(line({ BilledCost: "1" }), june("2"))), part("a"));
    await expect(bring(data, await write("a.csv", july("1")), part("a"))).rejects.toMatchObject({
      code: "option-invalid",
      message: expect.stringContaining("2026-06") as string,
    });
    expect(await books(data)).toEqual({ "aws 2026-06": "2", "aws 2026-07": "1" });
  });

  test("the command knows it; a part is added, never put in place of the period", async () => {
    const args = ["import", await write("1.csv", july("1")), "--data", data, "--part", "day 1"];
    expect((await plimsoll(args)).exit).toBe(0);
    expect((await plimsoll([...args, "--mode", "overwrite"])).stderr).toMatch(/contradict each other/);
    expect((await plimsoll([...args.slice(0, -1), " "])).stderr).toMatch(/name of one line/);
  });
});
