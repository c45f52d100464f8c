import type { Call } from "#facts/call.ts";
import { callTokens } from "#facts/call-tokens.ts";
import { countTokens } from "#facts/count-tokens.ts";
import { providerName } from "#facts/provider-name.ts";
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
 * Langfuse's observations, from its exports (snake_case) or its API (camelCase), as JSON, JSON lines or CSV. Generations and embeddings are calls;
 * other observations are the steps around them. Usage types are read by Langfuse's rule; its costs are estimates, in US dollars.
 * @see langfuse.com/docs, blob storage export field reference
 */
export const langfuse: CallFormat = {
  name: "langfuse",
  isOf: (columns) =>
    columns.has("id") &&
    (columns.has("start_time") || columns.has("startTime")) &&
    ["usage_details", "usageDetails", "promptTokens", "provided_usage_details"].some((name) =>
      columns.has(name),
    ),
  read: readObservation,
};

const times = {
  start: ["start_time", "startTime"],
  end: ["end_time", "endTime"],
  firstToken: ["completion_start_time", "completionStartTime"],
};
/** Types of usage that are priced by the request rather than the token. */
const REQUEST_TYPES = /(requests|queries|Queries)$/;

function readObservation(row: Row, options: RowOptions): RowCall {
  const type = textOf(row, "type");
  if (type !== null && type !== "GENERATION" && type !== "EMBEDDING") return { kind: "no-call" };
  const id = textOf(row, "id");
  if (id === null) return rejected("id-missing", "id", "id is empty");
  const when = timesOf(row, times, options.now);
  if ("reason" in when) return { kind: "rejected", ...when };
  const metadata = objectIn(row, "metadata");
  const model = textOf(row, "provided_model_name", "model", "modelId");
  const level = textOf(row, "level");
  const kept = keptAttributes(row, metadata);
  const statedCost = exactCost(
    row["total_cost"] ?? row["totalCost"] ?? row["calculatedTotalCost"] ?? totalOf(row),
  );
  const input = row["input"];
  const call: Call = {
    source: options.source,
    id,
    ...when,
    provider:
      providerName(
        textOf(metadata, "ls_provider", "gen_ai.provider.name", "gen_ai.system", "provider") ?? "",
      ) || "unknown",
    operation: type === "EMBEDDING" ? "embeddings" : "chat",
    requestModel: model,
    responseModel: null,
    region: null,
    tier: null,
    status: level === "ERROR" ? "error" : level === null ? "unknown" : "ok",
    error: null,
    retry: null,
    ...usageOf(row),
    statedCost,
    statedCurrency: statedCost === null ? null : "USD",
    traceId: textOf(row, "trace_id", "traceId"),
    conversation: textOf(row, "session_id", "sessionId"),
    step: textOf(row, "prompt_name", "promptName", "trace_name", "traceName"),
    customer: textOf(row, "user_id", "userId"),
    promptHash:
      options.hashKey === undefined || input === undefined || input === null || input === ""
        ? null
        : promptHash(options.hashKey, [["input", input]]),
    attributes: kept.values,
  };
  return { kind: "call", call, leftOut: kept.leftOut };
}

function usageOf(row: Row): Pick<Call, "tokens" | "tokensFault" | "requests"> {
  const details = Object.entries(objectIn(row, "usage_details", "usageDetails", "provided_usage_details"));
  const requests = details.flatMap(([name, value]): [string, number][] =>
    REQUEST_TYPES.test(name) && Number(value) > 0 && Number.isInteger(Number(value))
      ? [[name, Number(value)]]
      : [],
  );
  const counts = details.filter(([name]) => !REQUEST_TYPES.test(name));
  const usage =
    counts.length > 0
      ? Object.fromEntries(counts)
      : {
          input: told(row, "promptTokens"),
          output: told(row, "completionTokens"),
          total: told(row, "totalTokens"),
        };
  return { ...callTokens(countTokens("langfuse", usage)), requests: Object.fromEntries(requests) };
}

/** Before there were usage details, 0 stood for what was not counted. */
function told(row: Row, name: string): string | undefined {
  const text = textOf(row, name);
  return text === null || text === "0" ? undefined : text;
}

const totalOf = (row: Row): unknown => objectIn(row, "cost_details", "costDetails")["total"];

function keptAttributes(row: Row, metadata: Row): KeptAttributes {
  const kept = new KeptAttributes();
  for (const name of ["project_id", "projectId", "environment", "release", "version", "name"])
    kept.add(name, textOf(row, name), true);
  kept.add("tags", listIn(row, "tags"), true);
  for (const [name, value] of Object.entries(metadata)) kept.add(name, value);
  return kept;
}
