import { describe, expect, test } from "vitest";
import { csv, jsonLines, read, SECRET } from "./read-calls.ts";

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
