import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocateCluster, type AllocationPrices } from "#analysis/allocation/allocate-cluster.ts";
import { allocatedCharges } from "#analysis/allocation/allocated-charges.ts";
import { type AllocationDimension, groupCosts, totalCost } from "#analysis/allocation/group-costs.ts";
import { idleModes, shareIdle } from "#analysis/allocation/share-idle.ts";
import { nodeComponents, sumCosts } from "#analysis/allocation/components.ts";
import { type ClusterUsage, GPU_PARTS, UNKNOWN } from "#facts/cluster-usage.ts";
import { type Machine, type Ran, usageOf } from "./usage-kit.ts";

const STEPS = 6;
const amount = fc.option(
  fc.integer({ min: 0, max: 40 }).map((eighths) => eighths / 8),
  { nil: undefined },
);
const some = <T>(value: T | undefined, key: string): Record<string, T> =>
  value === undefined ? {} : { [key]: value };

const machines = fc.array(
  fc.record({
    cpu: fc.integer({ min: 1, max: 9 }),
    gib: fc.integer({ min: 1, max: 9 }),
    gpus: fc.integer({ min: 0, max: 2 }),
    unseen: fc.uniqueArray(fc.nat(STEPS - 1), { maxLength: 3 }),
    cluster: fc.constantFrom("a", "b"),
  }),
  { minLength: 1, maxLength: 4 },
);
const containers = fc.array(
  fc
    .record({
      node: fc.nat(4),
      first: fc.nat(STEPS - 1),
      cpu: amount,
      used: amount,
      gib: amount,
      held: amount,
    })
    .map(({ node, first, cpu, used, gib, held }): Ran => ({
      pod: "p",
      node: `n${node}`,
      namespace: `ns${node % 2}`,
      first,
      ...some(cpu, "cpu"),
      ...some(used, "cpuUsed"),
      ...some(gib, "gib"),
      ...some(held, "gibUsed"),
    })),
  { maxLength: 12 },
);
/** Who holds which of the GPUs, how much, doing what. */
const grants = fc.array(
  fc.record({
    container: fc.nat(11),
    device: fc.nat(1),
    known: fc.boolean(),
    parts: fc.integer({ min: 1, max: GPU_PARTS }),
    engine: fc.integer({ min: -1, max: 1_000_000 }),
    memoryMib: fc.integer({ min: -1, max: 80_000 }),
    held: fc.uint8Array({ min: 0, max: 1, minLength: STEPS, maxLength: STEPS }),
  }),
  { maxLength: 12 },
);

const clusters = fc.tuple(machines, containers, grants).map(([nodes, ran, held]): ClusterUsage => {
  const named = nodes.map((node, index): Machine => ({ ...node, name: `n${index}` }));
  const usage = usageOf({ steps: STEPS, stepSeconds: 300, nodes: named, containers: ran });
  const devices = nodes.flatMap(({ gpus }, node) =>
    Array.from({ length: gpus }, (_, index) => ({ node, id: `${node}-${index}`, model: "" })),
  );
  const holds = held.flatMap(({ container, device, known, parts, held }, activity) => {
    const node = usage.pods[container]?.node ?? UNKNOWN;
    if (usage.containers.name[container] === undefined || node === UNKNOWN) return [];
    const at = devices.findIndex(({ id }) => id === `${node}-${device}`);
    return [{ container, device: known ? at : UNKNOWN, activity, parts, held }];
  });
  const activities = held.map(({ engine, memoryMib }) => ({
    metric: undefined,
    engine: new Int32Array(STEPS).fill(engine),
    memoryMib: new Int32Array(STEPS).fill(memoryMib),
  }));
  return { ...usage, devices, holds, activities };
});
/** Nodes n0, n1, … cost this; the third is paid in euros, the fourth has no price. */
const prices = fc.bigInt({ min: 0n, max: 10n ** 21n }).map((units): AllocationPrices => ({
  nodePrice: ({ name }) =>
    name === "n3" ? undefined : { hourly: { units, currency: name === "n2" ? "EUR" : "USD" } },
  storagePerGibHour: () => undefined,
  networkPerGib: undefined,
}));
const law = (holds: (usage: ClusterUsage, prices: AllocationPrices) => void): void =>
  fc.assert(fc.property(clusters, prices, holds), { numRuns: 400 });
const fail = (): never => {
  throw new Error("The node was not allocated.");
};
const sum = (all: readonly bigint[]): bigint => all.reduce((a, b) => a + b, 0n);

describe("whatever a cluster ran", () => {
  test("pods and idle of a node add up to its cost, to the 18th decimal, per component", () =>
    law((usage, prices) => {
      const { rows, nodes } = allocateCluster(usage, prices);
      for (const { node, costs, idle } of nodes)
        for (const component of nodeComponents)
          expect(
            sum(rows.filter((row) => row.node === node).map((row) => row.costs[component])) + idle[component],
          ).toBe(costs[component]);
    }));

  test("a node costs its price for the time it was seen", () =>
    law((usage, prices) => {
      const { nodes } = allocateCluster(usage, prices);
      for (const [index, node] of usage.nodes.entries()) {
        const { costs, currency, presentSteps } = nodes.find((each) => each.node === index) ?? fail();
        const price = prices.nodePrice(node);
        expect(currency).toBe(price?.hourly.currency);
        const exact = (price?.hourly.units ?? 0n) * BigInt(presentSteps);
        const off = sum(Object.values(costs)) * 12n - exact;
        expect(off * off <= 36n).toBe(true);
      }
    }));

  test("idle is not negative, and no pod costs more than its node", () =>
    law((usage, prices) => {
      const { rows, nodes } = allocateCluster(usage, prices);
      for (const { idle, idleQuantities } of nodes)
        for (const part of [...Object.values(idle), ...Object.values(idleQuantities)])
          expect(part >= 0n).toBe(true);
      for (const row of rows)
        expect(sumCosts(row.costs) <= sum(Object.values(nodes[row.node]?.costs ?? {}))).toBe(true);
    }));

  test("cores and memory given and idle are what the node has, however much was asked for", () =>
    law((usage, prices) => {
      const { rows, nodes } = allocateCluster(usage, prices);
      for (const [index, { cpuMicroCores, ramKib }] of usage.nodes.entries()) {
        const { idleQuantities, presentSteps } = nodes.find((each) => each.node === index) ?? fail();
        const own = rows.filter((row) => row.node === index).map((row) => row.quantities);
        const given = {
          cores: sum([idleQuantities, ...own].map(({ coreHours }) => coreHours)),
          gib: sum([idleQuantities, ...own].map(({ ramGibHours }) => ramGibHours)),
        };
        const hours = (amount: number, perUnit: bigint): bigint =>
          (BigInt(amount) * BigInt(presentSteps) * 10n ** 18n) / (12n * perUnit);
        const off = [hours(cpuMicroCores, 1_000_000n) - given.cores, hours(ramKib, 2n ** 20n) - given.gib];
        // Hours are rounded down, each by less than a unit.
        for (const each of off) expect(each > -2n && each < BigInt(rows.length + 2)).toBe(true);
      }
    }));

  test("the holders of a GPU are given at most the GPU", () =>
    law((usage, prices) => {
      const { rows, nodes } = allocateCluster(usage, prices);
      for (const { node, gpuHours, idleQuantities } of nodes) {
        const given = sum(rows.filter((row) => row.node === node).map((row) => row.quantities.gpuHours));
        const off = gpuHours - idleQuantities.gpuHours - given;
        // Hours are rounded down, each by less than a unit.
        expect(off > -2n && off < BigInt(rows.length + 2)).toBe(true);
      }
    }));

  test("active, warm-idle, allocated-idle and unknown add up to what a pod's GPUs cost", () =>
    law((usage, prices) => {
      for (const { costs, gpuStates } of allocateCluster(usage, prices).rows)
        expect(sum(Object.values(gpuStates))).toBe(costs.gpu);
    }));

  test("what was used is part of what is known, and that is part of the cost", () =>
    law((usage, prices) => {
      for (const { costs, knownCost, usedCost } of allocateCluster(usage, prices).rows) {
        expect(usedCost <= knownCost).toBe(true);
        expect(knownCost <= sumCosts(costs)).toBe(true);
      }
    }));

  test.each<{ by: AllocationDimension[] }>([{ by: [] }, { by: ["namespace", "pod"] }, { by: ["node"] }])(
    "every way to share idle adds up to the nodes, by $by",
    ({ by }) =>
      law((usage, prices) => {
        const allocation = allocateCluster(usage, prices);
        for (const currency of ["USD", "EUR"]) {
          const paid = allocation.nodes.filter((node) => node.currency === currency);
          const whole = sum(paid.flatMap(({ costs }) => Object.values(costs)));
          for (const mode of idleModes) {
            const groups = groupCosts(usage, allocation, shareIdle(usage, allocation, mode), by);
            expect(sum(groups.filter((group) => group.currency === currency).map(totalCost))).toBe(whole);
          }
        }
      }),
  );

  test("as charges it adds up to the same, node by node, and the shares of a node to the whole of it", () =>
    law((usage, prices) => {
      const allocation = allocateCluster(usage, prices);
      const charges = allocatedCharges(usage, allocation);
      for (const { node, currency, costs } of allocation.nodes) {
        const own = charges.filter((charge) => charge.node === node);
        const whole = sum(Object.values(costs));
        expect(sum(own.map(({ cost }) => cost))).toBe(currency === undefined ? 0n : whole);
        expect(own.every((charge) => charge.currency === currency)).toBe(true);
        const ratios = own.flatMap(({ ratio }) => ratio ?? []);
        expect(sum(ratios)).toBe(whole === 0n ? 0n : 10n ** 18n);
      }
      const idle = charges.filter(({ idleKind }) => idleKind === "unallocated");
      expect(idle.every(({ target }) => target === undefined)).toBe(true);
      expect(charges.filter(({ target }) => target === undefined)).toEqual(idle);
    }));

  test("a pod on a node without a price is unpriced, not free", () =>
    law((usage, prices) => {
      for (const { node, currency, reason } of allocateCluster(usage, prices).rows) {
        const expected = node === UNKNOWN ? "node-unknown" : node === 3 ? "unpriced" : undefined;
        expect([currency === undefined, reason]).toEqual([expected !== undefined, expected]);
      }
    }));
});
