import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { prometheusSkipped, type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { up } from "./kit.ts";

const MOMENT = 300_000;

/** An hour of a counter and a gauge, a sample a minute, as promtool makes blocks of. */
function recorded(end: number): string {
  const labels = `{model_name="llama",namespace="prod",pod="chat-0",job="vllm"}`;
  const lines = (name: string, value: (index: number) => number): string[] =>
    Array.from(
      { length: 61 },
      (_, index) => `${name}${labels} ${value(index)} ${end / 1000 - (60 - index) * 60}`,
    );
  return [
    ...lines("vllm:generation_tokens_total", (index) => index * 100),
    ...lines("vllm:num_requests_waiting", () => 3),
    "# EOF\n",
  ].join("\n");
}

describe.skipIf(prometheusSkipped !== undefined)("a server that reads signals", () => {
  let own: OwnFolder;
  let prometheus: PrometheusServer;
  beforeAll(async () => {
    own = await ownFolder();
    const end = Math.floor((Date.now() - 3 * MOMENT) / MOMENT) * MOMENT;
    prometheus = await startPrometheus(path.join(own.folder, "tsdb"), recorded(end));
  }, 60_000);
  afterAll(async () => {
    await prometheus.stop();
    await own.remove();
  });

  const metric = async (url: string, name: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
  };
  async function until(met: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; !(await met()); tries++) {
      if (tries > 200) throw new Error("it did not come");
      await delay(50);
    }
  }

  test("brings them into the lake while calls come in, and says so at /metrics", async () => {
    const served = await up(own.data, {
      args: ["--prometheus", prometheus.url, "--cluster", "c", "--compact-seconds", "1"],
    });
    const call = { id: "a", start: new Date().toISOString(), provider: "openai", requestModel: "gpt-5" };
    await fetch(`${served.url}/api/v1/calls`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([call]),
    });
    await until(
      async () =>
        (await metric(
          served.url,
          'plimsoll_collections_total{outcome="done"}'.replace(/[{}"]/g, String.raw`\$&`),
        )) >= 1,
    );
    await until(
      async () =>
        (await metric(
          served.url,
          'plimsoll_events_compacted_total{kind="added"}'.replace(/[{}"]/g, String.raw`\$&`),
        )) >= 1,
    );
    expect(await metric(served.url, "plimsoll_signal_points_collected_total")).toBeGreaterThan(12);
    expect(await served.end()).toBe(0);
    const signals = JSON.parse((await plimsoll(["signals", "--data", own.data, "--json"])).stdout) as {
      groups: { signal: string; total?: number; mean?: number }[];
    };
    const of = (name: string) => signals.groups.find(({ signal }) => signal === name);
    expect(of("output_tokens")?.total).toBeGreaterThan(5000);
    expect(of("requests_waiting")?.mean).toBeCloseTo(3, 6);
    const calls = JSON.parse((await plimsoll(["calls", "--data", own.data, "--json"])).stdout) as {
      total: { calls: number };
    };
    expect(calls.total.calls).toBe(1);
  }, 60_000);

  test("goes on where the server of signals can't be reached", async () => {
    const served = await up(own.data, { args: ["--prometheus", "http://127.0.0.1:1"] });
    await until(async () => served.printed().includes("not collected: "));
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    expect(await metric(served.url, String.raw`plimsoll_collections_total\{outcome="failed"\}`)).toBe(1);
    expect(await served.end()).toBe(0);
  }, 30_000);

  test.each([
    [["--prometheus", "prometheus:9090"], /option-invalid.*is not the address of a server/],
    [["--prometheus", "http://p:1", "--collect-minutes", "0"], /--collect-minutes/],
    [["--cluster", "prod"], /--cluster is of --prometheus, and there is none/],
    [["--bearer-token-file", "x"], /--bearer-token-file is of --prometheus/],
  ])("%j is told before it listens", async (args, message) => {
    const { exit, stderr } = await plimsoll(["up", "--data", own.data, "--port", "0", ...args]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(message);
  });
});
