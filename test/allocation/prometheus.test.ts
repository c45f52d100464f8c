import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allocateCosts } from "#flows/allocate/allocate-costs.ts";
import { type AllocateWords, allocateRequest } from "#flows/allocate/allocate-request.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { type PrometheusServer, prometheusSkipped, startPrometheus } from "../servers/prometheus.ts";
import { openMetrics } from "./history.ts";
import { sampleCluster } from "./sample-cluster.ts";

const prices = `
nodes:
  - instanceType: g5.12xlarge
    hourly: 12.00
    currency: USD
    ratio: { cpu: 1, ram: 0.25, gpu: 22 }   # 8 + 8 + 44 = 60, so a core is 0.20
  - instanceType: m5.xlarge
    capacityType: spot
    hourly: 0.8
    currency: USD
    ratio: { cpu: 1, ram: 0.25, gpu: 1 }    # 4 + 4 = 8, so a core is 0.10
storage:
  - class: gp3
    perGibHour: 0.0001
    currency: USD
network: { perGib: 0.01, currency: USD }
`;

describe.skipIf(prometheusSkipped !== undefined)("two hours recorded by a Prometheus", () => {
  let folder: string;
  let server: PrometheusServer;
  let priceFile: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "plimsoll-allocate-"));
    priceFile = path.join(folder, "prices.yaml");
    await writeFile(priceFile, prices);
    server = await startPrometheus(path.join(folder, "tsdb"), openMetrics(sampleCluster));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async (more: Partial<AllocateWords> = {}) =>
    allocateCosts(
      await allocateRequest({
        data: undefined,
        now: 0,
        prometheus: server.url,
        from: "2026-07-01T00:00:00Z",
        to: "2026-07-01T02:00:00Z",
        priceFile,
        nodePrices: [],
        by: ["namespace", "controller", "node"],
        ...none,
        ...more,
      }),
    );
  const rowsOf = async (more: Partial<AllocateWords> = {}) => {
    const { table } = await ask(more);
    return table.rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== "0")),
    );
  };

  test("each workload costs what it asked for or used, on the node where it was", async () => {
    const rows = await rowsOf();
    const of = (controller: string, node: string) =>
      rows.find((row) => row["controller"] === controller && row["node"] === node);
    // 4 cores for 2 h at 0.20, 16 GiB at 0.05, one GPU at 4.40. Used: 2 cores, 8 GiB, half of the GPU.
    // Over the reset of the counter a minute of use is lost, and no more: Prometheus can't know what was counted after its last sample.
    expect(of("train", "gpu-node")).toMatchObject({
      CpuCost: "1.6",
      RamCost: "1.6",
      GpuCost: "8.8",
      TotalCost: "12",
      GpuActiveCost: "8.8",
      GpuActivityMetric: "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
      CoreHours: "8",
      RamGibHours: "32",
      GpuHours: "2",
      EfficiencyRatio: expect.closeTo(0.5 - (2 * 0.2) / 60 / 12, 10) as number,
      UseKnownRatio: 1,
    });
    // The Deployment above the ReplicaSet. 1 core and 4 GiB for 2 h at 0.10 and 0.025; half an hour of memory use is a gap, and unknown.
    const web = of("api", "cpu-node");
    expect(web).toMatchObject({ CpuCost: "0.2", RamCost: "0.2", NetworkCost: "0.017578125", CoreHours: "2" });
    expect(web?.["UseKnownRatio"]).toBeLessThan(1);
    expect(web?.["UseKnownRatio"]).toBeGreaterThan(0.8);
    // One name, two pods: 55 minutes on one node, 65 on the other.
    expect(of("db", "cpu-node")).toMatchObject({ CoreHours: "0.916666666666666666" });
    expect(of("db", "gpu-node")).toMatchObject({ CoreHours: "1.083333333333333333" });
  });

  test("nodes, volumes and network come out whole", async () => {
    // 2 h of 12 and of 0.80, 100 GiB for 2 h at 0.0001, 1800 MiB at 0.01.
    for (const idle of ["separate", "by-node", "by-cluster"])
      expect((await ask({ idle })).table.totals).toMatchObject([
        { TotalCost: "25.637578125", StorageCost: "0.02" },
      ]);
  });

  test("an exporter's own pod does not hold the GPU that its series tell of; that one is unallocated", async () => {
    const rows = await rowsOf({ by: ["node"] });
    expect(
      rows
        .filter((row) => row["GpuCost"] !== undefined)
        .map((row) => [row["Kind"], row["GpuCost"], row["GpuHours"]]),
    ).toEqual([
      ["workload", "8.8", "2"],
      ["idle", "8.8", "2"],
    ]);
  });

  test("what has ended, and what waits for its image, is not charged", async () => {
    const rows = await rowsOf({ by: ["pod"] });
    expect(rows.map((row) => row["pod"])).not.toContain("done");
    expect(rows.find((row) => row["pod"] === "stuck")?.["TotalCost"]).toBeUndefined();
  });

  test("labels of pods are asked for as Kubernetes writes them", async () => {
    const rows = await rowsOf({ by: ["label:team"] });
    expect(rows.find((row) => row["label:team"] === "vision")).toMatchObject({ TotalCost: "12" });
  });

  test("a node without a price leaves its pods unpriced, and is named", async () => {
    const { table, unpriced } = await ask({ priceFile: undefined, nodePrices: ["g5.12xlarge=12 USD"] });
    expect(unpriced).toEqual([
      { cluster: "default", node: "cpu-node", instanceType: "m5.xlarge", reason: "unpriced", hours: 2 },
    ]);
    const without = table.rows.filter((row) => row["node"] === "cpu-node");
    expect(without.map((row) => [row["BillingCurrency"], row["TotalCost"]])).toEqual(
      without.map(() => [null, null]),
    );
    expect(without.length).toBeGreaterThan(0);
  });

  test("answers that are too long are asked for in shorter pieces, with the same result", async () => {
    const { seriesReader } = await import("#ingest/prometheus/read-series.ts");
    const steps = { start: Date.parse("2026-07-01T00:00:00Z"), stepSeconds: 300, count: 24 };
    const read = async (answerBytes: number) => {
      let requests = 0;
      const reader = seriesReader(
        { url: server.url },
        steps,
        { timeoutSeconds: 10, answerBytes, attempts: 1 },
        {
          fetch: (...input) => {
            requests++;
            return fetch(...input);
          },
          wait: () => Promise.resolve(),
        },
      );
      const values: string[] = [];
      await reader.values(
        "sum by (node) (kube_node_status_capacity)",
        ({ node }) =>
          (step, value) =>
            values.push(`${node} ${step} ${value}`),
      );
      return { requests, values: values.sort() };
    };
    const [whole, pieces] = [await read(1_000_000), await read(300)];
    expect(whole.values).toHaveLength(48);
    expect(pieces.values).toEqual(whole.values);
    expect(pieces.requests).toBeGreaterThan(whole.requests + 10);
    await expect(read(100)).rejects.toMatchObject({ code: "input-too-large" });
  });

  test("an error of the query comes with its place", () =>
    expect(ask({ selector: "cluster=prod" })).rejects.toMatchObject({
      code: "query-failed",
      message: expect.stringMatching(
        /line 1, column \d+ of the query: unexpected identifier "prod"/,
      ) as string,
    }));

  test("a window without nodes says what is missing", () =>
    expect(ask({ selector: 'cluster="other"' })).rejects.toMatchObject({ code: "series-missing" }));

  test("idle is never negative and each kind adds up", async () => {
    const { table } = await ask({ by: [] });
    const sum = table.rows.reduce((total, row) => total + decimal(String(row["TotalCost"])), 0n);
    expect(formatDecimal(sum)).toBe("25.637578125");
    expect(table.rows.every((row) => !String(row["TotalCost"]).startsWith("-"))).toBe(true);
  });
});

const none = {
  bearerToken: undefined,
  basic: undefined,
  period: undefined,
  step: undefined,
  idle: undefined,
  selector: undefined,
  cluster: undefined,
  gpuIdlePercent: undefined,
  gpuIdleMib: undefined,
};
