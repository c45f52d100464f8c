import { regionOfAddress, serviceTier } from "#facts/call-service.ts";
import { noTokens } from "#facts/call-tokens.ts";
import type { Call, CallStatus } from "#facts/call.ts";
import { countTokens } from "#facts/count-tokens.ts";
import { providerName } from "#facts/provider-name.ts";
import { inclusiveTokens } from "#ingest/calls/cached-input.ts";
import {
  type CallFormat,
  listIn,
  objectIn,
  rejected,
  type Row,
  type RowCall,
  type RowOptions,
  textOf,
  timesOf,
} from "#ingest/calls/call-row.ts";
import { exactCost } from "#ingest/calls/exact-cost.ts";
import { KeptAttributes } from "#ingest/calls/kept-attributes.ts";
import { promptHash } from "#ingest/calls/prompt-hash.ts";

/**
 * LiteLLM's table LiteLLM_SpendLogs, a row per request, as CSV or JSON lines. Counts are in OpenAI's shape whoever served the call, with
 * details in metadata; `spend` is LiteLLM's estimate from list prices, in US dollars.
 * @see BerriAI/litellm schema.prisma
 */
export const litellm: CallFormat = {
  name: "litellm",
  isOf: (columns) => ["request_id", "call_type", "startTime", "spend"].every((name) => columns.has(name)),
  read: readSpendLog,
};

const times = { start: ["startTime"], end: ["endTime"], firstToken: ["completionStartTime"] };

function readSpendLog(row: Row, options: RowOptions): RowCall {
  const callType = textOf(row, "call_type") ?? "";
  if (/mcp|^(alist|list|aretrieve|retrieve|acancel|cancel)_/.test(callType)) return { kind: "no-call" };
  const id = textOf(row, "request_id");
  if (id === null) return rejected("id-missing", "request_id", "request_id is empty");
  const when = timesOf(row, times, options.now);
  if ("reason" in when) return { kind: "rejected", ...when };
  const metadata = objectIn(row, "metadata");
  const usage = { ...objectIn(metadata, "additional_usage_values"), ...objectIn(metadata, "usage_object") };
  const spelling = textOf(row, "custom_llm_provider") ?? "";
  const provider = providerName(spelling) || "unknown";
  const kept = keptAttributes(row, metadata);
  const statedCost = exactCost(row["spend"]);
  const messages = options.hashKey === undefined ? "" : messagesOf(row);
  const call: Call = {
    source: options.source,
    id,
    ...when,
    provider,
    operation: operationOf(callType),
    requestModel: textOf(row, "model_group", "model"),
    responseModel: modelOf(textOf(row, "model"), spelling),
    region: regionOfAddress(textOf(row, "api_base") ?? ""),
    tier: serviceTier(textOf(usage, "service_tier") ?? ""),
    ...outcomeOf(row, metadata),
    retry: retryOf(metadata),
    ...tokensOf(row, usage, provider),
    requests: requestsOf(usage),
    statedCost,
    statedCurrency: statedCost === null ? null : "USD",
    traceId: textOf(metadata, "trace_id", "litellm_trace_id"),
    conversation: textOf(row, "session_id"),
    step: textOf(metadata, "agent_name", "prompt_id"),
    customer: textOf(row, "end_user"),
    promptHash:
      options.hashKey === undefined || messages === ""
        ? null
        : promptHash(options.hashKey, [["messages", messages]]),
    attributes: kept.values,
  };
  return { kind: "call", call, leftOut: kept.leftOut };
}

/** Its types are named after Python functions, with an a for those that don't block. */
function operationOf(callType: string): string {
  const type = callType.replace(
    /^a(?=completion|text_completion|embedding|responses|rerank|image|transcription|speech|moderation)/,
    "",
  );
  const names: Readonly<Record<string, string>> = {
    completion: "chat",
    responses: "chat",
    anthropic_messages: "chat",
    embedding: "embeddings",
    generate_content: "generate_content",
    agenerate_content: "generate_content",
    "": "unknown",
  };
  return names[type] ?? type;
}

/** The model without the provider that LiteLLM writes before it. */
const modelOf = (model: string | null, provider: string): string | null =>
  model !== null && provider !== "" && model.startsWith(`${provider}/`)
    ? model.slice(provider.length + 1)
    : model;

function outcomeOf(row: Row, metadata: Row): { readonly status: CallStatus; readonly error: string | null } {
  const told = textOf(row, "status") ?? textOf(metadata, "status");
  const status = told === "success" ? "ok" : told === "failure" ? "error" : "unknown";
  const information = objectIn(metadata, "error_information");
  return { status, error: status === "error" ? textOf(information, "error_class", "error_code") : null };
}

/** LiteLLM writes one row for a request and all its attempts. */
function retryOf(metadata: Row): boolean | null {
  const attempts = textOf(metadata, "attempted_retries");
  return attempts === null || !/^\d+$/.test(attempts) ? null : Number(attempts) > 0;
}

/** What LiteLLM answered from a cache of its own reached no provider, though it writes the counts of the first answer. */
const isOwnCacheHit = (row: Row): boolean =>
  /^true$/i.test(textOf(row, "cache_hit") ?? String(row["cache_hit"] === true));

function tokensOf(row: Row, usage: Row, provider: string): Pick<Call, "tokens" | "tokensFault"> {
  if (isOwnCacheHit(row)) return { tokens: noTokens, tokensFault: null };
  const [input, output, total] = ["prompt_tokens", "completion_tokens", "total_tokens"].map(
    (name) => textOf(row, name) ?? usage[name],
  );
  // The usage's own totals, where it has any, are those of the columns.
  const { input_tokens: _input, output_tokens: _output, ...details } = usage;
  const count = countTokens("litellm", {
    ...details,
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
  });
  return inclusiveTokens(count, provider, () => ({
    input,
    output,
    cacheRead: usage["cache_read_input_tokens"],
    cacheWrite: usage["cache_creation_input_tokens"],
  }));
}

function requestsOf(usage: Row): Readonly<Record<string, number>> {
  const count = textOf(objectIn(usage, "server_tool_use"), "web_search_requests");
  return count !== null && /^[1-9]\d{0,8}$/.test(count) ? { web_search: Number(count) } : {};
}

/** Who owns the call, by LiteLLM's names. The key is its hash, never the key itself. */
const ownerColumns = ["api_key", "team_id", "organization_id", "user", "model_id", "agent_id"];
const ownerMembers =
  `user_api_key_alias user_api_key_team_id user_api_key_team_alias user_api_key_org_id user_api_key_org_alias
  user_api_key_user_id user_api_key_project_id user_api_key_project_alias project_id`.split(/\s+/);

function keptAttributes(row: Row, metadata: Row): KeptAttributes {
  const kept = new KeptAttributes();
  for (const name of ownerColumns) kept.add(name, textOf(row, name), true);
  for (const name of ownerMembers) kept.add(name, textOf(metadata, name), true);
  kept.add("request_tags", listIn(row, "request_tags"), true);
  if (isOwnCacheHit(row)) kept.add("cache_hit", "true", true);
  for (const [name, value] of Object.entries(objectIn(metadata, "requester_metadata"))) kept.add(name, value);
  return kept;
}

/** Empty unless LiteLLM was told to store prompts. */
function messagesOf(row: Row): unknown {
  const value = row["messages"];
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "");
  return /^\s*(\{\s*\}|\[\s*\]|""|null)?\s*$/.test(text) ? "" : text;
}
