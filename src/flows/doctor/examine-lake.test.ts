import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Role } from "#facts/role.ts";
import { importDelivery } from "#flows/import/import-delivery.ts";
import { readLake } from "#lake/snapshot.ts";
import { examineLake } from "./examine-lake.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-doctor-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const NOW = Date.UTC(2026, 7, 1);

const HEADER =
  "BilledCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ServiceName,ChargeFrequency,Tags";
const row = (day: string, cost: string, tags = "", frequency = "Usage-Based"): string =>
  `${cost},USD,2026-07-01T00:00:00Z,2026-08-01T00:00:00Z,2026-07-${day}T00:00:00Z,2026-07-${day}T01:00:00Z,Compute,${frequency},${tags}`;
const tagged = '"{""team"":""search"",""env"":""prod""}"';
const bill = [row("01", "0.10", tagged), row("02", "0.20"), row("05", "0.30", "", "Usage-based")];

/** A lake of its own with a delivery in it. */
async function lakeWith(
  name: string,
  rows: readonly string[],
  source = "aws",
  role: Role = "invoice",
  now = NOW,
): Promise<string> {
  const data = path.join(folder, name);
  const file = path.join(folder, `${name}-${source}-${now}.csv`);
  await writeFile(file, `${[HEADER, ...rows].join("\n")}\n`);
  await importDelivery({ data, inputs: [file], source, role, values: {}, force: false, now }, () => {});
  return data;
}

const examine = (data: string, source?: string): ReturnType<typeof examineLake> =>
  examineLake(data, { now: NOW, ...(source === undefined ? {} : { source }) });

describe("a healthy lake", () => {
  test("balances, and says how fresh, complete, attributed and conformant it is", async () => {
    const health = await examine(await lakeWith("healthy", bill));
    expect(health.verdict).toBe("healthy");
    expect(health.proof).toEqual({ compared: 15, imbalances: [] });
    const [aws] = health.sources;
    expect(aws).toMatchObject({
      source: "aws",
      rows: 3,
      formats: ["focus 1.0"],
      lastImport: NOW,
      lastCharge: Date.UTC(2026, 6, 5, 1),
      periods: [{ billingPeriod: "2026-07", closed: false, rows: 3 }],
      unknown: { EffectiveCost: 3, ContractedCost: 3, ListCost: 3 },
      gaps: [{ from: "2026-07-03", to: "2026-07-05", days: 2 }],
    });
    expect(aws?.totals["USD"]?.["BilledCost"]).toBe("0.6");
    expect(aws?.unattributed).toEqual([
      {
        currency: "USD",
        billedCost: "0.6",
        withoutTeam: "0.5",
        withoutOwner: "0.6",
        withoutEnvironment: "0.5",
      },
    ]);
    expect(health.conformance).toMatchObject({ rows: 3, rowsNotJudged: 0 });
    expect(health.conformance.notCheckable.map(({ model, rules }) => [model, rules.length])).toEqual([
      ["1.2", 178],
    ]);
    expect(health.conformance.rules.find(({ ruleId }) => ruleId === "ChargeFrequency-C-003-M")).toMatchObject(
      {
        count: 1,
        sources: ["aws"],
        first: { source: "aws", row: 3, value: "Usage-based" },
      },
    );
    expect(health.disk.liveFiles).toBe(3);
  });

  test("tells what a later delivery changed, and keeps its former version", async () => {
    await lakeWith("restated", bill);
    const data = await lakeWith("restated", [...bill, row("06", "1.5")], "aws", "invoice", NOW + 1);
    const health = await examine(data);
    expect(health.restatements).toEqual([
      {
        version: 2,
        at: NOW + 1,
        source: "aws",
        billingPeriod: "2026-07",
        rowsBefore: 3,
        rowsAfter: 4,
        billedCost: { USD: "1.5" },
      },
    ]);
    expect(health.formerVersions).toBe(1);
    expect(health.disk.formerBytes).toBeGreaterThan(0);
  });

  test("tells which delivery is there twice, and whether its money is", async () => {
    const data = await lakeWith("twice", bill);
    await lakeWith("twice", bill, "copy");
    expect((await examine(data)).duplicates).toMatchObject([
      { sources: ["aws", "copy"], countedTwice: true },
    ]);
    await lakeWith("roles", bill);
    const other = await lakeWith("roles", bill, "copy", "estimate");
    expect((await examine(other)).duplicates).toMatchObject([{ countedTwice: false }]);
  });

  test("looks at one source if asked, and refuses one that isn't there", async () => {
    const data = await lakeWith("sources", bill);
    await lakeWith("sources", [row("01", "1")], "azure");
    expect((await examine(data, "azure")).sources.map(({ source }) => source)).toEqual(["azure"]);
    await expect(examine(data, "gcp")).rejects.toMatchObject({ code: "option-invalid" });
  });

  test("an empty folder is no lake", async () => {
    await expect(examine(path.join(folder, "nothing"))).rejects.toMatchObject({ code: "lake-empty" });
  });
});

describe("a lake that isn't healthy", () => {
  test("a missing file is named, and the others are looked at", async () => {
    const data = await lakeWith("missing", bill);
    await lakeWith("missing", [row("01", "1")], "azure");
    const [period] = (await readLake(data)).periods;
    const file = period?.files.charges_day[0] ?? "";
    await rm(path.join(data, "lake", file));
    const health = await examine(data);
    expect(health.verdict).toBe("damaged");
    expect(health.damaged).toEqual([{ source: "aws", billingPeriod: "2026-07", file, why: "is missing" }]);
    expect(health.proof.compared).toBe(15);
  });

  test("a file that is no Parquet is named", async () => {
    const data = await lakeWith("damaged", bill);
    const file = (await readLake(data)).periods[0]?.files.charges[0] ?? "";
    await writeFile(path.join(data, "lake", file), "not parquet");
    const health = await examine(data);
    expect(health.verdict).toBe("damaged");
    expect(health.damaged[0]).toMatchObject({ file });
  });

  test("a figure that differs in its last digit is found in every table", async () => {
    const data = await lakeWith("unbalanced", bill);
    const versions = path.join(data, "lake", "versions");
    const [name = ""] = await readdir(versions);
    const text = await readFile(path.join(versions, name), "utf8");
    await writeFile(
      path.join(versions, name),
      text.replace('"BilledCost":"0.6"', '"BilledCost":"0.600000000000000001"'),
    );
    const health = await examine(data);
    expect(health.verdict).toBe("unbalanced");
    expect(health.proof.imbalances.map(({ table, found }) => [table, found])).toEqual([
      ["charges", "0.6"],
      ["charges_hour", "0.6"],
      ["charges_day", "0.6"],
    ]);
  });
});
