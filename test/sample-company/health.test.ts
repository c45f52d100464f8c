import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { generate } from "#sample/generate.ts";
import { importFiles } from "../formats/deliver.ts";
import { csv } from "../imports/csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";

const DAYS = 14;

/** Lines of a file without quoted cells in what is asked of them, as objects. */
function linesOf(file: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
    return Object.fromEntries(
      names.map((name, index) => [name, (cells[index] ?? "").replace(/,$/, "").replace(/^"|"$/g, "")]),
    );
  });
}

describe("the sample company", { timeout: 120_000 }, () => {
  let own: OwnFolder;
  let out: string;
  beforeAll(async () => {
    own = await ownFolder();
    out = path.join(own.folder, "bills");
    await generate({ out, days: DAYS });
    const deliveries = JSON.parse(readFileSync(path.join(out, "deliveries.json"), "utf8")) as {
      source: string;
      paths: string[];
    }[];
    for (const { source, paths } of deliveries)
      await importFiles(
        own.data,
        paths.map((each) => path.join(out, each)),
        { source },
      );
  });
  afterAll(() => own.remove());
  const pairs = async () => (await examineLake(own.data, { now: Date.UTC(2026, 6, 1) })).sameMoney;

  test("has no money in two sources: its Cost and Usage Report is another payer's", async () =>
    expect(await pairs()).toEqual([]));

  test("has June twice once that report is imported as FOCUS too", async () => {
    const file = path.join(out, "aws-cur/tern-cur/20260601-20260701/tern-cur-00001.csv");
    const lines = linesOf(file);
    const focus = lines.map((line) => ({
      BilledCost: line["lineItem/UnblendedCost"] ?? "",
      EffectiveCost: line["lineItem/UnblendedCost"] ?? "",
      BillingCurrency: "USD",
      BillingPeriodStart: "2026-06-01T00:00:00Z",
      BillingPeriodEnd: "2026-07-01T00:00:00Z",
      ChargePeriodStart: line["lineItem/UsageStartDate"] ?? "",
      ChargePeriodEnd: line["lineItem/UsageEndDate"] ?? "",
      ChargeCategory: "Usage",
      ServiceName: line["lineItem/ProductCode"] ?? "",
      ServiceProviderName: "Amazon Web Services",
      BillingAccountId: line["bill/PayerAccountId"] ?? "",
      SubAccountId: line["lineItem/UsageAccountId"] ?? "",
      ResourceId: line["lineItem/ResourceId"] ?? "",
    }));
    await bring(own.data, await own.write("again.csv", csv(focus)), { source: "tern-focus" });
    const health = await examineLake(own.data, { now: Date.UTC(2026, 6, 1) });
    const cur = health.sources.find(({ source }) => source === "aws-cur");
    expect(health.sameMoney).toMatchObject([
      {
        kind: "same-bill",
        sources: ["aws-cur", "tern-focus"],
        confidence: "high",
        billedCost: cur?.totals["USD"]?.["BilledCost"],
        evidence: { days: { shared: DAYS, agree: DAYS } },
      },
    ]);
  });
});
