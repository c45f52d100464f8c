import { describe, expect, test } from "vitest";
import { allocateCluster, type AllocationPrices } from "#analysis/allocation/allocate-cluster.ts";
import { gpuShare } from "#facts/gpu-share.ts";
import { allocationDimension, groupCosts, totalCost } from "#analysis/allocation/group-costs.ts";
import { shareIdle } from "#analysis/allocation/share-idle.ts";
import { GPU_PARTS, type GpuHold, UNKNOWN } from "#facts/cluster-usage.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { usd } from "#units/money.ts";
import { always, steadily, usageOf, type Written } from "./usage-kit.ts";

/** CPU and memory cost alike, a GPU ten times a core. */
const ratio = { cpu: 1n, ram: 1n, gpu: 10n };
const priced = (hourly: string, more: Partial<AllocationPrices> = {}): AllocationPrices => ({
  nodePrice: () => ({ hourly: usd(hourly), ratio }),
  storagePerGibHour: () => undefined,
  networkPerGib: undefined,
  ...more,
});
const texts = (costs: Readonly<Record<string, bigint>>): Record<string, string> =>
  Object.fromEntries(Object.entries(costs).map(([name, units]) => [name, formatDecimal(units)]));
const costsOf = (written: Written, prices: AllocationPrices) => {
  const { rows, nodes } = allocateCluster(usageOf(written), prices);
  return { rows: rows.map(({ costs }) => texts(costs)), idle: nodes.map(({ idle }) => texts(idle)), nodes };
};
const node = { name: "n", cpu: 4, gib: 4 };

describe("CPU and memory", () => {
  test("the larger of request and use is charged, the rest is idle", () =>
    expect(
      costsOf(
        {
          steps: 1,
          nodes: [node],
          containers: [
            { pod: "asks", node: "n", cpu: 2, cpuUsed: 1, gib: 1, gibUsed: 1 },
            { pod: "bursts", node: "n", cpu: 0, cpuUsed: 1, gib: 1, gibUsed: 2 },
          ],
        },
        priced("8"),
      ),
    ).toMatchObject({
      rows: [
        { cpu: "2", ram: "1" },
        { cpu: "1", ram: "2" },
      ],
      idle: [{ cpu: "1", ram: "1", gpu: "0" }],
    }));

  test("pods that together exceed their node are cut in proportion", () =>
    expect(
      costsOf(
        {
          steps: 2,
          nodes: [node],
          containers: [
            { pod: "a", node: "n", cpu: 6, gib: 1 },
            { pod: "b", node: "n", cpu: 2, gib: 1, steps: 1 },
          ],
        },
        // The first hour is cut to 3 and 1 cores; in the second a alone takes all 4.
        priced("8"),
      ),
    ).toMatchObject({
      rows: [
        { cpu: "7", ram: "2" },
        { cpu: "1", ram: "1" },
      ],
      idle: [{ cpu: "0", ram: "5" }],
    }));

  test("a pod that waits for its image is not charged", () =>
    expect(
      costsOf(
        {
          steps: 4,
          nodes: [node],
          containers: [{ pod: "a", node: "n", cpu: 4, gib: 4, notCharged: [0, 1, 2] }],
        },
        priced("8"),
      ),
    ).toMatchObject({ rows: [{ cpu: "4", ram: "4" }], idle: [{ cpu: "12", ram: "12" }] }));

  test("steps without request and use are counted as unknown, and a node's unseen steps too", () => {
    const { rows, nodes } = allocateCluster(
      usageOf({
        steps: 4,
        nodes: [{ ...node, unseen: [1] }],
        containers: [{ pod: "a", node: "n", cpu: 1 }],
      }),
      priced("8"),
    );
    expect(rows.map(({ unknownSteps }) => unknownSteps)).toEqual([4]);
    expect(nodes).toMatchObject([{ presentSteps: 3, unseenSteps: 1 }]);
  });

  test("a node whose capacity is not told has no cost to divide", () => {
    const usage = usageOf({ steps: 1, nodes: [node], containers: [{ pod: "a", node: "n", cpu: 1, gib: 1 }] });
    const untold = { ...usage, nodes: usage.nodes.map((each) => ({ ...each, ramKib: UNKNOWN })) };
    expect(allocateCluster(untold, priced("8"))).toMatchObject({
      rows: [{ currency: undefined, reason: "capacity-unknown" }],
      nodes: [{ currency: undefined, reason: "capacity-unknown" }],
    });
  });

  test("a window with more steps than sums hold is refused", () => {
    const huge = usageOf({ steps: 1, nodes: [{ ...node, gib: 24_000_000_000 }], containers: [] });
    expect(() => allocateCluster(huge, priced("8"))).toThrow(
      expect.objectContaining({ code: "input-too-large" }) as Error,
    );
  });
});

describe("GPUs", () => {
  const gpuNode = { name: "n", cpu: 0, gib: 0, gpus: 2 };
  const hold = (more: Partial<GpuHold>): GpuHold => ({
    container: 0,
    device: 0,
    activity: 0,
    parts: GPU_PARTS,
    held: always(4),
    ...more,
  });
  const devices = [0, 1].map((index) => ({ node: 0, id: `GPU-${index}`, model: "" }));
  const states = (engine: number, memoryMib: number): Record<string, string> => {
    const usage = usageOf({
      steps: 4,
      nodes: [gpuNode],
      containers: [{ pod: "a", node: "n" }],
      devices,
      activities: [steadily(4, engine, memoryMib)],
      holds: [hold({})],
    });
    const [row] = allocateCluster(usage, priced("2")).rows;
    return texts(row?.gpuStates ?? {});
  };
  const none = { active: "0", warmIdle: "0", allocatedIdle: "0", unknown: "0" };

  test("three idles: not held, held without use, held with a model in memory", () => {
    expect(states(500_000, 40_000)).toEqual({ ...none, active: "4" });
    expect(states(10_000, 40_000)).toEqual({ ...none, warmIdle: "4" });
    expect(states(0, 600)).toEqual({ ...none, allocatedIdle: "4" });
    expect(states(UNKNOWN, 600)).toEqual({ ...none, unknown: "4" });
    expect(states(0, UNKNOWN)).toEqual({ ...none, unknown: "4" });
    const { nodes } = costsOf({ steps: 4, nodes: [gpuNode], containers: [] }, priced("2"));
    expect(
      nodes.map(({ idle, idleQuantities }) => [idle.gpu, idleQuantities.gpuHours].map(formatDecimal)),
    ).toEqual([["8", "8"]]);
  });

  test("sharers of one GPU are each credited with their share of its one sample", () => {
    const usage = usageOf({
      steps: 4,
      nodes: [{ ...gpuNode, gpus: 1 }],
      devices: devices.slice(0, 1),
      containers: [0, 1, 2].map((index) => ({ pod: `p${index}`, node: "n" })),
      activities: [steadily(4, 800_000, 40_000)],
      holds: [0, 1, 2].map((container) =>
        hold({ container, parts: gpuShare({ kind: "time-slice", replicas: 4 }) }),
      ),
    });
    const { rows, nodes } = allocateCluster(usage, priced("1"));
    expect(rows.map(({ costs, usedCost }) => [costs.gpu, usedCost].map(formatDecimal))).toEqual(
      [0, 1, 2].map(() => ["1", "0.8"]),
    );
    expect(nodes.map(({ idle }) => formatDecimal(idle.gpu))).toEqual(["1"]);
  });

  test("holders of whole GPUs whose device is not known share what the others leave", () => {
    const usage = usageOf({
      steps: 4,
      nodes: [gpuNode],
      devices,
      containers: [0, 1].map((index) => ({ pod: `p${index}`, node: "n" })),
      holds: [hold({ activity: UNKNOWN }), hold({ container: 1, device: UNKNOWN, parts: 2 * GPU_PARTS })],
    });
    expect(allocateCluster(usage, priced("2")).rows.map(({ costs }) => formatDecimal(costs.gpu))).toEqual([
      "4",
      "4",
    ]);
  });

  test("shares: MIG by slices or memory, time slices, MPS and HAMi", () => {
    const share = (grant: Parameters<typeof gpuShare>[0]): number => gpuShare(grant) / GPU_PARTS;
    expect(gpuShare({ kind: "mig", profile: "1g.10gb" }) * 7).toBe(GPU_PARTS);
    expect(share({ kind: "mig", profile: "3g.40gb", memoryGb: 80 })).toBe(0.5);
    expect(share({ kind: "mig", profile: "1c.2g.20gb", slices: 4 })).toBe(0.25);
    expect(share({ kind: "time-slice", replicas: 16 })).toBe(1 / 16);
    expect(share({ kind: "mps", percent: 30 })).toBe(0.3);
    expect(share({ kind: "vgpu", corePercent: 10, memoryPercent: 50 })).toBe(0.5);
    expect(() => gpuShare({ kind: "mig", profile: "big" })).toThrow(/not a MIG profile/);
    expect(() => gpuShare({ kind: "mps", percent: 0 })).toThrow(/above zero/);
  });
});

test("a volume is shared by those who mount it; unmounted hours are its own", () => {
  const usage = usageOf({
    steps: 4,
    nodes: [node],
    networkBytes: 2 ** 30,
    containers: [0, 1].map((index) => ({ pod: `p${index}`, node: "n", cpu: 0, gib: 0 })),
    volumes: [
      {
        cluster: "c",
        namespace: "default",
        claim: "data",
        storageClass: "ssd",
        requestedBytes: 10 * 2 ** 30,
        present: always(4),
        mounts: [
          { pod: 0, held: Uint8Array.of(1, 1, 0, 0) },
          { pod: 1, held: Uint8Array.of(0, 1, 1, 0) },
        ],
      },
    ],
  });
  const prices = priced("8", { storagePerGibHour: () => usd("0.1"), networkPerGib: usd("0.09") });
  const allocation = allocateCluster(usage, prices);
  const groups = groupCosts(usage, allocation, shareIdle(usage, allocation, "separate"), [
    allocationDimension("pod"),
  ]);
  expect(groups.map((group) => [group.kind, group.keys[0], formatDecimal(totalCost(group))])).toEqual([
    ["idle", null, "32"],
    ["workload", "p0", "1.59"],
    ["workload", "p1", "1.59"],
    ["unmounted", null, "1"],
  ]);
});

test("groups are named by what exists", () =>
  expect(() => allocationDimension("team")).toThrow(/can't be grouped by "team"/));

test("a node's parts keep the ratio of their prices", () => {
  const usage = usageOf({ steps: 1, nodes: [{ name: "n", cpu: 8, gib: 32, gpus: 1 }], containers: [] });
  const catalogue = { cpu: decimal("0.03"), ram: decimal("0.004"), gpu: decimal("0.95") };
  const { nodes } = allocateCluster(usage, {
    ...priced("2.636"),
    nodePrice: () => ({ hourly: usd("2.636"), ratio: catalogue }),
  });
  // 0.24 + 0.128 + 0.95 = 1.318, half of the price.
  expect(nodes.map(({ costs }) => texts(costs))).toEqual([{ cpu: "0.48", ram: "0.256", gpu: "1.9" }]);
});
