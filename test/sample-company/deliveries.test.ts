import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ResultRow } from "#flows/report/result-table.ts";
import { generate } from "#sample/generate.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { importFiles } from "../formats/deliver.ts";
import { reportRows } from "../formats/report-rows.ts";
import { amountUnits, readCsv } from "../real-files/read-bill.ts";
import { costs } from "./add-up.ts";
import { readTruth, type Truth } from "./truth.ts";

interface Delivery {
  readonly source: string;
  readonly paths: readonly string[];
  readonly kind: "first" | "redelivery" | "duplicate";
}

/** Sum of what each source's own text says was billed. */
const billed: Readonly<Record<string, (text: string) => bigint>> = {
  openai: (text) => sum([...text.matchAll(/"value":([^,}]+)/g)].map(([, value]) => amountUnits(value))),
  // Cents; every amount here ends within the 16th decimal, so the hundredth is whole.
  anthropic: (text) =>
    sum([...text.matchAll(/"amount": "([^"]+)"/g)].map(([, value]) => (amountUnits(value) ?? 0n) / 100n)),
  "aws-cur": (text) => sum(readCsv(text).map((row) => amountUnits(row["lineItem/UnblendedCost"]))),
};
const focusBilled = (text: string): bigint => sum(readCsv(text).map((row) => amountUnits(row["BilledCost"])));

/** All cost measures of each source; model providers state no list or contracted cost. */
function inLakeBySource(rows: readonly ResultRow[]) {
  return Object.fromEntries(
    rows.map((row) => [
      `${row["x_Source"]} ${row["BillingCurrency"]}`,
      costs.map((cost) => (row[cost] === null ? null : formatDecimal(decimal(String(row[cost]))))),
    ]),
  );
}

function toldBySource({ books }: Truth) {
  return Object.fromEntries(
    Object.entries(books.bySource).flatMap(([source, currencies]) =>
      Object.entries(currencies).map(([currency, sums]) => [
        `${source} ${currency}`,
        costs.map((cost) => ((unstated[source] ?? []).includes(cost) ? null : sums[cost])),
      ]),
    ),
  );
}

const unstated: Readonly<Record<string, readonly string[]>> = {
  openai: ["ListCost"],
  anthropic: ["ListCost"],
};

const sum = (amounts: readonly (bigint | undefined)[]): bigint =>
  amounts.reduce<bigint>((total, amount) => total + (amount ?? 0n), 0n);

describe("the sample company's deliveries", { timeout: 180_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plimsoll-sample-"));
  const out = path.join(folder, "bills");
  const data = path.join(folder, "data");
  beforeAll(() => generate({ out, days: 1 }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const textsIn = (paths: readonly string[]): string[] =>
    paths.flatMap((each) =>
      readdirSync(path.join(out, each), { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(csv|csv\.gz|json)$/.test(name) && !/manifest\.json$/i.test(name))
        .map((name) => readFileSync(path.join(out, each, name)))
        .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8")),
    );

  test("are all read, and each source's books hold what its files say", async () => {
    const deliveries = JSON.parse(readFileSync(path.join(out, "deliveries.json"), "utf8")) as Delivery[];
    const expected = new Map<string, string>();
    for (const { source, paths, kind } of deliveries) {
      const inputs = paths.map((each) => path.join(out, each));
      const { changed } = await importFiles(data, inputs, { source });
      expect([source, changed]).toEqual([source, kind !== "duplicate"]);
      const total = sum(textsIn(paths).map(billed[source] ?? focusBilled));
      if (kind === "first") expected.set(source, formatDecimal(total));
    }
    const window = { start: Date.UTC(2026, 4, 1), end: Date.UTC(2027, 0, 1) };
    const rows = await reportRows(data, ["x_Source"], window);
    const inLake: Record<string, string> = {};
    for (const row of rows) {
      const source = String(row["x_Source"]);
      inLake[source] = formatDecimal(decimal(inLake[source] ?? "0") + decimal(String(row["BilledCost"])));
    }
    expect(inLake).toEqual(Object.fromEntries(expected));
    expect(expected.size).toBe(6);
    expect(inLakeBySource(rows)).toEqual(toldBySource(readTruth(out)));
  });
});
