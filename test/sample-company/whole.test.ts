import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "#sample/generate.ts";
import { formatDecimal } from "#units/decimal.ts";
import { importFiles } from "../formats/deliver.ts";
import { addUp, type Added, costs, type Row } from "./add-up.ts";
import { modelDays, type ModelDay } from "./model-days.ts";
import { units } from "./read-bills.ts";
import { readTruth, type SumsBy, type Truth } from "./truth.ts";

/** One generation of all 13 weeks, read once by an independent reader; the tests look at what that found. */
describe("13 weeks of the sample company", { timeout: 180_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plimsoll-company-"));
  const out = path.join(folder, "bills");
  let truth: Truth;
  let lines: number;
  const delivered: Map<string, Added>[] = [];
  /** Of what stands in the end: effective cost by resource and day, by name and day, tags by resource. */
  const byResource = new Map<string, Map<string, bigint>>();
  const byName = new Map<string, Map<string, bigint>>();
  const tags = new Map<string, string>();
  let machines: Map<string, Set<string>>;
  let models: ModelDay[];

  beforeAll(async () => {
    lines = (await generate({ out })).rows;
    truth = readTruth(out);
    machines = new Map();
    for (const { source, kind, paths } of truth.deliveries) {
      const isFinal = (row: Row): boolean =>
        kind === "redelivery" || (kind === "first" && !(source === "aws" && row.day >= "2026-08-01"));
      delivered.push(
        addUp(source, path.join(out, paths[0] ?? ""), (row) => {
          if (!isFinal(row)) return;
          add(byResource, row.resource, row);
          const name = row.description.includes("storage used") ? `${row.name} storage` : row.name;
          if (!row.isCorrection) add(byName, name.replace(/-\d+b?$/, ""), row);
          tags.set(row.resource, row.tags);
          if (row.name.startsWith("sweep-") && row.details !== "")
            machines.set(row.day, (machines.get(row.day) ?? new Set()).add(row.name));
        }),
      );
    }
    models = modelDays(out);
  }, 240_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const spent = (
    sums: Map<string, Map<string, bigint>>,
    key: string,
    from: string,
    until: string,
  ): number => {
    let total = 0n;
    for (const [day, cost] of sums.get(key) ?? []) if (day >= from && day < until) total += cost;
    return Number(total) / 1e18;
  };

  test("the README's first screen shows this very company", () => {
    const readme = readFileSync(path.join(import.meta.dirname, "..", "..", "README.md"), "utf8");
    const rounded = (exact: string | undefined): string =>
      Number(exact).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const { EUR, USD } = truth.books.total;
    expect(readme).toContain(`Wrote ${lines.toLocaleString("en-US")} lines of bills.`);
    expect(readme).toContain(
      `${rounded(EUR?.EffectiveCost)} EUR and ${rounded(USD?.EffectiveCost)} USD (EffectiveCost`,
    );
  });

  test("every file adds up to the truth, digit for digit", () => {
    const found = delivered.map((sums, index) => {
      const source = truth.deliveries[index]?.source ?? "";
      return [...sums].map(([key, { rows, sums: amounts }]) => [
        source,
        key,
        rows,
        ...amounts.map(formatDecimal),
      ]);
    });
    const expected = truth.deliveries.map(({ source, byMonth, fileRows }) =>
      inMonths(byMonth).map(([key, sums]) => {
        const stated = ["aws", "azure", "gpucloud"].includes(source) ? costs : (["BilledCost"] as const);
        return [source, key, fileRows ?? sums.rows, ...stated.map((cost) => sums[cost])];
      }),
    );
    expect(found).toEqual(expected);
  });

  test("the size of it: about 300,000 charges and a million", () => {
    const { USD, EUR } = truth.books.total;
    expect((USD?.rows ?? 0) + (EUR?.rows ?? 0)).toBeGreaterThan(300_000);
    expect(Number(USD?.EffectiveCost)).toBeGreaterThan(900_000);
    expect(Number(USD?.EffectiveCost)).toBeLessThan(1_200_000);
  });

  // Wastes that are resources as a whole; of the others the bills hold more than what the waste touches.
  test.each([
    "idle-notebooks",
    "endpoint-without-traffic",
    "warm-idle-node",
    "allocated-idle-node",
    "unallocated-nodes",
    "sandbox-after-its-end",
    "unattached-volumes",
    "unattached-addresses",
    "old-snapshots",
    "dataset-twice",
  ])("the bills hold %s at its time and amount", (id) => {
    const waste = truth.waste.find((each) => each.id === id);
    let billed = 0n;
    for (const resource of waste?.resources ?? []) {
      for (const [day, cost] of byResource.get(resource) ?? [])
        if (day >= (waste?.from ?? "").slice(0, 10) && day < (waste?.until ?? "").slice(0, 10))
          billed += cost;
    }
    expect(formatDecimal(billed)).toBe(waste?.touchedEffectiveCost);
    expect(waste?.causedEffectiveCost).toBe(waste?.touchedEffectiveCost);
  });

  test("all 27 wastes cost something, and no more than the charges they touch", () => {
    expect(truth.waste).toHaveLength(27);
    for (const { id, causedEffectiveCost, touchedEffectiveCost, resources } of truth.waste) {
      const [caused, touched] = [units(causedEffectiveCost), units(touchedEffectiveCost)];
      expect([id, caused > 0n && caused <= touched, resources.length > 0]).toEqual([id, true, true]);
    }
  });

  test("NAT costs six times as much from 06-24 to 06-26", () => {
    const cost = (from: string, until: string): number =>
      ["nat-main", "nat-data", "nat-eu"].reduce((sum, name) => sum + spent(byName, name, from, until), 0);
    expect(cost("2026-06-24", "2026-06-27") / cost("2026-06-17", "2026-06-20")).toBeCloseTo(6, 0);
    expect(cost("2026-06-27", "2026-06-28") / cost("2026-06-20", "2026-06-21")).toBeCloseTo(1, 0);
    const [effect] = truth.incidents.find(({ id }) => id === "nat-without-s3-endpoint")?.effects ?? [];
    const extra = (cost("2026-06-24", "2026-06-27") * 5) / 6;
    expect(extra / Number(effect?.causedEffectiveCost)).toBeCloseTo(1, 2);
  });

  test("a hundred sweep machines run in the night of 07-22, about ten in others", () => {
    expect(machines.get("2026-07-22")?.size).toBe(100);
    expect(machines.get("2026-07-21")?.size).toBeLessThan(14);
    const [effect] = truth.incidents.find(({ id }) => id === "sweep-grid-typo")?.effects ?? [];
    const more =
      spent(byName, "sweep", "2026-07-22", "2026-07-24") - spent(byName, "sweep", "2026-07-20", "2026-07-22");
    expect(Math.abs(more / Number(effect?.causedEffectiveCost) - 1)).toBeLessThan(0.1);
  });

  test("search-rerank shifts to a higher level on 08-12", () => {
    const before = spent(byName, "rerank-a10g", "2026-08-05", "2026-08-12");
    const after = spent(byName, "rerank-a10g", "2026-08-13", "2026-08-20");
    expect(after / before).toBeGreaterThan(1.8);
  });

  test("everything of the assistant costs a third more from 08-04 on", () => {
    const chat = (from: string, until: string): number => spent(byName, "chat-h100", from, until);
    const calls = (from: string, until: string): number =>
      models
        .filter(({ day, workload }) => day >= from && day < until && workload === "assistant-agents")
        .reduce((sum, { cost }) => sum + cost, 0);
    for (const cost of [chat, calls]) {
      // Wednesday to Monday; the prompt is short again since 07-28.
      const ratio = cost("2026-08-05", "2026-08-11") / cost("2026-07-29", "2026-08-04");
      expect(ratio).toBeGreaterThan(1.3);
      expect(ratio).toBeLessThan(1.42);
    }
  });

  test("the price of gpt-5.6-terra falls by 20 % on 07-01, and by nothing else", () => {
    const price = (from: string, until: string): Set<string> =>
      new Set(
        models
          .filter(({ day, item }) => day >= from && day < until && item === "gpt-5.6-terra, input")
          .map(({ cost, tokens }) => ((cost / tokens) * 1e6).toFixed(6)),
      );
    expect([...price("2026-06-01", "2026-07-01")]).toEqual(["2.500000"]);
    expect([...price("2026-07-01", "2026-09-01")]).toEqual(["2.000000"]);
  });

  test("a task of assistant-agents costs 70 % more from 07-14 on", () => {
    // Tokens of answers are in proportion to tasks.
    const perTask = (from: string, until: string): number => {
      const calls = models.filter(
        ({ day, workload, item }) =>
          day >= from && day < until && workload === "assistant-agents" && !item.startsWith("text-"),
      );
      return (
        calls.reduce((sum, { cost }) => sum + cost, 0) /
        calls.filter(({ item }) => item.endsWith("output")).reduce((sum, { tokens }) => sum + tokens, 0)
      );
    };
    expect(perTask("2026-07-15", "2026-07-28") / perTask("2026-07-01", "2026-07-14") - 1).toBeCloseTo(0.7, 1);
    expect(perTask("2026-07-29", "2026-08-12") / perTask("2026-07-01", "2026-07-14")).toBeCloseTo(1, 2);
  });

  test("prompts are sent four times in the outage of 08-19", () => {
    const prompts = (day: string): number =>
      models
        .filter(
          (each) =>
            each.day === day &&
            each.workload === "assistant-agents" &&
            each.item.startsWith("gpt") &&
            each.item.endsWith("input"),
        )
        .reduce((sum, { tokens }) => sum + tokens, 0);
    expect(prompts("2026-08-19") / prompts("2026-08-18")).toBeGreaterThan(1.7);
    expect(prompts("2026-08-20") / prompts("2026-08-18")).toBeCloseTo(1, 0);
  });

  test("logs grow by 4 % a week, fine-tunes run on weekends, fees come on the first of a month", () => {
    const grown =
      spent(byName, "halyard-logs storage", "2026-08-24", "2026-08-31") /
      spent(byName, "halyard-logs storage", "2026-08-17", "2026-08-24");
    expect(grown).toBeCloseTo(1.04, 2);
    const days = [...(byName.get("finetune-a100")?.keys() ?? [])].map((day) => new Date(day).getUTCDay());
    expect(new Set(days)).toEqual(new Set([0, 6]));
    expect([...(byName.get("AWS Support")?.keys() ?? [])]).toEqual([
      "2026-06-01",
      "2026-07-01",
      "2026-08-01",
    ]);
  });

  test("18 % of what AWS bills is badly tagged, on the resources and by the amounts that the truth names", () => {
    const aws = truth.tagDefects.find(({ source }) => source === "aws");
    expect(aws?.defectShare).toBeCloseTo(0.18, 2);
    for (const { defect, resources, EffectiveCost } of aws?.defects ?? []) {
      const looks = looksWrong[defect] ?? /never/;
      expect(resources.filter((resource) => !looks.test(tags.get(resource) ?? ""))).toEqual([]);
      const billed = resources.reduce(
        (sum, resource) => sum + [...(byResource.get(resource)?.values() ?? [])].reduce((a, b) => a + b, 0n),
        0n,
      );
      expect([defect, formatDecimal(billed)]).toEqual([defect, EffectiveCost]);
    }
  });

  test("a fifth of each savings plan is unused", () => {
    const shares = truth.commitments.map(({ unused, bought }) => Number(unused) / Number(bought));
    expect(shares).toHaveLength(2);
    for (const share of shares) expect(share).toBeCloseTo(0.2, 1);
  });

  test("the late August replaces the first one by what was missing; the duplicate month changes nothing", async () => {
    const data = path.join(folder, "data");
    const august = (parent: string): string =>
      path.join(out, parent, "plimsoll-focus/data/BILLING_PERIOD=2026-08");
    await importFiles(data, [august("aws")], { source: "aws" });
    const { restatement } = await importFiles(data, [august("late/aws")], { source: "aws" });
    const moved = restatement.periods.flatMap(({ moved }) =>
      moved.map(({ column, difference }) => [column, difference]),
    );
    expect(Object.fromEntries(moved)).toMatchObject({
      BilledCost: truth.late?.missing.BilledCost,
      EffectiveCost: truth.late?.missing.EffectiveCost,
    });
    expect(restatement.periods.map((period) => period.rowsAfter - period.rowsBefore)).toEqual([
      truth.late?.missing.rows,
    ]);
    await importFiles(data, [path.join(out, "gpucloud")], { source: "gpucloud" });
    const again = await importFiles(data, [path.join(out, "duplicates/gpucloud")], { source: "gpucloud" });
    expect(again.restatement.periods).toEqual([]);
  });
});

const looksWrong: Readonly<Record<string, RegExp>> = {
  untagged: /^$/,
  "capital-key": /"Team":/,
  "trailing-blank-key": /"team ":/,
  "misspelt-team": /"team":"(assitant|saerch|vsiion|rseearch|dtaa|paltform)"/,
  "dead-cost-center": /"cc-0900"/,
  valueless: /"team":"true"/,
};

function add(sums: Map<string, Map<string, bigint>>, key: string, { day, effective }: Row): void {
  const days = sums.get(key) ?? new Map<string, bigint>();
  sums.set(key, days.set(day, (days.get(day) ?? 0n) + effective));
}

const inMonths = (byMonth: SumsBy) =>
  Object.entries(byMonth).flatMap(([month, currencies]) =>
    Object.entries(currencies).map(([currency, sums]) => [`${month} ${currency}`, sums] as const),
  );
