import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { allocateCluster } from "#analysis/allocation/allocate-cluster.ts";
import { gpuShare } from "#facts/gpu-share.ts";
import { groupCosts, totalCost } from "#analysis/allocation/group-costs.ts";
import { type IdleMode, shareIdle } from "#analysis/allocation/share-idle.ts";
import { UNKNOWN } from "#facts/cluster-usage.ts";
import { decimal, divide, formatDecimal, roundTo } from "#units/decimal.ts";
import { money, usd } from "#units/money.ts";
import { always, usageOf } from "./usage-kit.ts";

const testData = process.env["PLIMSOLL_TEST_DATA"];
if (testData === undefined)
  console.warn("Skipped: PLIMSOLL_TEST_DATA does not name the folder of published vectors.");

interface Vectors {
  readonly "gpu-fraction-1": {
    pods: { pod: string; gpu_core_fraction: string }[];
    expected: { gpu_hours_each: string; gpu_hours_sum: string; idle_gpu_hours: string };
  };
  readonly "efficiency-1": {
    cpu: { requested: number; used: string; usd_per_core: string };
    ram: { requested_gb: number; used_gb: string; usd_per_gb: string };
    expected: string;
  };
  readonly "idle-share-1": {
    nodes: { node: string; units: number; workloads: string[] }[];
    expected: {
      separate_idle_units: number;
      by_node: Record<string, string>;
      by_cluster: Record<string, string>;
    };
  };
}

/** A published vector by its id. */
function vector<Id extends keyof Vectors>(id: Id): Vectors[Id] {
  const text = readFileSync(path.join(testData ?? "", "peers", "correctness-vectors.json"), "utf8");
  return (JSON.parse(text) as ({ id: string } & Vectors[Id])[]).find((each) => each.id === id) as Vectors[Id];
}
const free = { storagePerGibHour: () => undefined, networkPerGib: undefined };

describe.skipIf(testData === undefined)("published correctness vectors", () => {
  test("four pods with a quarter of one GPU are charged a quarter each", () => {
    const { pods, expected } = vector("gpu-fraction-1");
    const usage = usageOf({
      steps: 12,
      stepSeconds: 300,
      nodes: [{ name: "n", cpu: 4, gib: 16, gpus: 1 }],
      containers: pods.map(({ pod }) => ({ pod, node: "n", cpu: 1, gib: 1 })),
      devices: [{ node: 0, id: "GPU-0", model: "" }],
      holds: pods.map(({ gpu_core_fraction }, container) => ({
        container,
        device: 0,
        activity: UNKNOWN,
        parts: gpuShare({ kind: "vgpu", corePercent: Number(gpu_core_fraction) * 100 }),
        held: always(12),
      })),
    });
    const { rows, nodes } = allocateCluster(usage, { ...free, nodePrice: () => ({ hourly: usd("1") }) });
    const hours = rows.map(({ quantities }) => quantities.gpuHours);
    expect(hours.map(formatDecimal)).toEqual(pods.map(() => expected.gpu_hours_each));
    expect(formatDecimal(hours.reduce((a, b) => a + b, 0n))).toBe(expected.gpu_hours_sum);
    expect(nodes.map(({ idleQuantities }) => formatDecimal(idleQuantities.gpuHours))).toEqual([
      expected.idle_gpu_hours,
    ]);
  });

  test("efficiency is weighted by cost", () => {
    const { cpu, ram, expected } = vector("efficiency-1");
    const usage = usageOf({
      steps: 1,
      nodes: [{ name: "n", cpu: cpu.requested, gib: ram.requested_gb }],
      containers: [
        {
          pod: "p",
          node: "n",
          cpu: cpu.requested,
          gib: ram.requested_gb,
          cpuUsed: Number(cpu.used),
          gibUsed: Number(ram.used_gb),
        },
      ],
    });
    const ratio = { cpu: decimal(cpu.usd_per_core), ram: decimal(ram.usd_per_gb), gpu: decimal("0") };
    const { rows } = allocateCluster(usage, { ...free, nodePrice: () => ({ hourly: usd("21"), ratio }) });
    const [{ usedCost, knownCost } = { usedCost: 0n, knownCost: 0n }] = rows;
    expect(formatDecimal(roundTo(divide(usedCost, knownCost, "half-even"), 4, "half-even"))).toBe(expected);
  });

  test("idle shared by node, by cluster or not at all adds up alike", () => {
    const { nodes, expected } = vector("idle-share-1");
    const usage = usageOf({
      steps: 1,
      nodes: nodes.map(({ node, units }) => ({ name: node, cpu: units, gib: 1 })),
      containers: nodes.flatMap(({ node, workloads }) =>
        workloads.map((pod) => ({ pod, node, cpu: 1, gib: 0 })),
      ),
    });
    const ratio = { cpu: decimal("1"), ram: 0n, gpu: 0n };
    const allocation = allocateCluster(usage, {
      ...free,
      nodePrice: ({ cpuMicroCores }) => ({ hourly: money(String(cpuMicroCores / 1e6), "units"), ratio }),
    });
    const costs = (mode: IdleMode): Record<string, string> =>
      Object.fromEntries(
        groupCosts(usage, allocation, shareIdle(usage, allocation, mode), ["pod"]).map((group) => [
          group.keys[0] ?? "idle",
          formatDecimal(totalCost(group)),
        ]),
      );
    expect(costs("separate")["idle"]).toBe(String(expected.separate_idle_units));
    expect(costs("by-node")).toEqual(expected.by_node);
    expect(costs("by-cluster")).toEqual(expected.by_cluster);
    for (const mode of ["separate", "by-node", "by-cluster"] as const)
      expect(Object.values(costs(mode)).reduce((sum, cost) => sum + decimal(cost), 0n)).toBe(decimal("12"));
  });
});
