import { createHash } from "node:crypto";
import type { Call, SummedCalls } from "#facts/call.ts";
import type { Instant } from "#units/instant.ts";
import { rejected, type Row, type RowCall, type RowOptions, textOf } from "./call-row.ts";
import { KeptAttributes } from "./kept-attributes.ts";
import type { PlacedRow } from "./read-rows.ts";

/** Providers say that usage is there minutes after a call; what ended earlier than this is whole. */
const SETTLED_MILLISECONDS = 3_600_000;
const OLDEST = Date.UTC(2015, 0, 1);

/** Rows of files, buckets of usage reports taken apart: each result with the times of its bucket. A page in a list of pages is one too. */
export async function* resultsIn(rows: AsyncIterable<PlacedRow>): AsyncGenerator<PlacedRow> {
  for await (const placed of rows) yield* resultsOf(placed);
}

function* resultsOf({ line, row }: PlacedRow): Generator<PlacedRow> {
  const { data, results, ...bucket } = row ?? {};
  if (Array.isArray(data))
    for (const each of data as unknown[]) yield* resultsOf({ line, row: objectOf(each) });
  else if (Array.isArray(results))
    for (const each of results as unknown[]) {
      const result = objectOf(each);
      yield { line, row: result === undefined ? undefined : { ...bucket, ...result } };
    }
  else yield { line, row };
}

const objectOf = (value: unknown): Row | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : undefined;

/** A result of a usage report, as its provider's format reads it. */
export interface UsageResult {
  readonly start: Instant;
  readonly end: Instant;
  readonly provider: string;
  readonly operation: string;
  readonly tier: string | null;
  readonly region: string | null;
  readonly tokens: Pick<Call, "tokens" | "tokensFault">;
  readonly requests: Readonly<Record<string, number>>;
  readonly summed: SummedCalls;
  /** What results were grouped by, and told apart by: name to value. */
  readonly keys: Readonly<Record<string, string | null>>;
}

/** Attributes that say what a row of a usage report sums up: by these an import sees that the same usage comes in another cut. */
export const usageAttributes = { width: "usage.width", grouped: "usage.grouped_by" } as const;

/** A result as a row of calls: the same one each time that its bucket is delivered with the same width and grouping. */
export function usageCall(result: UsageResult, field: string, { source, now }: RowOptions): RowCall {
  const { start, end, keys } = result;
  if (Number.isNaN(start) || Number.isNaN(end)) return rejected("time-missing", field, `${field} is no time`);
  if (end <= start) return rejected("ends-before-start", field, "the bucket ends before it starts");
  if (start < OLDEST || start > now + 86_400_000)
    return rejected("time-implausible", field, `${field} is before 2015 or in the future`);
  if (end > now - SETTLED_MILLISECONDS)
    return rejected("unfinished", field, "its time is not over for an hour");
  const told = Object.entries(keys).filter(([, value]) => value !== null);
  const width = widthOf(end - start);
  const kept = new KeptAttributes();
  kept.add(usageAttributes.width, width, true);
  kept.add(
    usageAttributes.grouped,
    told
      .map(([name]) => name)
      .sort()
      .join(","),
    true,
  );
  for (const [name, value] of told) if (name !== "model") kept.add(name, value, true);
  const id = createHash("sha256")
    .update(JSON.stringify([result.operation, start, end, told]))
    .digest("hex");
  const call: Call = {
    source,
    id: `usage-${width}-${id.slice(0, 32)}`,
    start,
    duration: null,
    firstToken: null,
    provider: result.provider,
    operation: result.operation,
    requestModel: null,
    responseModel: keys["model"] ?? null,
    region: result.region,
    tier: result.tier,
    status: "unknown",
    error: null,
    retry: null,
    ...result.tokens,
    requests: result.requests,
    statedCost: null,
    statedCurrency: null,
    traceId: null,
    conversation: null,
    step: null,
    customer: null,
    promptHash: null,
    attributes: kept.values,
    summed: result.summed,
  };
  return { kind: "call", call, leftOut: kept.leftOut };
}

function widthOf(milliseconds: number): string {
  for (const [unit, size] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
  ] as const)
    if (milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  return `${milliseconds / 1000}s`;
}

/** A member's text by its name, for keys. */
export const keysOf = (row: Row, names: readonly string[]): Record<string, string | null> =>
  Object.fromEntries(names.map((name) => [name, textOf(row, name) ?? booleanOf(row[name])]));

const booleanOf = (value: unknown): string | null => (typeof value === "boolean" ? String(value) : null);
