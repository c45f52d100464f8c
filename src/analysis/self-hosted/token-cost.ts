import { divide, divideRounded, ONE } from "#units/decimal.ts";
import { allocateUnits } from "#units/money.ts";

/** What a model that runs on machines of one's own cost in some time, in units of the 18th decimal of one currency. */
export interface ServingCost {
  /** Of GPUs that its workload held, whatever they did. */
  readonly gpu: bigint;
  /** Of everything else that it was allocated. */
  readonly other: bigint;
  /** Of `other`, what it held and did not use. */
  readonly otherIdle: bigint;
  /** Its part of what nobody held on its nodes. */
  readonly idleShare: bigint;
}

/** What it did meanwhile. Tokens are whole; an input token that a cache held is in `input` too. */
export interface ServingWork {
  readonly input: bigint;
  readonly output: bigint;
  /** Input tokens that the prefix cache held; undefined where nobody counts them. */
  readonly cached: bigint | undefined;
  /** Microseconds of prefill and of decoding; undefined where nobody measures them. */
  readonly time: { readonly prefill: bigint; readonly decode: bigint } | undefined;
  /** How busy its GPUs were on average, 0 to 1; undefined where nobody measures it. */
  readonly gpuActive: number | undefined;
}

/** Cost per million tokens, in units of the 18th decimal; undefined where there are no such tokens. */
export interface TokenRates {
  readonly cost: bigint;
  readonly perMillion: bigint | undefined;
  /** Per million input tokens that had to be computed. */
  readonly inputPerMillion: bigint | undefined;
  readonly outputPerMillion: bigint | undefined;
}

/**
 * How cost was divided between input and output.
 * - compute-time: by the time of prefill and decoding, cached tokens left out
 * - compute-time-uncorrected: the same, and nobody counts cached tokens
 * - multiplier: an output token counts as 2.5 input tokens, since nobody measures the times
 */
export type SplitMethod = "compute-time" | "compute-time-uncorrected" | "multiplier";

/** A token's cost on both bases. */
export interface TokenCost {
  /** All that was allocated and the share of idle machines: adds up to the bill. */
  readonly allocation: TokenRates;
  /** What was used: GPUs by how busy they were, nothing that stood idle. Undefined where nobody measures how busy they were. */
  readonly usage: TokenRates | undefined;
  readonly split: SplitMethod;
  /** Usage ÷ allocation, 0 to 1, in units of the 18th decimal. */
  readonly utilisation: bigint | undefined;
  /** Cached ÷ input, in units of the 18th decimal. */
  readonly cacheHits: bigint | undefined;
}

const MILLION = 1_000_000n;
/** An output token counts as 5 halves of an input token where no time is measured. */
const OUTPUT_HALVES = 5n;

/**
 * What a token of a self-hosted model costs, on the bases that OpenCost 1.121 names.
 * @see OpenCost, docs/inference-cost-tracking: cost bases, input and output split, KV cache correction
 */
export function tokenCost({ gpu, other, otherIdle, idleShare }: ServingCost, work: ServingWork): TokenCost {
  const cost = gpu + other + idleShare;
  const { gpuActive } = work;
  // Activity has no more digits than this that mean anything.
  const active = gpuActive === undefined ? undefined : BigInt(Math.round(gpuActive * 1e9));
  const used =
    gpu === 0n
      ? other - otherIdle
      : active === undefined
        ? undefined
        : (gpu * active) / 1_000_000_000n + other - otherIdle;
  return {
    allocation: ratesOf(cost, work),
    usage: used === undefined ? undefined : ratesOf(used, work),
    split: splitOf(work),
    utilisation: used === undefined || cost <= 0n ? undefined : divide(used, cost, "half-even"),
    cacheHits:
      work.cached === undefined || work.input === 0n
        ? undefined
        : divideRounded(work.cached * ONE, work.input, "half-even"),
  };
}

function ratesOf(cost: bigint, work: ServingWork): TokenRates {
  const { input, output, cached = 0n } = work;
  const [inputWeight, outputWeight] = weightsOf(work);
  const all = inputWeight + outputWeight;
  const inputCost = all === 0n ? 0n : divideRounded(cost * inputWeight, all, "half-even");
  const computed = input > cached ? input - cached : 0n;
  return {
    cost,
    perMillion: perMillion(cost, input + output),
    inputPerMillion: perMillion(inputCost, computed),
    outputPerMillion: perMillion(cost - inputCost, output),
  };
}

/** By what cost is divided between input and output. */
function weightsOf({ input, output, time }: ServingWork): readonly [bigint, bigint] {
  if (time !== undefined && time.prefill + time.decode > 0n) return [time.prefill, time.decode];
  return [2n * input, OUTPUT_HALVES * output];
}

const splitOf = ({ time, cached }: ServingWork): SplitMethod =>
  time === undefined || time.prefill + time.decode === 0n
    ? "multiplier"
    : cached === undefined
      ? "compute-time-uncorrected"
      : "compute-time";

const perMillion = (cost: bigint, tokens: bigint): bigint | undefined =>
  tokens <= 0n ? undefined : divideRounded(cost * MILLION, tokens, "half-even");

/**
 * How busy the machines must be for a token to cost what an API asks for it: the usage basis is what it costs at full use. Above 1 the API is cheaper
 * however busy they are.
 * @param apiPerMillion for tokens in the same mix
 * @returns units of the 18th decimal; undefined where a side is unknown or not above zero
 */
export function breakEven(
  usagePerMillion: bigint | undefined,
  apiPerMillion: bigint | undefined,
): bigint | undefined {
  if (usagePerMillion === undefined || apiPerMillion === undefined || apiPerMillion <= 0n) return undefined;
  return divide(usagePerMillion, apiPerMillion, "half-even");
}

/**
 * Divides what a model cost among those whose calls used it, by the cost of their input and output tokens; what no call tells of is the last part.
 * @param parts tokens of each, in the order of the result
 * @returns parts in units of the 18th decimal, and the rest; all of them add up to `rates.cost`
 */
export function divideByTokens(
  rates: TokenRates,
  work: ServingWork,
  parts: readonly { readonly input: bigint; readonly output: bigint }[],
): { readonly parts: readonly bigint[]; readonly rest: bigint } {
  const { inputPerMillion = 0n, outputPerMillion = 0n } = rates;
  const weight = (each: { readonly input: bigint; readonly output: bigint }): bigint =>
    each.input * inputPerMillion + each.output * outputPerMillion;
  const weights = parts.map(weight);
  const metered = weights.reduce((sum, each) => sum + each, 0n);
  const cached = work.cached ?? 0n;
  const served = weight({ input: work.input > cached ? work.input - cached : 0n, output: work.output });
  // Callers may count more than servers tell, as after a gap; then there is no rest.
  const whole = metered > served ? metered : served;
  if (whole === 0n) return { parts: weights, rest: rates.cost };
  const divided = allocateUnits(rates.cost, [...weights, whole - metered]);
  return { parts: divided.slice(0, -1), rest: divided.at(-1) ?? 0n };
}
