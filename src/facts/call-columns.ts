import type { Call, CallTokens } from "./call.ts";
import { promotedTags } from "./charge-columns.ts";
import { promoter, resourceSpellings } from "./promoted-attributes.ts";
import type { EventColumn, EventRow, EventSum, EventTable } from "./event-table.ts";

/** Token classes in stored order: the first six are a partition of what is billed, the others are parts of them. */
export const tokenColumns = {
  UncachedInputTokens: "uncachedInput",
  CacheReadTokens: "cacheRead",
  CacheWrite5mTokens: "cacheWrite5m",
  CacheWrite1hTokens: "cacheWrite1h",
  VisibleOutputTokens: "visibleOutput",
  ReasoningOutputTokens: "reasoningOutput",
  AudioInputTokens: "audioInput",
  ImageInputTokens: "imageInput",
  VideoInputTokens: "videoInput",
  AudioOutputTokens: "audioOutput",
} as const satisfies Record<string, keyof CallTokens>;
export type TokenColumn = keyof typeof tokenColumns;
export const tokenColumnNames = Object.keys(tokenColumns) as TokenColumn[];
/** Classes that are counted as input, and those that are output. */
export const inputTokenColumns = tokenColumnNames.slice(0, 4);
export const outputTokenColumns = tokenColumnNames.slice(4, 6);

/**
 * The columns of calls, in stored order. What charges have too is called as theirs (`x_Source`, `x_ModelId`, `RegionId`, `x_Team`), so that
 * the two can be asked alike; everything else has a FOCUS-like name of its own.
 */
export const callColumns = {
  x_Source: { type: "text", what: "who delivered the call: an application, a gateway", required: true },
  Id: { type: "text", what: "the call's id, unique within its source", required: true },
  StartTime: { type: "time", what: "when the call began", required: true },
  DurationMicroseconds: { type: "count", what: "how long the call took" },
  FirstTokenMicroseconds: { type: "count", what: "time to the first token or chunk" },
  Provider: { type: "text", what: "gen_ai.provider.name, such as openai", required: true },
  Operation: { type: "text", what: "gen_ai.operation.name, such as chat", required: true },
  RequestModel: { type: "text", what: "the model that was asked for" },
  ResponseModel: { type: "text", what: "the model that answered" },
  x_ModelId: { type: "text", what: "ResponseModel, else RequestModel" },
  RegionId: { type: "text", what: "where the model ran" },
  Tier: { type: "text", what: "standard, batch, priority or flex" },
  Status: { type: "text", what: "ok, error or unknown", required: true },
  ErrorType: { type: "text", what: "error.type of a failed call" },
  Retry: { type: "flag", what: "true of a call that repeats a failed one" },
  UncachedInputTokens: { type: "count", what: "input tokens that no cache held" },
  CacheReadTokens: { type: "count", what: "input tokens read from a cache" },
  CacheWrite5mTokens: {
    type: "count",
    what: "input tokens written to a cache of five minutes, or of unknown lifetime",
  },
  CacheWrite1hTokens: { type: "count", what: "input tokens written to a cache of an hour" },
  VisibleOutputTokens: { type: "count", what: "output tokens that are the answer" },
  ReasoningOutputTokens: { type: "count", what: "output tokens of reasoning" },
  AudioInputTokens: { type: "count", what: "of the input, audio" },
  ImageInputTokens: { type: "count", what: "of the input, images" },
  VideoInputTokens: { type: "count", what: "of the input, video" },
  AudioOutputTokens: { type: "count", what: "of the output, audio" },
  TokensFault: { type: "text", what: "why the call's token counts could not be used" },
  Requests: { type: "counts", what: "requests that are priced singly, such as web searches" },
  StatedCost: { type: "money", what: "what the source says the call cost: an estimate, no price of ours" },
  StatedCurrency: { type: "text", what: "its currency" },
  TraceId: { type: "text", what: "the trace that the call belongs to" },
  Conversation: { type: "text", what: "the conversation that it belongs to" },
  Step: { type: "text", what: "agent, workflow or prompt by name" },
  Customer: { type: "text", what: "on whose behalf it ran" },
  PromptHash: { type: "text", what: "a keyed hash of the prompt" },
  Attributes: { type: "tags", what: "resource attributes, tags and labels, as delivered" },
  Summed: { type: "flag", what: "true of a row of a usage report, which sums up several calls" },
  SummedCalls: { type: "count", what: "how many they are, where the report says so" },
  ContextTokens: { type: "count", what: "input tokens of one of them, as near as the report tells" },
  x_Team: { type: "text", what: "attribute team in any spelling" },
  x_Environment: {
    type: "text",
    what: "attribute environment in any spelling, or deployment.environment.name",
  },
  x_Workload: {
    type: "text",
    what: "attribute workload, application or service in any spelling, or service.name",
  },
  x_WorkloadType: { type: "text", what: "attribute workload type in any spelling" },
  x_CostCenter: { type: "text", what: "attribute cost center in any spelling" },
  x_Owner: { type: "text", what: "attribute owner in any spelling" },
} as const satisfies Record<string, EventColumn>;
/** What a call costs by the layers of prices that were in force when it became part of the lake. */
export const pricedColumns = {
  PricedCost: { type: "money", what: "Σ tokens × rate, exact; none where it is not known" },
  PricedCurrency: { type: "text", what: "its currency" },
  PriceLayer: {
    type: "text",
    what: "who says so: contract, bill, refreshed or shipped; of several the weakest",
  },
  Unpriced: {
    type: "text",
    what: "why a call has no price: usage-unknown, usage-faulty, model-unknown, part-unpriced, …",
  },
} as const satisfies Record<string, EventColumn>;
/** All columns that are kept of calls. */
export const storedCallColumns = { ...callColumns, ...pricedColumns };
export type CallColumn = keyof typeof storedCallColumns;

const latencyDimensions = [
  "x_Source",
  "Provider",
  "x_ModelId",
  "Operation",
  "x_Team",
  "x_Environment",
  "x_Workload",
  "Tier",
  "Status",
] as const satisfies readonly CallColumn[];

/** What is counted of calls by latency bucket. */
export const measuredLatencies = {
  dimensions: latencyDimensions,
  columns: ["DurationMicroseconds", "FirstTokenMicroseconds"],
} as const;

const count = (sql: string): EventSum => ({ type: "count", sql });
/** How many calls a row stands for; one that sums up nobody knows how many stands for one at least. */
const CALLS = `case when "Summed" then greatest(coalesce("SummedCalls", 1), 1) else 1 end`;
const callsIf = (condition: string): EventSum =>
  count(`sum(case when ${condition} then ${CALLS} else 0 end)`);

/** Sums of calls; `n_…` is the number of calls of which the value is known: unknown is not zero. */
const sums = {
  Rows: count("count(*)"),
  Calls: count(`sum(${CALLS})`),
  UncountedRows: count(`sum(case when "Summed" and "SummedCalls" is null then 1 else 0 end)`),
  n_Status: callsIf(`"Status" <> 'unknown'`),
  FailedCalls: callsIf(`"Status" = 'error'`),
  RetriedCalls: callsIf(`"Retry"`),
  n_Retry: callsIf(`"Retry" is not null`),
  // A call has counts of all classes or of none.
  n_Tokens: callsIf(`"UncachedInputTokens" is not null`),
  ...Object.fromEntries(tokenColumnNames.map((name) => [name, count(`sum("${name}")`)])),
  DurationMicroseconds: count(`sum("DurationMicroseconds")`),
  n_DurationMicroseconds: count(`count("DurationMicroseconds")`),
  FirstTokenMicroseconds: count(`sum("FirstTokenMicroseconds")`),
  n_FirstTokenMicroseconds: count(`count("FirstTokenMicroseconds")`),
  StatedCost: { type: "money", sql: `sum("StatedCost")` },
  n_StatedCost: callsIf(`"StatedCost" is not null`),
  PricedCost: { type: "money", sql: `sum("PricedCost")` },
  n_PricedCost: callsIf(`"PricedCost" is not null`),
} as const satisfies Record<string, EventSum>;

/** Calls of models: what the lake keeps of them. */
export const callsTable: EventTable = {
  name: "calls",
  columns: callColumns,
  computed: pricedColumns,
  key: ["x_Source", "Id"],
  time: "StartTime",
  rollup: {
    dimensions: [
      ...latencyDimensions,
      "Customer",
      "StatedCurrency",
      "PricedCurrency",
      "PriceLayer",
      "Unpriced",
    ],
    sums,
    latencies: measuredLatencies,
  },
};

/** A call as a row of `calls`. All rows have the same columns in the same order, which engines of JavaScript read several times faster. */
export function callRow(call: Call): EventRow {
  const { tokens } = call;
  const row: CallRow = {
    x_Source: call.source,
    Id: call.id,
    StartTime: call.start,
    DurationMicroseconds: call.duration,
    FirstTokenMicroseconds: call.firstToken,
    Provider: call.provider,
    Operation: call.operation,
    RequestModel: call.requestModel,
    ResponseModel: call.responseModel,
    x_ModelId: call.responseModel ?? call.requestModel,
    RegionId: call.region,
    Tier: call.tier,
    Status: call.status,
    ErrorType: call.error,
    Retry: call.retry,
    UncachedInputTokens: tokens === null ? null : tokens.uncachedInput,
    CacheReadTokens: tokens === null ? null : tokens.cacheRead,
    CacheWrite5mTokens: tokens === null ? null : tokens.cacheWrite5m,
    CacheWrite1hTokens: tokens === null ? null : tokens.cacheWrite1h,
    VisibleOutputTokens: tokens === null ? null : tokens.visibleOutput,
    ReasoningOutputTokens: tokens === null ? null : tokens.reasoningOutput,
    AudioInputTokens: tokens === null ? null : tokens.audioInput,
    ImageInputTokens: tokens === null ? null : tokens.imageInput,
    VideoInputTokens: tokens === null ? null : tokens.videoInput,
    AudioOutputTokens: tokens === null ? null : tokens.audioOutput,
    TokensFault: call.tokensFault,
    Requests: call.requests,
    StatedCost: call.statedCost,
    StatedCurrency: call.statedCurrency,
    TraceId: call.traceId,
    Conversation: call.conversation,
    Step: call.step,
    Customer: call.customer,
    PromptHash: call.promptHash,
    Attributes: call.attributes,
    Summed: call.summed === undefined ? null : true,
    SummedCalls: call.summed === undefined ? null : call.summed.calls,
    ContextTokens: call.summed === undefined ? null : call.summed.contextTokens,
    x_Team: null,
    x_Environment: null,
    x_Workload: null,
    x_WorkloadType: null,
    x_CostCenter: null,
    x_Owner: null,
  };
  promote(row, call.attributes);
  return row;
}

type CallRow = Record<keyof typeof callColumns, EventRow[string]>;

const { x_Team, x_WorkloadType, x_CostCenter, x_Owner } = promotedTags;
const promote = promoter({
  x_Team,
  ...resourceSpellings,
  x_WorkloadType,
  x_CostCenter,
  x_Owner,
});
