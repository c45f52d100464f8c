import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PrometheusServer, prometheusSkipped, startPrometheus } from "../servers/prometheus.ts";
import { openMetrics } from "./history.ts";
import { sampleCluster } from "./sample-cluster.ts";

const root = path.join(import.meta.dirname, "..", "..");
const built = existsSync(path.join(root, "dist", "cli", "main.js"));
if (!built) console.warn("Skipped: the command is not built (npm run build).");

describe.skipIf(!built || prometheusSkipped !== undefined)("plimsoll allocate", () => {
  let folder: string;
  let server: PrometheusServer;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "plimsoll-allocate-"));
    server = await startPrometheus(path.join(folder, "tsdb"), openMetrics(sampleCluster));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(root, "bin", "plimsoll.js"), "allocate", "--prometheus", server.url, ...args],
      { encoding: "utf8", env: { ...process.env, NO_COLOR: "1", COLUMNS: "160" } },
    );
    return { status, stdout, stderr };
  };
  const window = ["--from", "2026-07-01T00:00:00Z", "--to", "2026-07-01T02:00:00Z"];
  const gpuPrice = ["--node-price", "g5.12xlarge=12 USD"];

  test("a table with what has no price said, not shown as 0", () => {
    const { status, stdout } = run(...window, ...gpuPrice);
    expect(status).toBe(0);
    expect(stdout).toContain(
      "Allocation · 2026-07-01 to 2026-07-01T02:00:00Z · steps of 300 s · idle separate",
    );
    expect(stdout).toContain("2 nodes, 6 pods, 6 containers, 2 GPUs");
    expect(stdout).toMatch(/workload +ml +train +USD/);
    expect(stdout).toMatch(/workload +web +api +unpriced +–/);
    expect(stdout).toMatch(/total +USD .*24\.00/);
    expect(stdout).toContain(
      "A node has no price: cpu-node (m5.xlarge). What ran there has no cost; that is not zero.",
    );
  });

  test("--json has exact texts, --csv the same rows, --explain the queries", () => {
    const json = JSON.parse(
      run(...window, ...gpuPrice, "--by", "node", "--json", "--explain").stdout,
    ) as Record<string, unknown>;
    expect(json).toMatchObject({
      from: "2026-07-01T00:00:00Z",
      to: "2026-07-01T02:00:00Z",
      idle: "separate",
      totals: [{ BillingCurrency: "USD", TotalCost: "24" }],
      unpriced: [{ node: "cpu-node" }],
      explain: { queries: { pods: expect.stringContaining("kube_pod_info") as string } },
    });
    const csv = run(...window, ...gpuPrice, "--by", "node", "--csv")
      .stdout.trim()
      .split("\n");
    expect(csv[0]).toMatch(/^Kind,node,BillingCurrency,CpuCost,/);
    expect(csv).toHaveLength((json["rows"] as unknown[]).length + 1);
  });

  test("--keep puts the day into the lake, says so, and reports find it", () => {
    const kept = [
      "--data",
      path.join(folder, "data"),
      "--keep",
      "--from",
      "2026-07-01",
      "--to",
      "2026-07-02",
      ...gpuPrice,
    ];
    const first = run(...kept);
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/Kept \d+ charges as source kubernetes\.default, role allocation\./);
    expect(first.stdout).toMatch(/2026-07-01 +default +\d+ +USD +[\d.]+ +new/);
    expect(run(...kept).stdout).toContain(
      "Nothing changed: source kubernetes.default already holds exactly these",
    );
    expect(JSON.parse(run(...kept, "--json").stdout)).toMatchObject({
      kept: { days: [{ day: "2026-07-01", changed: false, totals: [{ currency: "USD" }] }] },
    });
    const report = "report cost --role allocation --by Team,IdleKind --period 2026-07 --csv".split(" ");
    const asked = spawnSync(
      process.execPath,
      [path.join(root, "bin", "plimsoll.js"), ...report, "--data", path.join(folder, "data")],
      { encoding: "utf8" },
    ).stdout;
    expect(asked).toMatch(/^vision,,USD,/m);
    expect(asked).toMatch(/^,unallocated,USD,/m);
  });

  test("wrong words, prices and servers end with 2 and one message", async () => {
    const prices = path.join(folder, "prices.yaml");
    await writeFile(prices, "nodes:\n  - hourly: cheap\n");
    for (const [args, said] of [
      [["--by", "team"], /can't be grouped by "team"/],
      [["--prices", prices], /prices\.yaml:2:13: nodes\.0\.hourly/],
      [["--selector", "a=b"], /line 1, column \d+ of the query/],
      [["--bearer-token-file", path.join(folder, "none")], /can't be read/],
      [["--bucket", "hour"], /--bucket says how an allocation is kept; it goes with --keep/],
      [["--keep"], /What is kept are whole days in UTC/],
      [["--prometheus", "nowhere"], /"nowhere" is not the address of a server/],
    ] as const) {
      const { status, stdout, stderr } = run(...window, ...args);
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(said);
    }
  });
});
