/** What a token holds. Providers that don't tell count every token as text. */
export const modalities = ["text", "audio", "image", "video"] as const;
/** What a token holds. */
export type Modality = (typeof modalities)[number];

/** What is done with a token of the input: read anew, read from a cache, or written to one that keeps it for 5 minutes or an hour. */
export const inputClasses = ["uncached", "cache_read", "cache_write_5m", "cache_write_1h"] as const;
/** What a token of the output is: part of the answer, or of the thinking before it. */
export const outputClasses = ["visible", "reasoning"] as const;
/** One of the six classes that no token is in two of. */
export type TokenClass = (typeof inputClasses)[number] | (typeof outputClasses)[number];
/** A class and a modality, such as cache_read_text: the cells of the partition. */
export type TokenPart = `${TokenClass}_${Modality}`;

/** The cells of the input, class by class. */
export const inputParts: readonly TokenPart[] = inputClasses.flatMap((each) =>
  modalities.map((modality): TokenPart => `${each}_${modality}`),
);
/** The cells of the output. */
export const outputParts: readonly TokenPart[] = outputClasses.flatMap((each) =>
  modalities.map((modality): TokenPart => `${each}_${modality}`),
);
/** All 24 cells. */
export const tokenParts: readonly TokenPart[] = [...inputParts, ...outputParts];

/** A call's tokens, each counted once: the parts of the input sum to `input`, those of the output to `output`. */
export interface TokenUsage {
  /** Cells that hold tokens; all others hold none. */
  readonly parts: Readonly<Partial<Record<TokenPart, number>>>;
  readonly input: number;
  readonly output: number;
  readonly total: number;
  /**
   * True where the provider tells how many tokens were cached and how many are audio or images, but not how many are both: then cached
   * tokens are taken to be text as far as there is text, which is the dearest reading.
   */
  readonly overlapAssumed: boolean;
}

/** Why counts are no partition. */
export type CountFaultCode =
  | "nothing-counted"
  | "not-a-count"
  | "too-large"
  | "cached-exceeds-input"
  | "modalities-exceed-total"
  | "cached-modality-exceeds"
  | "reasoning-exceeds-output"
  | "total-differs"
  | "told-twice"
  | "count-unknown";

/** One thing that is wrong with a call's counts. */
export interface CountFault {
  readonly code: CountFaultCode;
  /** The provider's name of the count, or ours of the rule that is broken. */
  readonly field: string;
  /** What stood there, as text. */
  readonly value: string;
}

/** A call's tokens as a partition, or what is wrong with its counts. Nothing is clipped to make them fit. */
export type TokenCount =
  | { readonly state: "counted"; readonly usage: TokenUsage }
  | { readonly state: "fault"; readonly faults: readonly CountFault[] };

/** How many tokens are of each modality; text is what is left, so it need not be told. */
export type ByModality = Readonly<Partial<Record<Modality, number>>>;

/** What a provider told, made inclusive: everything below is part of `input` or of `output`. */
export interface CountClaims {
  readonly input: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
  readonly inputBy?: ByModality;
  /** The tokens read from a cache, where their modalities are told. */
  readonly cacheReadBy?: ByModality;
  readonly output: number;
  readonly reasoning?: number;
  readonly outputBy?: ByModality;
  /** What the provider says that input and output come to. */
  readonly total?: number;
}

/** The largest number of tokens that is exact wherever it is kept. */
export const MOST_TOKENS = Number.MAX_SAFE_INTEGER;

/**
 * The partition that a provider's counts describe: uncached + cache reads + cache writes = input, visible + reasoning = output.
 * Overlaps of cache and modality count once. Counts must be whole, zero or more.
 */
export function partitionTokens(claims: CountClaims): TokenCount {
  const faults = faultsOf(claims);
  if (faults.length > 0) return { state: "fault", faults };
  const left = spread(claims.input, claims.inputBy ?? {});
  const parts: Partial<Record<TokenPart, number>> = {};
  const put = (name: TokenClass, by: ByModality): void => {
    for (const modality of modalities) {
      const count = by[modality] ?? 0;
      if (count > 0) parts[`${name}_${modality}`] = count;
    }
  };
  const read =
    claims.cacheReadBy === undefined
      ? take(claims.cacheRead ?? 0, left)
      : spread(claims.cacheRead ?? 0, claims.cacheReadBy);
  const unread = without(left, read);
  const [fiveMinutes, hour] = [claims.cacheWrite5m ?? 0, claims.cacheWrite1h ?? 0];
  const written = take(fiveMinutes, unread);
  const writtenLong = take(hour, without(unread, written));
  put("uncached", without(without(unread, written), writtenLong));
  put("cache_read", read);
  put("cache_write_5m", written);
  put("cache_write_1h", writtenLong);
  const out = spread(claims.output, claims.outputBy ?? {});
  // Thinking is text.
  put("visible", without(out, { text: claims.reasoning ?? 0 }));
  put("reasoning", { text: claims.reasoning ?? 0 });
  const assumed = (claims.cacheReadBy === undefined ? (claims.cacheRead ?? 0) : 0) + fiveMinutes + hour;
  const mixed = left.text !== claims.input && assumed > 0 && assumed < claims.input;
  return {
    state: "counted",
    usage: {
      parts,
      input: claims.input,
      output: claims.output,
      total: claims.input + claims.output,
      overlapAssumed: mixed,
    },
  };
}

function faultsOf(claims: CountClaims): CountFault[] {
  const faults: CountFault[] = [];
  const fault = (code: CountFaultCode, field: string, value: string): number =>
    faults.push({ code, field, value });
  for (const [field, value] of numbersIn(claims)) {
    if (!Number.isInteger(value) || value < 0) fault("not-a-count", field, String(value));
    else if (value > MOST_TOKENS) fault("too-large", field, String(value));
  }
  // Sums of what is no count would only repeat it.
  if (faults.length > 0) return faults;
  const { input, output } = claims;
  const read = claims.cacheRead ?? 0;
  const cached = read + (claims.cacheWrite5m ?? 0) + (claims.cacheWrite1h ?? 0);
  if (cached > input) fault("cached-exceeds-input", "cached", `${cached} of ${input}`);
  if (sumOf(claims.inputBy) > input)
    fault("modalities-exceed-total", "input", `${sumOf(claims.inputBy)} of ${input}`);
  if (sumOf(claims.outputBy) > output)
    fault("modalities-exceed-total", "output", `${sumOf(claims.outputBy)} of ${output}`);
  const text = spread(output, claims.outputBy ?? {}).text ?? 0;
  if ((claims.reasoning ?? 0) > text)
    fault("reasoning-exceeds-output", "reasoning", `${claims.reasoning ?? 0} of ${text}`);
  if (claims.cacheReadBy !== undefined && faults.length === 0) {
    const [by, whole] = [spread(read, claims.cacheReadBy), spread(input, claims.inputBy ?? {})];
    const over = modalities.find((each) => (by[each] ?? 0) < 0 || (by[each] ?? 0) > (whole[each] ?? 0));
    if (over !== undefined)
      fault("cached-modality-exceeds", `cached ${over}`, `${by[over] ?? 0} of ${whole[over] ?? 0}`);
  }
  if (claims.total !== undefined && claims.total !== input + output)
    fault("total-differs", "total", `${claims.total}, not ${input} + ${output}`);
  if (input + output > MOST_TOKENS) fault("too-large", "total", `${input} + ${output}`);
  return faults;
}

function numbersIn(claims: CountClaims): [string, number][] {
  return Object.entries(claims).flatMap(([field, value]): [string, number][] =>
    typeof value === "number"
      ? [[field, value]]
      : Object.entries(value as ByModality).map(([modality, count]) => [`${field}.${modality}`, count]),
  );
}

/** A total by modality: what is of no other one is text. */
function spread(total: number, by: ByModality): ByModality {
  const others = sumOf({ ...by, text: 0 });
  return { ...by, text: total - others };
}

/** Some of the tokens, text first. */
function take(count: number, from: ByModality): ByModality {
  let left = count;
  const taken: Partial<Record<Modality, number>> = {};
  for (const modality of modalities) {
    const given = Math.min(left, from[modality] ?? 0);
    taken[modality] = given;
    left -= given;
  }
  return taken;
}

const without = (from: ByModality, taken: ByModality): ByModality =>
  Object.fromEntries(modalities.map((each) => [each, (from[each] ?? 0) - (taken[each] ?? 0)]));

const sumOf = (by: ByModality = {}): number =>
  modalities.reduce((sum, modality) => sum + (by[modality] ?? 0), 0);
