import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import { csv, hashKey, jsonLines, read, SECRET } from "./read-calls.ts";
import { spendLog } from "./spend-log.ts";

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
  ])("as %s", async (_name, content) => {
    const { all, sizes: _, ...summary } = await read(content);
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
    const { all, sizes: _, ...summary } = await read(csv(rows));
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
