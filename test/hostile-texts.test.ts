import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Clears the screen, renames the window, turns the direction of writing, breaks the line. */
const HOSTILE = "\u001B[2J\u001B]0;owned\u0007\u202Etxt\nnext";
const FORMULA = '=HYPERLINK("http://localhost/";"see")';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-hostile-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Both outputs of the command line, whatever its exit code. */
async function plimsoll(...args: string[]): Promise<string> {
  const bin = path.join(import.meta.dirname, "..", "bin", "plimsoll.js");
  const ended = (await promisify(execFile)(
    process.execPath,
    [bin, ...args, "--data", path.join(folder, "data")],
    {
      env: { ...process.env, NO_COLOR: "1" },
    },
  ).catch((cause: unknown) => cause)) as { stdout: string; stderr: string };
  return ended.stdout + ended.stderr;
}

async function bill(cost: string): Promise<string> {
  const file = path.join(folder, "bill.csv");
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const month = "2026-07-01T00:00:00Z,2026-08-01T00:00:00Z,2026-07-03T00:00:00Z,2026-07-04T00:00:00Z";
  const head =
    "BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,BilledCost,EffectiveCost,ServiceName,ChargeCategory,ServiceProviderName";
  const rows = [HOSTILE, FORMULA].map((name) => `${month},USD,${quoted(cost)},1,${quoted(name)},Usage,AWS`);
  await writeFile(file, `${[head, ...rows].join("\n")}\n`);
  return file;
}

/** Control characters other than line ends, and signs that turn the direction of writing. */
const steering = (text: string): string[] =>
  text.match(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu)?.filter((sign) => sign !== "\n") ?? [];

test("no text of a bill steers the terminal or becomes a formula", async () => {
  const first = await plimsoll("import", await bill("1.5"));
  expect(first).toContain("2 charges");
  const report = await plimsoll("report", "cost", "--by", "ServiceName", "--period", "2026-07");
  expect(report).toContain("␛[2J␛]0;owned␇\uFFFDtxt␊next");
  // The restatement names the services that moved, the refusal the value that is no amount.
  const restated = await plimsoll("import", await bill("2.5"));
  expect(restated).toContain("Restated");
  const refused = await plimsoll("import", await bill(`x${HOSTILE}`));
  expect(refused).toContain("amount-invalid");
  for (const text of [first, report, restated, refused]) expect(steering(text)).toEqual([]);
  const csv = await plimsoll("report", "cost", "--by", "ServiceName", "--period", "2026-07", "--csv");
  expect(csv).toContain(`"'=HYPERLINK(""http://localhost/"";""see"")"`);
});
