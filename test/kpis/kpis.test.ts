import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";

const charge = (month: number, workload: string, category: string, cost: string): Record<string, string> => ({
  BilledCost: cost,
  EffectiveCost: cost,
  BillingCurrency: "USD",
  BillingPeriodStart: `2026-0${month}-01T00:00:00Z`,
  BillingPeriodEnd: `2026-0${month + 1}-01T00:00:00Z`,
  ChargePeriodStart: `2026-0${month}-01T00:00:00Z`,
  ChargePeriodEnd: `2026-0${month}-02T00:00:00Z`,
  ChargeCategory: "Usage",
  ServiceName: category,
  ServiceCategory: category,
  Tags: workload === "" ? "" : JSON.stringify({ workload }),
});
const bill = [
  charge(6, "chat", "Compute", "100"),
  charge(6, "chat", "Storage", "20"),
  charge(6, "old", "Compute", "7"),
  charge(7, "chat", "Compute", "160"),
  charge(7, "chat", "Storage", "20"),
  charge(7, "", "Networking", "5"),
  charge(7, "<b>|evil|", "Compute", "1"),
];
const inFrancs = [
  { ...charge(6, "chat", "Compute", "3"), BillingCurrency: "CHF" },
  { ...charge(7, "chat", "Compute", "4"), BillingCurrency: "CHF" },
];
const call = (month: number, index: number, more: object): string =>
  JSON.stringify({
    id: `${month}-${index}`,
    start: `2026-0${month}-10T00:00:00Z`,
    provider: "openai",
    responseModel: "gpt-4o-mini",
    status: "ok",
    durationSeconds: 1,
    tokens: { input: 1_000_000, output: 0, cacheRead: 0 },
    attributes: { workload: "chat" },
    ...more,
  });
const calls = [
  ...Array.from({ length: 4 }, (_, index) => call(6, index, {})),
  ...Array.from({ length: 4 }, (_, index) =>
    call(7, index, { durationSeconds: 3, tokens: { input: 2_000_000, output: 0 } }),
  ),
  call(7, 9, { status: "error" }),
];
const signals = `time,signal,value,count,max,controller,model
2026-06-10T00:00:00Z,gpu_active,0.6,1,,chat,
2026-07-10T00:00:00Z,gpu_active,0.3,1,,chat,
2026-07-10T00:00:00Z,requests_waiting,12,2,9,chat,llama
2026-07-10T00:00:00Z,storage_operations,900,1,,chat,
2026-07-10T00:05:00Z,storage_operations,300,1,,chat,
2026-07-10T00:00:00Z,jobs_succeeded,3,1,,chat,
2026-07-10T00:00:00Z,jobs_failed,1,1,,chat,
`;
const outcomes = `id,time,kind,success,workload
a,2026-06-10,resolved-ticket,yes,chat
b,2026-06-11,resolved-ticket,yes,chat
c,2026-07-10,resolved-ticket,yes,chat
d,2026-07-11,resolved-ticket,no,chat
`;

describe("KPIs of workloads", () => {
  let own: OwnFolder;
  const run = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll([...args, "--data", own.data]);
  beforeAll(async () => {
    own = await ownFolder();
    await bring(own.data, await own.write("bill.csv", csv(bill)));
    await run("calls", "import", await own.write("c.jsonl", `${calls.join("\n")}\n`));
    await run("signals", "import", await own.write("s.csv", signals));
    await run("outcomes", "import", await own.write("o.csv", outcomes));
  });
  afterAll(() => own.remove());

  test("join dollars with calls, tokens, latency, GPUs, queue and outcomes, exactly", async () => {
    const { rows } = JSON.parse((await run("kpis", "2026-07", "--json")).stdout) as {
      rows: {
        key: string | null;
        kpis: { kpi: string; value: string | null; unit: string; better: string }[];
      }[];
    };
    expect(rows.map(({ key }) => key)).toEqual(["chat", null, "<b>|evil|"]);
    const of = Object.fromEntries((rows[0]?.kpis ?? []).map(({ kpi, value }) => [kpi, value]));
    expect(of).toMatchObject({
      cost: "180",
      "cost of compute": "160",
      "cost of storage": "20",
      calls: "5",
      "failed calls": "0.2",
      "input tokens": "9000000",
      "cost of calls": "1.35",
      "cost per 1,000 calls": "270",
      "cost per million tokens": "0.15",
      "GPU busy": "0.3",
      "requests in the queue": "12",
      // 1,200 in the ten minutes that were seen.
      "disk operations": "1200",
      IOPS: "2",
      "batch completion": "0.75",
      "resolved-ticket": "2",
      "resolved-ticket that went well": "0.5",
      "cost per resolved-ticket": "180",
    });
    expect(Number(of["call p95"])).toBeGreaterThan(2.8);
  });

  test("tell which moved, the largest effect on cost first", async () => {
    const { stdout } = await run("kpis", "2026-07", "--compare", "2026-06", "--only", "chat", "--csv");
    const lines = stdout.split("\n");
    expect(lines[1]).toMatch(/^chat,cost per resolved-ticket,60,180,120,worse,120/);
    expect(stdout).toMatch(/^chat,GPU busy,0\.6,0\.3,-0\.3,worse/m);
    expect(stdout).toMatch(/^chat,requests in the queue,,12,,new/m);
    expect(stdout).toMatch(/^chat,cost of storage,20,20,0,same/m);
    const text = (await run("kpis", "2026-07", "--compare", "previous")).stdout;
    expect(text).toMatch(/old +cost +7\.00 USD +gone +-7\.00/);
    expect(text).not.toContain("cost of storage");
  });

  test("are one row each for people, and everything of one", async () => {
    const { stdout } = await run("kpis", "2026-07");
    expect(stdout).toMatch(/workload +Cost +Metered +Requests +Failed +Input tokens/);
    expect(stdout).toMatch(/chat +180\.00 USD +1\.35 USD +5 +20\.0% +9,000,000/);
    expect((await run("kpis", "2026-07", "--only", "chat")).stdout).toMatch(/call p99 +\d\.\d+ s/);
    const { exit, stderr } = await run("kpis", "2026-07", "--only", "chta");
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/There is no row chta/)]);
  });

  test("make a digest that says what moved and why, with names as text", async () => {
    const { stdout } = await run("digest", "2026-07");
    expect(stdout).toContain("All of it cost 186.00 USD, +59.00 (+46.5%).");
    expect(stdout).toMatch(/## chat\n\nCost 120\.00 to 180\.00 USD, \+60\.00 \(\+50\.0%\)\./);
    // More tokens per call: dearer work, although a call more was made.
    expect(stdout).toMatch(
      /Its calls: 0\.60 to 1\.35 USD, \+0\.75 .*work became dearer|Its calls: 0\.60 to 1\.35.*both moved/,
    );
    expect(stdout).toMatch(/\| GPU busy \| 60\.0% \| 30\.0% \| -50\.0% \| worse \|/);
    expect(stdout).toContain(String.raw`## \<b\>\|evil\|`);
    const page = `${own.folder}/digest.html`;
    expect((await run("digest", "2026-07", "--html", page)).stdout).toContain("Wrote");
    const html = await readFile(page, "utf8");
    expect(html).toContain("&lt;b&gt;|evil|");
    expect(html).not.toMatch(/<script|<b>\|evil/);
    expect((await run("digest", "2026-07", "--html", `${own.data}/lake/CURRENT`, "--force")).exit).toBe(2);
  });

  test("of several currencies are told once in each, and never as each other's", async () => {
    const two = await ownFolder();
    await bring(two.data, await two.write("bill.csv", csv([...bill, ...inFrancs])));
    await plimsoll(["outcomes", "import", await two.write("o.csv", outcomes), "--data", two.data]);
    const ask = async (...args: readonly string[]): Promise<string> =>
      (await plimsoll([...args, "--data", two.data])).stdout;
    expect(await ask("kpis", "2026-07")).toMatch(/chat +180\.00 USD, 4\.00 CHF/);
    const changes = await ask("kpis", "2026-07", "--compare", "previous", "--only", "chat", "--csv");
    expect(changes.match(/^chat,cost,.*$/gm)).toEqual([
      expect.stringMatching(/^chat,cost,3,4,1,moved,1,cost,CHF/),
      expect.stringMatching(/^chat,cost,120,180,60,moved,60,cost,USD/),
    ]);
    const told = await ask("digest", "2026-07");
    // What a ticket cost is none of the costs.
    expect(told.match(/^Cost .*$/gm)?.slice(0, 2)).toEqual([
      "Cost 3.00 to 4.00 CHF, +1.00 (+33.3%).  ",
      "Cost 120.00 to 180.00 USD, +60.00 (+50.0%).  ",
    ]);
    expect(told).toMatch(/\| cost per resolved-ticket \| 60\.00 USD \| 180\.00 USD \|/);
    expect(told).toContain("Of it compute +1.00 CHF, compute +60.00 USD.");
    await two.remove();
  });

  test("a digest takes the place of no statement, and a name that looks like a pattern is a name", async () => {
    const page = `${own.folder}/statement.html`;
    expect((await run("statement", "2026-07", "--html", page)).exit).toBe(0);
    const refused = await run("digest", "2026-07", "--html", page);
    expect([refused.exit, refused.stderr]).toEqual([2, expect.stringMatching(/is no digest of ours/)]);
    const other = await ownFolder();
    const odd = call(7, 1, { attributes: { team: "~^.*|x", workload: "w" } });
    await plimsoll(["calls", "import", await other.write("c.jsonl", odd), "--data", other.data]);
    const told = await plimsoll(["digest", "2026-07", "--by", "team", "--data", other.data]);
    expect([told.exit, told.stdout]).toEqual([0, expect.stringContaining("all of it is new")]);
    await other.remove();
  });

  test("say so where there is nothing", async () => {
    expect((await run("kpis", "2026-05")).stdout).toContain("There is nothing in this time.");
    const empty = await plimsoll(["kpis", "2026-07", "--data", `${own.folder}/nothing`]);
    expect([empty.exit, empty.stderr]).toEqual([2, expect.stringMatching(/lake-empty/)]);
  });
});
