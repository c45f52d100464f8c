import { afterAll, beforeAll, expect, test } from "vitest";
import { csv, line } from "./imports/bill.ts";
import { ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";

let own: OwnFolder;
let imported: string;
/** Two charges whose EffectiveCost is empty in the delivery. */
beforeAll(async () => {
  own = await ownFolder();
  imported = (await bring(line({ EffectiveCost: "" }), line({ EffectiveCost: "" }))).stdout;
});
afterAll(() => own.remove());

async function bring(...lines: string[]) {
  const bill = await own.write("bill.csv", csv(...lines));
  return plimsoll(["import", bill, "--data", own.data, "--source", "aws"]);
}
const ask = async (...args: string[]): Promise<string> =>
  (await plimsoll([...args, "--data", own.data])).stdout;
const json = async (...args: string[]): Promise<unknown> => JSON.parse(await ask(...args, "--json"));
const unknown = { USD: { BilledCost: "3", EffectiveCost: null } };

test("a cost that no charge states is unknown where an import says what it brought", () =>
  expect(imported).toMatch(/2026-07 +2 +USD +3 +unknown\n/));

test("it is unknown in the list of billing periods", async () => {
  expect(await ask("periods")).toMatch(/2026-07 +invoice +2 +USD +3 +unknown +open/);
  expect(await json("periods")).toMatchObject({ rows: [{ totals: unknown }] });
});

test("it is unknown to the doctor, and the books of it balance", async () => {
  expect(await ask("doctor")).toMatch(/2026-07, open +2 .* 3 +unknown +USD/);
  expect(await json("doctor")).toMatchObject({
    verdict: "healthy",
    sources: [{ totals: unknown, periods: [{ totals: unknown }], unknown: { EffectiveCost: 2 } }],
  });
});

test("it is unknown in what the demonstration says of the lake", async () =>
  expect(await ask("demo")).toContain("2 charges, unknown USD"));

test("when it becomes known, by how much it moved is not", async () => {
  const { stdout } = await bring(line({ EffectiveCost: "0" }), line({ EffectiveCost: "0.5" }));
  expect(stdout).toContain("  EffectiveCost unknown → 0.5 USD\n");
  expect(await ask("periods")).toMatch(/USD +3 +0\.5 +open/);
});
