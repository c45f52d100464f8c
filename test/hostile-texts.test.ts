import { afterAll, beforeAll, expect, test } from "vitest";
import { ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";

/** Clears the screen, renames the window, turns the direction of writing, breaks the line. */
const HOSTILE = "\u001B[2J\u001B]0;owned\u0007\u202Etxt\nnext";
const FORMULA = '=HYPERLINK("http://localhost/";"see")';

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
});
afterAll(() => own.remove());

/** Both outputs of the command line, whatever its exit code. */
async function said(...args: string[]): Promise<string> {
  const { stdout, stderr } = await plimsoll([...args, "--data", own.data]);
  return stdout + stderr;
}

async function bill(cost: string): Promise<string> {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const month = "2026-07-01T00:00:00Z,2026-08-01T00:00:00Z,2026-07-03T00:00:00Z,2026-07-04T00:00:00Z";
  const head =
    "BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,BilledCost,EffectiveCost,ServiceName,ChargeCategory,ServiceProviderName";
  const rows = [HOSTILE, FORMULA].map((name) => `${month},USD,${quoted(cost)},1,${quoted(name)},Usage,AWS`);
  return own.write("bill.csv", `${[head, ...rows].join("\n")}\n`);
}

/** Control characters other than line ends, and signs that turn the direction of writing. */
const steering = (text: string): string[] =>
  text.match(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu)?.filter((sign) => sign !== "\n") ?? [];

test("no text of a bill steers the terminal or becomes a formula", async () => {
  const first = await said("import", await bill("1.5"));
  expect(first).toContain("2 charges");
  const report = await said("report", "cost", "--by", "ServiceName", "--period", "2026-07");
  expect(report).toContain("␛[2J␛]0;owned␇\uFFFDtxt␊next");
  // The restatement names the services that moved, the refusal the value that is no amount.
  const restated = await said("import", await bill("2.5"));
  expect(restated).toContain("Restated");
  const refused = await said("import", await bill(`x${HOSTILE}`));
  expect(refused).toContain("amount-invalid");
  for (const text of [first, report, restated, refused]) expect(steering(text)).toEqual([]);
  const csv = await said("report", "cost", "--by", "ServiceName", "--period", "2026-07", "--csv");
  expect(csv).toContain(`"'=HYPERLINK(""http://localhost/"";""see"")"`);
});
