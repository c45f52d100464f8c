import { serviceTier } from "#facts/call-service.ts";
import { callTokens } from "#facts/call-tokens.ts";
import { countTokens } from "#facts/count-tokens.ts";
import {
  type CallFormat,
  microsecondsIn,
  objectIn,
  type Row,
  type RowCall,
  type RowOptions,
  textOf,
} from "#ingest/calls/call-row.ts";
import { keysOf, usageCall } from "#ingest/calls/usage-buckets.ts";

/**
 * Pages of Anthropic's usage report for messages. Uncached input excludes what was read from a cache or written to one. It does not tell how many calls
 * a result sums up.
 * @see GET /v1/organizations/usage_report/messages
 */
export const anthropicUsage: CallFormat = {
  name: "anthropic-usage",
  isOf: (columns) => ["starting_at", "ending_at", "uncached_input_tokens"].every((name) => columns.has(name)),
  read: readResult,
};

const keyNames = [
  "workspace_id",
  "api_key_id",
  "account_id",
  "service_account_id",
  "model",
  "service_tier",
  "context_window",
  "inference_geo",
  "speed",
];

function readResult(row: Row, options: RowOptions): RowCall {
  const keys = keysOf(row, keyNames);
  const [start, end] = ["starting_at", "ending_at"].map(
    (name) => (microsecondsIn(textOf(row, name)) ?? NaN) / 1000,
  );
  const searches = textOf(objectIn(row, "server_tool_use"), "web_search_requests") ?? "";
  return usageCall(
    {
      start: start ?? NaN,
      end: end ?? NaN,
      provider: "anthropic",
      operation: "chat",
      tier: serviceTier(keys["service_tier"] ?? ""),
      region: regionOf(keys["inference_geo"]),
      tokens: callTokens(countTokens("anthropic", row)),
      requests: /^[1-9]\d{0,14}$/.test(searches) ? { web_search: Number(searches) } : {},
      summed: { calls: null, contextTokens: contextOf(keys["context_window"]) },
      keys,
    },
    "starting_at",
    options,
  );
}

/** Where a model ran, if it was told to. */
const regionOf = (geo: string | null | undefined): string | null =>
  geo === null || geo === undefined || /^(global|not_available)$/i.test(geo) ? null : geo;

/** The least that a call of a window such as 200k-1M read. Where windows are not told apart, calls are taken to be of the first. */
function contextOf(window: string | null | undefined): number {
  const [, lower = "0", thousand] = /^(\d{1,6})(k?)-/i.exec(window ?? "") ?? [];
  return Number(lower) * (thousand === "k" || thousand === "K" ? 1000 : 1) + 1;
}
