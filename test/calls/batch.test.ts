import { describe, expect, test } from "vitest";
import { jsonLines, read, SECRET } from "./read-calls.ts";

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
    const { sizes, ...summary } = await read(jsonLines(rows));
    expect([summary.calls, summary.rejected, summary.faults.length, sizes]).toEqual([
      6000,
      { "field-invalid": 6000 },
      100,
      [5000, 1000],
    ]);
  });
});
