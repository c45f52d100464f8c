import { serviceTier } from "#facts/call-service.ts";
import { callTokens } from "#facts/call-tokens.ts";
import { countTokens } from "#facts/count-tokens.ts";
import { present } from "#facts/read-counts.ts";
import type { CallFormat, Row, RowCall, RowOptions } from "#ingest/calls/call-row.ts";
import { textOf } from "#ingest/calls/call-row.ts";
import { keysOf, usageCall } from "#ingest/calls/usage-buckets.ts";

/**
 * Pages of OpenAI's usage report for completions and embeddings. Input includes cached and written tokens, of text, audio and images; a result sums up
 * `num_model_requests` calls.
 * @see GET /v1/organization/usage/completions and /embeddings
 */
export const openaiUsage: CallFormat = {
  name: "openai-usage",
  isOf: (columns) => ["start_time", "end_time", "num_model_requests"].every((name) => columns.has(name)),
  read: readResult,
};

const keyNames = ["project_id", "user_id", "api_key_id", "model", "batch", "service_tier"];

function readResult(row: Row, options: RowOptions): RowCall {
  const kind = /^organization\.usage\.(\w+)\.result$/.exec(textOf(row, "object") ?? "")?.[1] ?? "completions";
  // The others are counted in images, letters, seconds or sessions.
  if (kind !== "completions" && kind !== "embeddings") return { kind: "no-call" };
  const calls = wholeOf(row, "num_model_requests");
  const input = wholeOf(row, "input_tokens");
  if (calls === 0 && input === 0) return { kind: "no-call" };
  const keys = keysOf(row, keyNames);
  return usageCall(
    {
      start: Number(textOf(row, "start_time") ?? NaN) * 1000,
      end: Number(textOf(row, "end_time") ?? NaN) * 1000,
      provider: "openai",
      operation: kind === "embeddings" ? "embeddings" : "chat",
      tier: keys["batch"] === "true" ? "batch" : serviceTier(keys["service_tier"] ?? ""),
      region: null,
      tokens: tokensOf(row),
      requests: {},
      summed: {
        calls,
        contextTokens: calls === null || calls === 0 || input === null ? null : Math.ceil(input / calls),
      },
      keys,
    },
    "start_time",
    options,
  );
}

const tokensOf = (row: Row) =>
  callTokens(
    countTokens("openai", {
      input_tokens: row["input_tokens"],
      output_tokens: row["output_tokens"] ?? "0",
      input_cached_tokens: row["input_cached_tokens"],
      input_cache_write_tokens: row["input_cache_write_tokens"],
      input_token_details: present({
        audio_tokens: row["input_audio_tokens"],
        image_tokens: row["input_image_tokens"],
      }),
      output_token_details: present({ audio_tokens: row["output_audio_tokens"] }),
    }),
  );

/** A whole number; null where it is none. */
function wholeOf(row: Row, name: string): number | null {
  const text = textOf(row, name) ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
