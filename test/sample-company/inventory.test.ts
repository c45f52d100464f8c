import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { takeInventory } from "#analysis/inventory/take-inventory.ts";
import type { Workload } from "#facts/workload.ts";
import { answerInventory, findWorkload } from "#flows/inventory/answer-inventory.ts";
import { gatherSightings } from "#flows/inventory/gather-sightings.ts";
import type { InventoryAsked } from "#flows/inventory/inventory-asked.ts";
import { readLiveCluster } from "#flows/inventory/read-live-cluster.ts";
import { generate } from "#sample/generate.ts";
import { bring } from "../imports/kit.ts";

interface Truth {
  readonly deliveries: readonly { source: string; kind: string; paths: readonly string[] }[];
  readonly inventory: readonly {
    readonly workload: string;
    readonly type: string;
    readonly owner: string;
    readonly recoverable: boolean;
    readonly ownerRecoverable: boolean;
    readonly resources: readonly string[];
  }[];
}

const ranks = ["high", "medium", "low"];

/** Every true resource with the row that it is in: how the row's type compares, and how sure the row is of it. */
function judge(truth: Truth, rows: readonly Workload[]): Map<string, number> {
  const rowOf = new Map(
    rows.flatMap((row) => row.members.map((member) => [member.ref, { row, link: member.link }] as const)),
  );
  const counts = new Map<string, number>();
  for (const { type, resources } of truth.inventory) {
    for (const id of resources) {
      const found = rowOf.get(id);
      if (found === undefined) continue;
      const { row, link } = found;
      // What a resource's type is worth depends on how surely it belongs to its row, unless it makes the row.
      const makesRow = !row.members.some((member) => member.link.confidence !== "low");
      const least = makesRow ? 0 : ranks.indexOf(link.confidence);
      const sure = ranks[Math.max(ranks.indexOf(row.type.confidence), least)];
      const kind = row.type.value === "unknown" ? "unknown" : row.type.value === type ? "right" : "wrong";
      const key = kind === "unknown" ? kind : `${kind}, ${sure}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

const told = (counts: Map<string, number>): string =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => `${key}: ${count}`)
    .join("; ");

describe.each([7, 19])("the sample company of seed %d", { timeout: 120_000 }, (seed) => {
  const folder = mkdtempSync(path.join(tmpdir(), "plimsoll-inventory-"));
  const data = path.join(folder, "data");
  const asked: InventoryAsked = {
    data,
    now: Date.UTC(2026, 8, 1),
    kubernetes: [path.join(folder, "out/kubernetes")],
    terraform: ["aws.tfstate", "azure.json"].map((name) => path.join(folder, "out/terraform", name)),
  };
  let truth: Truth;
  let rows: readonly Workload[];

  beforeAll(async () => {
    const out = path.join(folder, "out");
    const { truthPath } = await generate({ out, seed, days: 14 });
    truth = JSON.parse(readFileSync(truthPath, "utf8")) as Truth;
    for (const { source, kind, paths } of truth.deliveries)
      if (kind === "first")
        await bring(
          data,
          paths.map((each) => path.join(out, each)),
          { source },
        );
    rows = (await answerInventory(asked)).workloads;
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("every workload that can be recovered has its true type and owner", () => {
    const recoverable = truth.inventory.filter((each) => each.recoverable);
    expect(recoverable.length).toBeGreaterThan(20);
    const found = recoverable.map(({ workload }) => ({
      workload,
      type: findWorkload(rows, workload).type.value,
    }));
    expect(found).toEqual(recoverable.map(({ workload, type }) => ({ workload, type })));
    const owned = truth.inventory.filter((each) => each.ownerRecoverable);
    expect(owned.length).toBeGreaterThan(20);
    const owners = owned.map(({ workload }) => [workload, findWorkload(rows, workload).owner?.value]);
    expect(owners).toEqual(owned.map(({ workload, owner }) => [workload, owner]));
    console.info(
      `seed ${seed}: of ${truth.inventory.length} workloads ${found.length} have a type to recover and ${owners.length} an owner`,
    );
  });

  test("no resource is typed wrongly with high confidence", () => {
    const counts = judge(truth, rows);
    console.info(`seed ${seed}, resources, as declared: ${told(counts)}`);
    expect(counts.get("wrong, high")).toBeUndefined();
    const all = [...counts.values()].reduce((a, b) => a + b, 0);
    expect((counts.get("right, high") ?? 0) / all).toBeGreaterThan(0.7);
  });

  test("with every declared type withheld, inference is right for most and surely wrong for none", async () => {
    const { sightings, window } = await gatherSightings(asked, { readCluster: readLiveCluster });
    const bare = sightings.map((sighting) => ({
      ...sighting,
      declared: Object.fromEntries(Object.entries(sighting.declared).filter(([field]) => field !== "type")),
    }));
    const inferred = takeInventory({ sightings: bare, ...(window === undefined ? {} : { window }) });
    expect(inferred.filter(({ type }) => type.basis !== "inferred")).toEqual([]);
    const counts = judge(truth, inferred);
    console.info(`seed ${seed}, resources, inferred: ${told(counts)}`);
    for (const { workload, type } of truth.inventory) {
      const found = inferred.find(({ id }) => id === workload);
      if (found !== undefined && found.type.value !== type)
        console.info(`  ${workload}: ${found.type.value} (${found.type.confidence}), truly ${type}`);
    }
    expect(counts.get("wrong, high")).toBeUndefined();
    const sum = (kind: string): number =>
      [...counts].reduce((total, [key, count]) => total + (key.startsWith(kind) ? count : 0), 0);
    expect(sum("right")).toBeGreaterThan(5 * sum("wrong"));
  });

  test("with no tag or label at all, still nothing is surely wrong", async () => {
    const { sightings, window } = await gatherSightings(asked, { readCluster: readLiveCluster });
    for (const sources of [["charges"], ["charges", "kubernetes", "terraform"]]) {
      const bare = sightings
        .filter(({ source }) => sources.includes(source))
        .map((sighting) => ({ ...sighting, declared: {} }));
      const inferred = takeInventory({ sightings: bare, ...(window === undefined ? {} : { window }) });
      const counts = judge(truth, inferred);
      console.info(`seed ${seed}, resources, nothing declared, ${sources.join(" and ")}: ${told(counts)}`);
      expect(counts.get("wrong, high")).toBeUndefined();
    }
  });

  test("the rows add up to what the charges of resources cost", async () => {
    const { sightings } = await gatherSightings(asked, { readCluster: readLiveCluster });
    const sum = (costs: readonly { units: bigint; currency: string }[][]): Record<string, string> => {
      const totals: Record<string, bigint> = {};
      for (const { units, currency } of costs.flat()) totals[currency] = (totals[currency] ?? 0n) + units;
      return Object.fromEntries(Object.entries(totals).map(([name, units]) => [name, String(units)]));
    };
    expect(sum(rows.map(({ costs }) => [...costs]))).toEqual(
      sum(sightings.map(({ costs = [] }) => [...costs])),
    );
  });
});
