import type { Call, CallTokens } from "./call.ts";
import {
  type Modality,
  modalities,
  type TokenClass,
  type TokenCount,
  type TokenUsage,
} from "./token-usage.ts";

/** The parts of a call that say its tokens: a partition, or why there is none; both null where nothing was counted. */
export function callTokens(count: TokenCount): Pick<Call, "tokens" | "tokensFault"> {
  if (count.state === "counted") return { tokens: classesOf(count.usage), tokensFault: null };
  const [first] = count.faults;
  if (first === undefined || first.code === "nothing-counted") return { tokens: null, tokensFault: null };
  // What stands where a count should may be a text, and texts are not kept.
  const value = first.code === "not-a-count" && !/^"?-?[\d.]*"?$/.test(first.value) ? "" : ` ${first.value}`;
  return { tokens: null, tokensFault: `${first.code}: ${first.field}${value}` };
}

function classesOf({ parts }: TokenUsage): CallTokens {
  const tokens = { ...noTokens };
  for (const [part, count] of Object.entries(parts))
    for (const name of namesOf.get(part) ?? []) tokens[name] += count;
  return tokens;
}

/** A call that took none. */
export const noTokens: Readonly<Record<keyof CallTokens, number>> = {
  uncachedInput: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  visibleOutput: 0,
  reasoningOutput: 0,
  audioInput: 0,
  imageInput: 0,
  videoInput: 0,
  audioOutput: 0,
};

const classNames: Readonly<Record<TokenClass, keyof CallTokens>> = {
  uncached: "uncachedInput",
  cache_read: "cacheRead",
  cache_write_5m: "cacheWrite5m",
  cache_write_1h: "cacheWrite1h",
  visible: "visibleOutput",
  reasoning: "reasoningOutput",
};

/** A cell of the partition to the columns of a call that it counts in. */
const namesOf = new Map<string, readonly (keyof CallTokens)[]>(
  modalities.flatMap((modality) =>
    (Object.keys(classNames) as TokenClass[]).map((of): [string, (keyof CallTokens)[]] => [
      `${of}_${modality}`,
      [classNames[of], ...subsetOf(modality, of === "visible" || of === "reasoning")],
    ]),
  ),
);

function subsetOf(modality: Modality, isOutput: boolean): (keyof CallTokens)[] {
  if (isOutput) return modality === "audio" ? ["audioOutput"] : [];
  return modality === "text" ? [] : [`${modality}Input`];
}

/** What most calls tell. */
export interface PlainCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

/**
 * The tokens of a call of text alone whose totals include their parts: the same as `callTokens` of the partition, by a shorter way, since
 * servers take thousands of such calls a second.
 * @returns undefined if the counts are no partition; then the long way says why
 */
export function plainTokens({
  input,
  output,
  cacheRead,
  cacheWrite,
  reasoning,
}: PlainCounts): CallTokens | undefined {
  const counts = [input, output, cacheRead, cacheWrite, reasoning, input + output];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return undefined;
  if (cacheRead + cacheWrite > input || reasoning > output) return undefined;
  return {
    ...noTokens,
    uncachedInput: input - cacheRead - cacheWrite,
    cacheRead,
    cacheWrite5m: cacheWrite,
    visibleOutput: output - reasoning,
    reasoningOutput: reasoning,
  };
}
