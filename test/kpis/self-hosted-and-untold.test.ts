import { afterAll, beforeAll, expect, test } from "vitest";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";

const call = (id: string, day: string, provider: string, input: number): string =>
  JSON.stringify({
    id,
    start: `${day}T00:00:00Z`,
    provider,
    responseModel: provider === "vllm" ? "llama" : "gpt-4o-mini",
    status: "ok",
    tokens: { input, output: 0 },
    attributes: { team: "search", workload: "chat" },
  });
const calls = [
  call("1", "2026-06-10", "openai", 1_000_000),
  call("2", "2026-06-10", "vllm", 1_000_000),
  call("3", "2026-07-10", "openai", 1_000_000),
  call("4", "2026-07-10", "openai", 1_000_000),
  call("5", "2026-07-10", "vllm", 1_000_000),
  call("6", "2026-07-10", "vllm", 1_000_000),
];
const bill = {
  BilledCost: "12",
  EffectiveCost: "12",
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: "2026-07-01T00:00:00Z",
  ChargePeriodEnd: "2026-07-02T00:00:00Z",
  ChargeCategory: "Usage",
  ServiceName: "Compute",
  ServiceCategory: "Compute",
  Tags: JSON.stringify({ workload: "chat" }),
};
const outcomes = `id,time,kind,success,workload
a,2026-07-10,resolved-ticket,yes,chat
b,2026-07-10,resolved-ticket,,chat
c,2026-07-10,resolved-ticket,,chat
`;

let own: OwnFolder;
const run = async (...args: readonly string[]): Promise<string> =>
  (await plimsoll([...args, "--data", own.data])).stdout;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", csv([bill])));
  await run("calls", "import", await own.write("c.jsonl", `${calls.join("\n")}\n`));
  await run("outcomes", "import", await own.write("o.csv", outcomes));
});
afterAll(() => own.remove());

test("a team that also calls models of its own has a bridge of what it pays for", async () => {
  const text = await run("bridge", "2026-07", "--of", "calls", "--by", "team");
  expect(text).toContain("cost rose by 0.15 (+100.0%), from 0.15 to 0.30: +0.15 by use");
  expect(text).not.toContain("unknown");
});

test("calls to its own models are in no unit cost of what it pays for", async () => {
  const rows = await run("kpis", "2026-07", "--only", "chat", "--csv");
  expect(rows).toMatch(/^chat,calls,4,/m);
  expect(rows).toMatch(/^chat,cost of calls,0\.3,/m);
  expect(rows).toMatch(/^chat,"cost per 1,000 calls",150,/m);
  // Whose the tokens are is not known here.
  expect(rows).toMatch(/^chat,cost per million tokens,,/m);
});

test("of outcomes that nobody says of how they went, one success says nothing", async () => {
  const rows = await run("kpis", "2026-07", "--only", "chat", "--csv");
  expect(rows).toMatch(/^chat,resolved-ticket that went well,,/m);
  expect(rows).toMatch(/^chat,cost per resolved-ticket,4,/m);
  const config = await own.write(
    "plimsoll.yaml",
    "unitCosts:\n  - id: t\n    per: { outcome: resolved-ticket }\n",
  );
  const told = await run("unit-cost", "2026-07", "--config", config, "--csv");
  expect(told).toMatch(/^t,,USD,12,3,resolved-ticket,1,4,known,,,,,$/m);
});

test("where there is nothing, nothing is said to have stayed the same", async () => {
  expect(await run("digest", "2030-01")).toContain("There is nothing of either time in the lake");
  expect(await run("kpis", "2030-01", "--compare", "previous")).toContain("There is nothing of either time");
});
