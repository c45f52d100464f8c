import { expect, test } from "vitest";
import { july } from "./imports/bill.ts";
import { ownFolder, plimsoll } from "./imports/kit.ts";

test("a period is listed, closed, protected with exit code 1, and reopened", async () => {
  const { data, write, remove } = await ownFolder();
  const [first, second] = [await write("a.csv", july("0.1")), await write("b.csv", july("0.2"))];
  const importing = (bill: string, ...more: string[]) =>
    plimsoll(["import", bill, "--data", data, "--source", "aws", ...more]);
  const periods = (...args: string[]) => plimsoll(["periods", ...args, "--data", data]);
  const ofJuly = ["--source", "aws", "--period", "2026-07"];

  expect(await periods()).toMatchObject({ exit: 2, stderr: expect.stringMatching(/^Error lake-empty/) });
  await importing(first);
  expect((await periods("close", ...ofJuly)).stdout).toContain(
    "Closed aws 2026-07 (1 charge, BilledCost 0.1 USD).",
  );
  expect(await importing(second)).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(/^Error period-closed: aws 2026-07 is closed/),
  });
  const { rows } = JSON.parse((await periods("--json")).stdout) as { rows: unknown[] };
  expect(rows).toMatchObject([
    {
      source: "aws",
      billingPeriod: "2026-07",
      role: "invoice",
      closed: true,
      charges: 1,
      totals: { USD: { BilledCost: "0.1" } },
    },
  ]);
  expect((await importing(second, "--force")).stdout).toContain("BilledCost 0.1 → 0.2 USD (+0.1)");
  expect((await periods()).stdout).toMatch(/aws +2026-07 +invoice +1 +USD +0\.2 +1\.5 +closed/);
  expect((await periods("reopen", ...ofJuly)).stdout).toContain("Reopened aws 2026-07");
  expect((await importing(first)).exit).toBe(0);
  expect(await periods("shut", ...ofJuly)).toMatchObject({ exit: 2 });
  expect(await periods("close", "--source", "aws")).toMatchObject({ exit: 2 });
  await remove();
});
