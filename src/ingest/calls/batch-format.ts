import { z } from "zod";
import { callStatuses, type Call } from "#facts/call.ts";
import { callTokens } from "#facts/call-tokens.ts";
import { type CountingRule, countingRules, countTokens } from "#facts/count-tokens.ts";
import { providerName } from "#facts/provider-name.ts";
import { type CountClaims, partitionTokens } from "#facts/token-usage.ts";
import { type CallFormat, microsecondsIn, type Row, type RowCall, type RowOptions } from "./call-row.ts";
import { exactCost } from "./exact-cost.ts";
import { KeptAttributes } from "./kept-attributes.ts";

const name = z.string().trim().min(1).max(256);
/** Numbers come as their digits, so that none loses any. */
const count = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .regex(/^\d{1,15}$/, "a whole number, zero or more")
      .transform(Number),
  );
const seconds = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .regex(/^\d{1,7}(\.\d+)?$/, "seconds, zero or more")
      .transform(Number),
  );
const time = z
  .string()
  .refine((text) => microsecondsIn(text) !== undefined && /(Z|UTC|[+-]\d{2}:?\d{2})$/i.test(text), {
    message: "a time with its zone, such as 2026-07-01T12:00:00.123Z",
  });

/** Totals include their parts: input what was cached, output what was reasoning. */
const tokens = z.strictObject({
  input: count.optional(),
  output: count.optional(),
  cacheRead: count.optional(),
  cacheWrite5m: count.optional(),
  cacheWrite1h: count.optional(),
  reasoning: count.optional(),
  audioInput: count.optional(),
  imageInput: count.optional(),
  videoInput: count.optional(),
  audioOutput: count.optional(),
});

/** One call of a batch, as docs/calls-in.md describes it. A member that is not listed is refused: it may be misspelled, or a text. */
export const batchCall = z
  .strictObject({
    id: name,
    start: time,
    durationSeconds: seconds.optional(),
    firstTokenSeconds: seconds.optional(),
    provider: name,
    operation: name.default("chat"),
    requestModel: name.optional(),
    responseModel: name.optional(),
    region: name.optional(),
    tier: name.optional(),
    status: z.enum(callStatuses).default("unknown"),
    error: name.optional(),
    retry: z.boolean().optional(),
    tokens: tokens.optional(),
    usage: z.record(z.string(), z.unknown()).optional(),
    countedBy: z.enum(countingRules as readonly [CountingRule, ...CountingRule[]]).optional(),
    requests: z.record(name, count).default({}),
    cost: z
      .union([z.string(), z.number()])
      .refine((value) => exactCost(String(value)) !== null, { message: "a decimal, zero or more" })
      .optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "a code such as USD")
      .optional(),
    traceId: name.optional(),
    conversation: name.optional(),
    step: name.optional(),
    customer: name.optional(),
    promptHash: z
      .string()
      .regex(/^[0-9a-f]{32,128}$/i, "a hash in hex")
      .optional(),
    attributes: z.record(z.string().min(1).max(256), z.string().max(256)).default({}),
  })
  .refine((call) => (call.cost === undefined) === (call.currency === undefined), {
    message: "cost and currency are told together",
    path: ["currency"],
  })
  .refine((call) => (call.usage === undefined) === (call.countedBy === undefined), {
    message: "usage and countedBy are told together",
    path: ["countedBy"],
  })
  .refine((call) => call.tokens === undefined || call.usage === undefined, {
    message: "tokens and usage say the same: give one of them",
    path: ["usage"],
  });
type BatchCall = z.infer<typeof batchCall>;

/** Our own format, for what no other one carries. */
export const batch: CallFormat = {
  name: "batch",
  isOf: (columns) => ["id", "start", "provider"].every((name) => columns.has(name)),
  read: readBatchCall,
};

const OLDEST = Date.UTC(2015, 0, 1);

function readBatchCall(row: Row, { source, now }: RowOptions): RowCall {
  const parsed = batchCall.safeParse(row);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join(".") ?? "";
    // Zod's messages name members and what is expected, never what stands there.
    return {
      kind: "rejected",
      reason: "field-invalid",
      field,
      message: issue?.message ?? "it can't be read",
    };
  }
  const told = parsed.data;
  const start = Math.floor((microsecondsIn(told.start) ?? 0) / 1000);
  if (start < OLDEST || start > now + 86_400_000)
    return {
      kind: "rejected",
      reason: "time-implausible",
      field: "start",
      message: "start is before 2015 or in the future",
    };
  const kept = new KeptAttributes();
  for (const [key, value] of Object.entries(told.attributes)) kept.add(key, value);
  return { kind: "call", call: callOf(told, start, source, kept), leftOut: kept.leftOut };
}

const callOf = (told: BatchCall, start: number, source: string, kept: KeptAttributes): Call => ({
  source,
  id: told.id,
  start,
  duration: told.durationSeconds === undefined ? null : Math.round(told.durationSeconds * 1e6),
  firstToken: told.firstTokenSeconds === undefined ? null : Math.round(told.firstTokenSeconds * 1e6),
  provider: providerName(told.provider),
  operation: told.operation,
  requestModel: told.requestModel ?? null,
  responseModel: told.responseModel ?? null,
  region: told.region ?? null,
  tier: told.tier ?? null,
  status: told.status,
  error: told.error ?? null,
  retry: told.retry ?? null,
  ...tokensOf(told),
  requests: told.requests,
  statedCost: told.cost === undefined ? null : exactCost(String(told.cost)),
  statedCurrency: told.currency ?? null,
  traceId: told.traceId ?? null,
  conversation: told.conversation ?? null,
  step: told.step ?? null,
  customer: told.customer ?? null,
  promptHash: told.promptHash ?? null,
  attributes: kept.values,
});

/** Providers' rules tell numbers from texts. */
const withNumbers = (usage: unknown): unknown =>
  JSON.parse(JSON.stringify(usage), (_name, value: unknown) =>
    typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

function tokensOf({ tokens, usage, countedBy }: BatchCall): Pick<Call, "tokens" | "tokensFault"> {
  if (countedBy !== undefined) return callTokens(countTokens(countedBy, withNumbers(usage)));
  if (tokens === undefined || (tokens.input === undefined && tokens.output === undefined))
    return {
      tokens: null,
      tokensFault: tokens === undefined ? null : "nothing-counted: tokens has neither input nor output",
    };
  const { audioInput, imageInput, videoInput, audioOutput, input = 0, output = 0, ...parts } = tokens;
  const present = (of: object): object =>
    Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined));
  const claims: CountClaims = {
    input,
    output,
    ...present(parts),
    inputBy: present({ audio: audioInput, image: imageInput, video: videoInput }),
    outputBy: present({ audio: audioOutput }),
  };
  return callTokens(partitionTokens(claims));
}
