import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMetrics } from "../allocation/history.ts";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { prometheusSkipped, type PrometheusServer, startPrometheus } from "../servers/prometheus.ts";
import { at, series } from "./serving-history.ts";

interface Answer {
  readonly groups: readonly {
    readonly group: Readonly<Record<string, string | null>>;
    readonly bucket?: string;
    readonly signal: string;
    readonly mean?: number;
    readonly max?: number;
    readonly total?: number;
    readonly p95?: { readonly value: number };
    readonly moments: number;
  }[];
}

const time = (step: number): string => new Date(at(step)).toISOString();

describe.skipIf(prometheusSkipped !== undefined)("signals of a real Prometheus in the lake", () => {
  let own: OwnFolder;
  let server: PrometheusServer;
  const run = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll(["signals", ...args, "--data", own.data]);
  const collect = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    run("collect", "--prometheus", server.url, "--cluster", "c", ...args);
  const ask = async (...args: readonly string[]): Promise<Answer["groups"]> =>
    (JSON.parse((await run(...args, "--json")).stdout) as Answer).groups;
  beforeAll(async () => {
    own = await ownFolder();
    server = await startPrometheus(path.join(own.folder, "tsdb"), openMetrics(series));
    const { exit, stdout } = await collect("--from", time(0), "--to", time(12));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/Collected [\d,]+ points of prometheus/);
    expect(stdout).toMatch(/input_tokens 12/);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    await own.remove();
  });

  test("what was read before stays once", async () => {
    const before = await ask();
    const { stdout } = await collect("--from", time(3), "--to", time(12));
    expect(stdout).toMatch(/Collected 0 points.* had come before: what is there stays/);
    expect(await ask()).toEqual(before);
  });

  test("a counter adds up, a gauge has its mean and its top, a histogram its quantiles", async () => {
    const groups = await ask("--by", "workload,model");
    const of = (signal: string): Answer["groups"][number] | undefined =>
      groups.find((each) => each.signal === signal && each.group["Controller"] === "chat");
    expect(of("input_tokens")?.total).toBeGreaterThan(3000);
    expect(of("requests_waiting")).toMatchObject({ max: 30, moments: 12 });
    expect(of("requests_waiting")?.mean).toBeGreaterThan(5);
    // Of 10 requests a minute 9 take at most 4 s.
    expect(of("first_token_seconds")).toMatchObject({ p95: { value: 4 }, mean: 2 });
    expect(of("replicas_ready")?.mean).toBe(2);
    expect(groups.find((each) => each.group["x_ModelId"] === "bert")).toBeDefined();
  });

  test("an hour's sums are those of its points, by any column", async () => {
    const whole = await ask("--by", "workload", "--from", time(0), "--to", time(12));
    const parts = await ask("--by", "workload", "--from", time(0), "--to", time(11));
    const rest = await ask("--by", "workload", "--from", time(11), "--to", time(12));
    const total = (groups: Answer["groups"], signal: string): number =>
      groups.filter((each) => each.signal === signal).reduce((sum, each) => sum + (each.total ?? 0), 0);
    for (const signal of ["input_tokens", "first_token_seconds", "requests_finished"])
      expect(total(whole, signal)).toBeCloseTo(total(parts, signal) + total(rest, signal), 6);
    const hours = await ask("--by", "workload", "--granularity", "hour");
    expect(total(hours, "input_tokens")).toBeCloseTo(total(whole, "input_tokens"), 6);
  });

  test("people see it, and how much of the time nothing is known of; the doctor proves the sums", async () => {
    const day = time(0).slice(0, 10);
    const { stdout } = await run(day, "--signal", "requests_waiting,gpu_active", "--by", "workload,node");
    expect(stdout).toMatch(/Workload +Node +Signal +Unit +Mean +Max/);
    expect(stdout).toMatch(/chat +n1 +gpu_active +ratio +0\.4 +0\.4/);
    expect(stdout).toMatch(/At most 4 % of the time asked for has samples; the rest is unknown, not zero/);
    expect((await plimsoll(["doctor", "--data", own.data])).stdout).toMatch(/Sound signals: \d+ in 1 day/);
  });

  test.each([
    [["--signal", "gpu_activ"], /There is no signal "gpu_activ"\. Did you mean gpu_active/],
    [["--by", "wrkload"], /Signals have no column "wrkload"\. Did you mean workload/],
    [["--where", "Node=~x"], /not filtered by regular expressions/],
    [["collect", "--prometheus", "nowhere"], /"nowhere" is not the address of a server/],
    [["collect", "--prometheus", "http://127.0.0.1:1", "--period", "yesterday"], /127\.0\.0\.1:1/],
    [["collect", "--prometheus", "http://x", "--period", "2099-01"], /no whole five minutes that are over/],
  ])("one clear answer: %s", async (args, message) => {
    const { exit, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect(exit).toBeGreaterThan(0);
  });
});

describe("files of signals", () => {
  let own: OwnFolder;
  beforeAll(async () => {
    own = await ownFolder();
  });
  afterAll(() => own.remove());
  const bring = async (name: string, text: string): ReturnType<typeof plimsoll> =>
    plimsoll(["signals", "import", await own.write(name, text), "--source", "lab", "--data", own.data]);

  test("come in once, as CSV and as JSON lines", async () => {
    const csv = `time,signal,value,count,max,lower,upper,controller,model
2026-07-14T09:00:00Z,requests_waiting,4,2,3,,,chat,llama
2026-07-14T09:05:00Z,requests_waiting,8,2,6,,,chat,llama
2026-07-14T09:00:00Z,request_seconds,30,20,,,,chat,llama
2026-07-14T09:00:00Z,request_seconds,0,15,,0,1,chat,llama
2026-07-14T09:00:00Z,request_seconds,0,5,,1,Inf,chat,llama
`;
    expect((await bring("a.csv", csv)).stdout).toContain("Imported 5 points of 1 file.");
    expect((await bring("a.csv", csv)).stdout).toContain("Nothing changed: all of 5 points had come before.");
    const line = { time: "2026-07-14T09:10:00Z", signal: "input_tokens", value: 1200.5, controller: "chat" };
    expect((await bring("b.jsonl", `${JSON.stringify(line)}\n`)).stdout).toContain("Imported 1 point");
    const { stdout } = await plimsoll(["signals", "2026-07-14", "--csv", "--data", own.data]);
    expect(stdout).toBe(`Controller,Signal,Kind,Unit,Mean,Max,Total,p50,p95,p99,Moments
chat,input_tokens,counter,tokens,,,1200.5,,,,1
chat,request_seconds,histogram,seconds,1.5,,20,0.6666666666666666,1,1,1
chat,requests_waiting,gauge,requests,6,6,,,,,2
`);
  });

  test.each([
    [
      "time,signal,value\n2026-07-14T09:01:00Z,requests_waiting,1\n",
      /row 2, column time: .* is not the start of five minutes/,
    ],
    [
      "time,signal,value\n2026-07-14T09:00:00Z,request_waiting,1\n",
      /is no signal\. Did you mean requests_waiting/,
    ],
    ["time,signal,value\n2026-07-14T09:00:00Z,requests_waiting,many\n", /column value: "many" is no number/],
    ["time,signal,value\n2026-07-14T09:00:00Z,requests_waiting,\n", /column value: is missing/],
    ["time,signal,value\n2026-07-14T09:00:00Z,input_tokens,-4\n", /column value: .*is below zero/],
    [
      "time,signal,value\n2026-07-14T09:00:00Z,input_tokens,1e300\n",
      /column value: .*is no number below 1e18/,
    ],
    ["time,signal,value\n2026-07-14T09:00:00Z,gpu_active,87\n", /column value: .*gpu_active is a ratio/],
    ["time,signal,value,upper\n2026-07-14T09:00:00Z,request_seconds,1,4\n", /are the two bounds of a bucket/],
    [
      "time,signal,value,lower,upper\n2026-07-14T09:00:00Z,gpu_active,1,0,4\n",
      /is not for gpu_active, a gauge/,
    ],
    [
      "time,signal,value,controler\n2026-07-14T09:00:00Z,gpu_active,1,x\n",
      /controler: is no column of signals\. Did you mean controller/,
    ],
    ["", /is empty/],
  ])("are refused whole with one clear answer: %s", async (text, message) => {
    const { exit, stderr } = await bring("bad.csv", text);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
