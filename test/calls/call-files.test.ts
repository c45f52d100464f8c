import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import { type CallFile, readCallFile } from "#ingest/calls/read-call-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-calls-"));
});
afterAll(() => rm(folder, { recursive: true }));

const now = Date.UTC(2026, 6, 2);
const hashKey = Buffer.from("a key of sixteen");
let files = 0;

async function read(
  content: string | Buffer,
  options: { hashKey?: Buffer } = {},
): Promise<CallFile & { all: Call[] }> {
  const file = path.join(folder, `calls-${files++}`);
  await writeFile(file, content);
  const all: Call[] = [];
  const summary = await readCallFile(
    file,
    { source: "gateway", now, ...options },
    (calls) => void all.push(...calls),
  );
  return { ...summary, all };
}

const csv = (rows: readonly Readonly<Record<string, unknown>>[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string => `"${String(value ?? "").replaceAll('"', '""')}"`;
  return [columns.join(","), ...rows.map((row) => columns.map((name) => cell(row[name])).join(","))].join(
    "\n",
  );
};
const jsonLines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join("\n");

const SECRET = "where is the blue umbrella";
const spendLog = {
  request_id: "chatcmpl-1",
  call_type: "acompletion",
  api_key: "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
  spend: 0.0123,
  total_tokens: 1100,
  prompt_tokens: 1000,
  completion_tokens: 100,
  startTime: "2026-07-01 12:00:00.25",
  endTime: "2026-07-01 12:00:02.250001",
  completionStartTime: "2026-07-01 12:00:01",
  model: "azure/gpt-5-mini",
  model_group: "smart",
  custom_llm_provider: "azure",
  api_base: "https://example.openai.azure.com",
  user: "user-1",
  team_id: "team-search",
  end_user: "customer-7",
  session_id: "session-1",
  status: "success",
  cache_hit: "False",
  request_tags: JSON.stringify(["job:nightly", "env:prod"]),
  messages: JSON.stringify([{ role: "user", content: SECRET }]),
  response: JSON.stringify({ content: SECRET }),
  proxy_server_request: JSON.stringify({ body: SECRET }),
  metadata: JSON.stringify({
    user_api_key_team_alias: "Search",
    attempted_retries: 1,
    requester_metadata: { workload: "chat-api", prompt: SECRET },
    usage_object: {
      prompt_tokens: 1000,
      completion_tokens: 100,
      total_tokens: 1100,
      prompt_tokens_details: { cached_tokens: 600 },
      completion_tokens_details: { reasoning_tokens: 30 },
      server_tool_use: { web_search_requests: 2 },
    },
  }),
};
const spendCall: Call = {
  source: "gateway",
  id: "chatcmpl-1",
  start: Date.UTC(2026, 6, 1, 12, 0, 0, 250),
  duration: 2_000_001,
  firstToken: 750_000,
  provider: "azure.ai.openai",
  operation: "chat",
  requestModel: "smart",
  responseModel: "gpt-5-mini",
  region: null,
  tier: null,
  status: "ok",
  error: null,
  retry: true,
  tokens: {
    uncachedInput: 400,
    cacheRead: 600,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    visibleOutput: 70,
    reasoningOutput: 30,
    audioInput: 0,
    imageInput: 0,
    videoInput: 0,
    audioOutput: 0,
  },
  tokensFault: null,
  requests: { web_search: 2 },
  statedCost: "0.0123",
  statedCurrency: "USD",
  traceId: null,
  conversation: "session-1",
  step: null,
  customer: "customer-7",
  promptHash: null,
  attributes: {
    api_key: spendLog.api_key,
    team_id: "team-search",
    user: "user-1",
    user_api_key_team_alias: "Search",
    request_tags: '["job:nightly","env:prod"]',
    workload: "chat-api",
  },
};

describe("LiteLLM's SpendLogs", () => {
  test.each([
    ["CSV", csv([spendLog])],
    ["JSON lines", jsonLines([{ ...spendLog, metadata: JSON.parse(spendLog.metadata) as object }])],
    ["gzipped CSV with a byte order mark", gzipSync(`\uFEFF${csv([spendLog])}`)],
    ["a JSON list", JSON.stringify([spendLog], null, 2)],
  ])("as %s", async (_, content) => {
    const { all, ...summary } = await read(content);
    expect(summary).toEqual({
      format: "litellm",
      rows: 1,
      calls: 1,
      passedOver: 0,
      rejected: {},
      faults: [],
      leftOut: 1,
    });
    expect(all).toEqual([spendCall]);
  });

  test("a cost keeps every digit that was written", async () => {
    const line = JSON.stringify(spendLog).replace('"spend":0.0123', '"spend":0.000123456789012345678');
    expect((await read(line)).all[0]?.statedCost).toBe("0.000123456789012346");
    expect((await read(csv([{ ...spendLog, spend: "1.5e-7" }]))).all[0]?.statedCost).toBe("0.00000015");
  });

  test("no prompt is kept; asked for, its keyed hash is", async () => {
    const [plain, hashed] = [await read(csv([spendLog])), await read(csv([spendLog]), { hashKey })];
    expect(JSON.stringify([plain, hashed])).not.toContain("umbrella");
    expect(hashed.all[0]?.promptHash).toMatch(/^[0-9a-f]{64}$/);
    const empty = await read(csv([{ ...spendLog, messages: "{}" }]), { hashKey });
    expect(empty.all[0]?.promptHash).toBeNull();
  });

  test("what LiteLLM answered from its own cache used no tokens of a provider", async () => {
    const { all } = await read(csv([{ ...spendLog, cache_hit: "True", spend: "0" }]));
    expect(all[0]).toMatchObject({
      tokens: { uncachedInput: 0, cacheRead: 0, visibleOutput: 0 },
      statedCost: "0",
      attributes: { cache_hit: "true" },
    });
  });

  test("failures, tools and rows that can't be read", async () => {
    const failed = {
      ...spendLog,
      request_id: "2",
      status: "failure",
      metadata: JSON.stringify({
        error_information: { error_class: "RateLimitError", error_message: SECRET },
      }),
    };
    const rows = [
      failed,
      { ...spendLog, call_type: "call_mcp_tool" },
      { ...spendLog, request_id: "" },
      { ...spendLog, startTime: "yesterday" },
      { ...spendLog, startTime: "2026-02-30 00:00:00" },
      { ...spendLog, startTime: "2031-07-01 00:00:00" },
      { ...spendLog, startTime: "" },
      { ...spendLog, endTime: "2026-07-01 11:00:00" },
      { ...spendLog, prompt_tokens: "-5", total_tokens: "95" },
    ];
    const { all, ...summary } = await read(csv(rows));
    expect(summary).toMatchObject({
      rows: 9,
      calls: 2,
      passedOver: 1,
      rejected: {
        "id-missing": 1,
        "field-invalid": 2,
        "time-implausible": 1,
        "time-missing": 1,
        "ends-before-start": 1,
      },
    });
    expect(summary.faults.map(({ line, field }) => [line, field])).toEqual([
      [4, "request_id"],
      [5, "startTime"],
      [6, "startTime"],
      [7, "startTime"],
      [8, "startTime"],
      [9, "endTime"],
    ]);
    expect(all[0]).toMatchObject({ status: "error", error: "RateLimitError" });
    expect(all[1]).toMatchObject({ tokens: null, tokensFault: 'not-a-count: prompt_tokens "-5"' });
    expect(JSON.stringify(summary)).not.toContain("umbrella");
  });
});

const observation = {
  id: "obs-1",
  trace_id: "trace-1",
  type: "GENERATION",
  name: "answer",
  start_time: "2026-07-01 12:00:00.100000",
  end_time: "2026-07-01 12:00:01.100000",
  completion_start_time: "2026-07-01 12:00:00.400000",
  provided_model_name: "gpt-5-mini",
  level: "DEFAULT",
  user_id: "customer-7",
  session_id: "session-1",
  prompt_name: "answer-v2",
  environment: "production",
  tags: ["search"],
  input: SECRET,
  output: SECRET,
  metadata: { ls_provider: "openai", team: "search", question: SECRET },
  usage_details: {
    input: 400,
    input_cached_tokens: 600,
    output: 70,
    output_reasoning_tokens: 30,
    total: 1100,
    web_search_queries: 2,
  },
  cost_details: { input: 0.01, total: 0.0123 },
  total_cost: 0.0123,
};

describe("Langfuse's observations", () => {
  const camel = {
    id: "obs-1",
    traceId: "trace-1",
    type: "GENERATION",
    startTime: "2026-07-01T12:00:00.100Z",
    endTime: "2026-07-01T12:00:01.100Z",
    completionStartTime: "2026-07-01T12:00:00.400Z",
    model: "gpt-5-mini",
    usageDetails: observation.usage_details,
    costDetails: observation.cost_details,
    input: SECRET,
  };
  const cells = Object.fromEntries(
    Object.entries(observation).map(([name, value]) => [
      name,
      typeof value === "object" ? JSON.stringify(value) : value,
    ]),
  );

  test.each([
    ["JSON lines", jsonLines([observation])],
    ["CSV", csv([cells])],
    ["the API's JSON", JSON.stringify({ data: [camel], meta: { page: 1 } })],
  ])("as %s", async (_, content) => {
    const { format, all } = await read(content);
    expect(format).toBe("langfuse");
    expect(all).toMatchObject([
      {
        id: "obs-1",
        start: Date.UTC(2026, 6, 1, 12, 0, 0, 100),
        duration: 1_000_000,
        firstToken: 300_000,
        requestModel: "gpt-5-mini",
        traceId: "trace-1",
        tokens: { uncachedInput: 400, cacheRead: 600, visibleOutput: 70, reasoningOutput: 30 },
        requests: { web_search_queries: 2 },
        statedCost: "0.0123",
      },
    ]);
    expect(JSON.stringify(all)).not.toContain("umbrella");
  });

  test("what is told beside the counts", async () => {
    expect((await read(jsonLines([observation]))).all[0]).toMatchObject({
      provider: "openai",
      status: "ok",
      customer: "customer-7",
      conversation: "session-1",
      step: "answer-v2",
      attributes: { environment: "production", tags: '["search"]', team: "search", name: "answer" },
    });
  });

  test("counts that include the cached ones are told by their total", async () => {
    const usage_details = { input: 17_903, input_cached_tokens: 17_817, output: 0, total: 17_903 };
    const [call] = (await read(jsonLines([{ ...observation, usage_details }]))).all;
    expect(call?.tokens).toMatchObject({ uncachedInput: 86, cacheRead: 17_817 });
  });

  test("steps around calls are passed over, and rows before there were usage details are read", async () => {
    const old = {
      id: "obs-2",
      type: "GENERATION",
      startTime: "2026-07-01T12:00:00Z",
      promptTokens: 10,
      completionTokens: 5,
      totalTokens: 15,
    };
    const rows = ["SPAN", "AGENT", "TOOL", "CHAIN", "EVENT"].map((type) => ({ ...old, type }));
    const { all, passedOver } = await read(
      jsonLines([...rows, old, { ...old, promptTokens: 0, completionTokens: 0, totalTokens: 0 }]),
    );
    expect(passedOver).toBe(5);
    expect(all.map(({ tokens }) => tokens?.uncachedInput ?? null)).toEqual([10, null]);
  });
});

describe("a batch of our own", () => {
  const call = {
    id: "call-1",
    start: "2026-07-01T14:00:00.000001+02:00",
    durationSeconds: 1.5,
    provider: "anthropic",
    requestModel: "claude-sonnet-4-5",
    tokens: { input: 1000, cacheRead: 600, cacheWrite1h: 100, output: 50 },
    cost: 0.0123,
    currency: "EUR",
    attributes: { team: "search" },
  };

  test("is read", async () => {
    const { format, all } = await read(jsonLines([call]));
    expect(format).toBe("batch");
    expect(all[0]).toMatchObject({
      id: "call-1",
      start: Date.UTC(2026, 6, 1, 12),
      duration: 1_500_000,
      operation: "chat",
      status: "unknown",
      tokens: { uncachedInput: 300, cacheRead: 600, cacheWrite1h: 100, visibleOutput: 50 },
      statedCost: "0.0123",
      statedCurrency: "EUR",
      attributes: { team: "search" },
    });
  });

  test("takes a provider's own usage, by the rule of who counted it", async () => {
    const { tokens: _, ...rest } = call;
    const usage = {
      input_tokens: 3,
      cache_creation_input_tokens: 12_304,
      cache_read_input_tokens: 0,
      output_tokens: 550,
    };
    const { all } = await read(JSON.stringify({ calls: [{ ...rest, usage, countedBy: "anthropic" }] }));
    expect(all[0]?.tokens).toMatchObject({ uncachedInput: 3, cacheWrite5m: 12_304, visibleOutput: 550 });
  });

  test("faults name the row and the member, and nothing that stands there", async () => {
    const rows = [
      call,
      { ...call, tokens: { input: -1 } },
      { ...call, tokens: { inptu: 1 } },
      { ...call, prompt: SECRET },
      { ...call, start: "2026-07-01T14:00:00" },
      { ...call, currency: undefined },
      { ...call, status: SECRET },
      { ...call, usage: {} },
      { ...call, start: "1999-01-01T00:00:00Z" },
    ];
    const { faults, calls } = await read(`${jsonLines(rows)}\nno JSON at all\n`);
    expect(calls).toBe(1);
    expect(faults.map(({ line, field }) => [line, field])).toEqual([
      [2, "tokens.input"],
      [3, "tokens"],
      [4, ""],
      [5, "start"],
      [6, "currency"],
      [7, "status"],
      [8, "countedBy"],
      [9, "start"],
      [10, ""],
    ]);
    expect(JSON.stringify(faults)).not.toContain("umbrella");
  });

  test("counts that make no partition are a call without tokens that says why", async () => {
    const { all } = await read(jsonLines([{ ...call, tokens: { input: 10, cacheRead: 20, output: 1 } }]));
    expect(all[0]).toMatchObject({ tokens: null, tokensFault: "cached-exceeds-input: cached 20 of 10" });
  });

  test("ten thousand rows come in batches, and of their faults the first hundred are kept", async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) => ({
      ...call,
      id: index % 2 === 0 ? `call-${index}` : "",
    }));
    const file = path.join(folder, "many");
    await writeFile(file, jsonLines(rows));
    const sizes: number[] = [];
    const summary = await readCallFile(
      file,
      { source: "batch", now },
      (calls) => void sizes.push(calls.length),
    );
    expect([summary.calls, summary.rejected, summary.faults.length, sizes]).toEqual([
      6000,
      { "field-invalid": 6000 },
      100,
      [5000, 1000],
    ]);
  });
});

test.each([
  ["", "source-empty"],
  ["a,b\n1,2\n", "format-unknown"],
  ["request_id,call_type,startTime,spend\n", "source-empty"],
  ['request_id,call_type,startTime,spend\n"1,x,y,z\n', "csv-malformed"],
  ['{"id": 1, ', "json-invalid"],
  ['{\n"rows": []\n}', "json-invalid"],
  [`${"[".repeat(200)}`, "input-too-large"],
  [gzipSync(csv([spendLog])).subarray(0, 200), "compression-broken"],
  [
    gzipSync(
      jsonLines(Array.from({ length: 3000 }, (_, id) => ({ ...spendLog, request_id: id * Math.PI }))),
    ).subarray(0, -100),
    "compression-broken",
  ],
])("a broken file %# is one fault", async (content, code) => {
  await expect(read(content)).rejects.toMatchObject({ name: "Problem", code });
});

test("a file that is not there", async () => {
  await expect(readCallFile(path.join(folder, "none"), { source: "x", now }, () => {})).rejects.toMatchObject(
    {
      code: "source-not-found",
    },
  );
});
