import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { charge, type Cells, unused, used } from "../division/rows.ts";

/** The node's hour: 4.00 on the bill. `chat` holds its GPU and some of its processor, `other` a little, the rest is nobody's. */
const component = (name: string, more: Cells = {}): Cells => ({ Component: name, ...more });
const target: Cells = {
  AllocatedResourceId: "prod/ml/Deployment/chat",
  AllocatedResourceName: "chat",
  AllocatedTags: `{"team":"assistant"}`,
};
const allocation = [
  used(0, "chat", "1.5", { ...target, ...component("gpu") }),
  used(0, "chat", "0.5", { ...target, ...component("gpu", { x_IdleKind: "warm-idle" }) }),
  used(0, "chat", "0.5", { ...target, ...component("cpu") }),
  used(0, "other", "0.5", component("cpu")),
  unused(0, "1", component("cpu")),
];
const at = "2026-07-01T00:00:00Z";
const signals = `time,signal,value,count,cluster,namespace,kind,controller,model
${at},input_tokens,12000000,1,prod,ml,Deployment,chat,llama
${at},output_tokens,3000000,1,prod,ml,Deployment,chat,llama
${at},prefix_tokens_hit,800000,1,prod,ml,Deployment,chat,llama
${at},prefill_seconds,600,9000,prod,ml,Deployment,chat,llama
${at},decode_seconds,600,9000,prod,ml,Deployment,chat,llama
${at},requests_finished,9000,1,prod,ml,Deployment,chat,llama
${at},requests_failed,1000,1,prod,ml,Deployment,chat,llama
${at},gpu_active,0.25,1,prod,ml,Deployment,chat,
${at},input_tokens,5,1,prod,ml,Deployment,nowhere,lost
`;
const call = (id: string, more: object): object => ({ id, start: at, ...more });
const own = (id: string, team: string, input: number, output: number): object =>
  call(id, {
    provider: "vllm",
    responseModel: "llama",
    status: "ok",
    tokens: { input, output },
    attributes: { team },
  });
const calls = [
  own("1", "support", 2_000_000, 500_000),
  own("2", "sales", 1_000_000, 0),
  call("3", {
    provider: "openai",
    responseModel: "gpt-4o-mini",
    status: "ok",
    tokens: { input: 1_000_000, output: 500_000, cacheRead: 400_000 },
  }),
  // Whose answer told no usage.
  call("4", { provider: "openai", responseModel: "gpt-4o", status: "ok", tokens: undefined }),
];

interface Answer {
  readonly selfHosted: readonly Record<string, unknown>[];
  readonly apis: readonly Record<string, unknown>[];
}

describe("what a million tokens cost", () => {
  let world: OwnFolder;
  const models = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll(["models", "2026-07-01", ...args, "--data", world.data]);
  const json = async (...args: readonly string[]): Promise<Answer> =>
    JSON.parse((await models("--json", ...args)).stdout) as Answer;
  beforeAll(async () => {
    world = await ownFolder();
    const { data } = world;
    await bring(data, await world.write("k8s.csv", csv(allocation)), { source: "k8s", role: "allocation" });
    await plimsoll(["signals", "import", await world.write("s.csv", signals), "--data", data]);
    const lines = calls.map((each) => `${JSON.stringify(each)}\n`).join("");
    await plimsoll(["calls", "import", await world.write("c.jsonl", lines), "--data", data]);
  });
  afterAll(() => world.remove());

  test("is the allocation's while no bill is divided by it", async () => {
    const { selfHosted } = await json();
    expect(selfHosted[0]).toMatchObject({ model: "llama", costFrom: "allocation", currency: "USD" });
  });

  test("is the bill's once it is divided: on allocation basis with idle machines, on usage basis without", async () => {
    await bring(world.data, await world.write("bill.csv", csv([charge(0, "8")])));
    const { selfHosted, apis } = await json();
    // Of 8, chat holds 5 (4 of them a GPU) and bears 5 of 6 parts of the 2 that nobody holds.
    expect(selfHosted).toMatchObject([
      {
        model: "llama",
        workload: "prod/ml/Deployment/chat",
        requests: 9000,
        failed: 1000,
        costFrom: "bill",
        allocation: { cost: "6.666666666666666667", perMillionTokens: "0.444444444444444444" },
        // A quarter of the GPU's 4, and the processor's 1.
        usage: { cost: "2", perMillionTokens: "0.133333333333333333" },
        utilisation: "0.3",
        split: "compute-time",
        cacheHits: "0.066666666666666667",
      },
      // Nothing says what it cost.
      { model: "lost", allocation: null, usage: null, currency: null },
    ]);
    expect(apis).toMatchObject([
      {
        model: "gpt-4o",
        inputTokens: null,
        outputTokens: null,
        cost: null,
        perMillionTokens: null,
        unpriced: 1,
      },
      // 600,000 × 0.15, 400,000 × 0.075 and 500,000 × 0.60 a million.
      { model: "gpt-4o-mini", provider: "openai", cost: "0.42", perMillionTokens: "0.28", unpriced: 0 },
    ]);
  });

  test("is held against an API at the same mix of tokens", async () => {
    const { selfHosted } = await json("--against", "gpt-4o-mini@openai");
    // Of a request of 1,120 fresh, 80 cached and 300 output tokens.
    expect(selfHosted[0]?.["against"]).toMatchObject({
      perMillionTokens: "0.236",
      breakEvenUtilisation: expect.stringMatching(/^0\.56497175/) as string,
    });
  });

  test("is divided among who called, to the last unit", async () => {
    const { selfHosted } = await json("--by", "team");
    const {
      users,
      unmetered,
      allocation: held,
    } = selfHosted[0] as {
      readonly users: readonly { readonly name: string; readonly cost: string }[];
      readonly unmetered: string;
      readonly allocation: { readonly cost: string };
    };
    expect(users.map(({ name }) => name)).toEqual(["sales", "support"]);
    const units = (text: string): bigint => BigInt(text.replace(".", "").padEnd(19, "0"));
    expect([...users.map(({ cost }) => cost), unmetered].map(units).reduce((sum, each) => sum + each)).toBe(
      units(held.cost),
    );
  });

  test("is one table for people, with what is not known", async () => {
    const { stdout } = await models("--against", "gpt-4o-mini@openai", "--by", "team");
    expect(stdout).toMatch(/llama +prod\/ml\/Deployment\/chat/);
    expect(stdout).toContain("gpt-4o-mini");
    expect(stdout).toMatch(/56\.5%/);
    expect(stdout).toContain("Who used llama of prod/ml/Deployment/chat");
    expect(stdout).toContain("Cost of 1 line unknown: no allocation names the workload");
    const rows = (await models("--csv", "--by", "team")).stdout;
    expect(rows).toMatch(/prod\/ml\/Deployment\/chat,llama,,,\(not metered\),/);
  });

  test("an API model that nobody knows is named", async () => {
    const { exit, stderr } = await models("--against", "gpt-4o-minni@openai");
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/gpt-4o-minni/)]);
  });
});

test("a lake without signals and calls says what is needed", async () => {
  const world = await ownFolder();
  try {
    const { exit, stderr } = await plimsoll(["models", "--data", world.data]);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/neither signals of servers nor calls/)]);
  } finally {
    await world.remove();
  }
});
