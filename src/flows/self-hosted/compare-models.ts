import { breakEven, divideByTokens, type TokenCost, tokenCost } from "#analysis/self-hosted/token-cost.ts";
import { inputTokenColumns, outputTokenColumns } from "#facts/call-columns.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import type { CallGroup } from "#flows/calls/gather-calls.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { decimal, divideRounded } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity, Window } from "#units/window.ts";
import { type ApiPrice, apiPrice, parseApiModel } from "./api-price.ts";
import { type ModelWork, servedWork } from "./serving-work.ts";
import { servingCosts, type WorkloadCost } from "./serving-costs.ts";

/** What models are compared by. */
export interface ModelsCompared extends TimeAsked {
  readonly granularity?: Granularity;
  /** An API model that every self-hosted one is held against: `gpt-5-mini`, `gpt-5-mini@openai`. */
  readonly against?: string;
  /** A column of calls that a self-hosted model's cost is divided by: team, customer, … */
  readonly by?: string;
}

/** A model on machines of one's own. */
export interface SelfHosted extends ModelWork {
  readonly currency: string | undefined;
  readonly basis: WorkloadCost["basis"] | undefined;
  /** Undefined where no allocation says what its workload cost. */
  readonly cost: TokenCost | undefined;
  readonly api?: ApiPrice & {
    /** How busy its machines must be for a token to cost the same; units of the 18th decimal. Above 1: the API is always cheaper. */
    readonly breakEven: bigint | undefined;
  };
  /** Who used it, as their calls tell; the rest is told by no call. */
  readonly users?: readonly { readonly name: string | null; readonly cost: bigint }[];
  readonly unmetered?: bigint;
}

/** A model of an API, as its calls were priced. */
export interface ApiUse {
  readonly model: string | null;
  readonly provider: string | null;
  readonly bucket: string | undefined;
  readonly calls: number;
  /** Calls without a price: their cost is unknown, not zero. */
  readonly unpriced: number;
  /** Calls that don't tell their tokens: what the others tell is the least there was. */
  readonly uncounted: number;
  readonly input: bigint;
  readonly output: bigint;
  /** Input tokens that a cache held. */
  readonly cached: bigint;
  readonly currency: string | null;
  readonly cost: bigint;
  /** Per million tokens of the calls that have a price; undefined where not all have. */
  readonly perMillion: bigint | undefined;
}

/** What a million tokens cost, wherever they ran. */
export interface ModelComparison {
  readonly window: Window;
  readonly selfHosted: readonly SelfHosted[];
  readonly apis: readonly ApiUse[];
}

/**
 * What a million tokens cost on machines of one's own, on allocation and on usage basis, and at APIs.
 * @throws Problem "lake-empty" if there are neither signals nor calls, "model-unknown" for an unknown `against`, and those of `answerSignals` and `answerCalls`
 */
export async function compareModels(asked: ModelsCompared): Promise<ModelComparison> {
  const { data, now, granularity, against, by } = asked;
  const served = await orNothing(servedWork(asked));
  // Where no time is asked for, that of the servers is everybody's.
  const time = served === undefined ? asked : within(asked, served.window);
  const called = await orNothing(
    answerCalls({ ...time, by: ["model", "provider"], where: ["unpriced!=self-hosted"] }),
  );
  const window = served?.window ?? called?.question.window;
  if (window === undefined)
    throw new Problem("lake-empty", `There are neither signals of servers nor calls in ${data} yet.`, {
      at: { file: data },
      hint: "plimsoll signals collect reads servers of models from Prometheus; docs/models.md says what is needed.",
    });
  const works = served?.models ?? [];
  const costs = await servingCosts(data, window, granularity, [
    ...new Set(works.map(({ workload }) => workload)),
  ]);
  const usersOf = by === undefined ? undefined : await usersByModel(time, by);
  const selfHosted: SelfHosted[] = [];
  for (const work of works) {
    const own = costs.filter(
      ({ workload, bucket }) => workload === work.workload && sameTime(bucket, work.bucket),
    );
    const beside = works.filter(
      ({ workload, bucket }) => workload === work.workload && bucket === work.bucket,
    );
    const lines = own.length === 0 ? [undefined] : own;
    for (const each of lines) {
      const line = lineOf(work, each, beside);
      const api = against === undefined ? undefined : await held(asked, against, line, window, now);
      const users = usersOf === undefined ? {} : dividedAmong(line, usersIn(usersOf, work, works));
      selfHosted.push({ ...line, ...(api === undefined ? {} : { api }), ...users });
    }
  }
  return { window, selfHosted, apis: (called?.groups ?? []).flatMap(usesOf) };
}

function within(asked: ModelsCompared, { start, end }: Window): ModelsCompared {
  const { period: _, ...rest } = asked;
  return { ...rest, from: formatInstant(start), to: formatInstant(end) };
}

/** The lake may hold only one of the two. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "lake-empty") return undefined;
    throw cause;
  }
}

const sameTime = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && Date.parse(a) === Date.parse(b));

/** Several models of one workload bear its cost by their tokens. */
function lineOf(work: ModelWork, found: WorkloadCost | undefined, beside: readonly ModelWork[]): SelfHosted {
  if (found === undefined) return { ...work, currency: undefined, basis: undefined, cost: undefined };
  const tokens = (each: ModelWork): bigint => each.work.input + each.work.output;
  const all = beside.reduce((sum, each) => sum + tokens(each), 0n);
  const part = (units: bigint): bigint =>
    all === 0n ? units / BigInt(beside.length) : divideRounded(units * tokens(work), all, "half-even");
  const { gpu, other, otherIdle, idleShare } = found.cost;
  const cost = { gpu: part(gpu), other: part(other), otherIdle: part(otherIdle), idleShare: part(idleShare) };
  return { ...work, currency: found.currency, basis: found.basis, cost: tokenCost(cost, work.work) };
}

async function held(
  { data }: ModelsCompared,
  against: string,
  { work, requests, failed, currency, cost }: SelfHosted,
  window: Window,
  now: number,
): Promise<SelfHosted["api"]> {
  const at = Math.min(window.end, now);
  const price = await apiPrice(data, parseApiModel(against), work, requests + failed, at, now);
  const comparable = price.currency === currency;
  return {
    ...price,
    breakEven: comparable ? breakEven(cost?.usage?.perMillion, price.perMillion) : undefined,
  };
}

type Tokens = { readonly name: string | null; readonly input: bigint; readonly output: bigint };

interface UserTokens extends Tokens {
  readonly model: string;
  readonly bucket: string | undefined;
}

async function usersByModel(asked: ModelsCompared, by: string): Promise<UserTokens[]> {
  const answer = await orNothing(
    answerCalls({ ...asked, by: ["model", by], where: ["unpriced=self-hosted"] }),
  );
  return (answer?.groups ?? []).map(({ keys, bucket, tokens }) => {
    const [model, name = null] = keys;
    // What the caller's own cache held cost the server nothing.
    const input = sumOf(tokens, ["UncachedInputTokens", "CacheWrite5mTokens", "CacheWrite1hTokens"]);
    return { model: model ?? "", bucket, name, input, output: sumOf(tokens, outputTokenColumns) };
  });
}

/** Who used a model in a time; where several workloads serve it, nobody knows which of them a call went to, and each has its part by what it served. */
function usersIn(users: readonly UserTokens[], work: ModelWork, works: readonly ModelWork[]): Tokens[] {
  const beside = works.filter(({ model, bucket }) => model === work.model && bucket === work.bucket);
  const part = (tokens: bigint, of: "input" | "output"): bigint => {
    const all = beside.reduce((sum, each) => sum + each.work[of], 0n);
    return beside.length < 2 || all === 0n ? tokens : (tokens * work.work[of]) / all;
  };
  return users
    .filter(({ model, bucket }) => model === work.model && sameTime(bucket, work.bucket))
    .map(({ name, input, output }) => ({
      name,
      input: part(input, "input"),
      output: part(output, "output"),
    }));
}

const sumOf = (tokens: CallGroup["tokens"], columns: readonly (keyof CallGroup["tokens"])[]): bigint =>
  columns.reduce((sum, name) => sum + BigInt(tokens[name] ?? 0), 0n);

function dividedAmong(
  { cost, work }: SelfHosted,
  users: readonly Tokens[],
): Pick<SelfHosted, "users" | "unmetered"> {
  if (cost === undefined) return {};
  const { parts, rest } = divideByTokens(cost.allocation, work, users);
  return { users: users.map(({ name }, index) => ({ name, cost: parts[index] ?? 0n })), unmetered: rest };
}

function usesOf({ keys, bucket, calls, tokens, tokensKnown, pricedCosts, unpriced }: CallGroup): ApiUse[] {
  const [model = null, provider = null] = keys;
  const [input, output] = [sumOf(tokens, inputTokenColumns), sumOf(tokens, outputTokenColumns)];
  const without = unpriced.reduce((sum, each) => sum + each.calls, 0);
  const common = {
    model,
    provider,
    bucket: bucket === undefined ? undefined : formatInstant(Date.parse(bucket)),
    calls,
    unpriced: without,
    uncounted: calls - tokensKnown,
    input,
    output,
    cached: BigInt(tokens.CacheReadTokens ?? 0),
  };
  if (pricedCosts.length === 0) return [{ ...common, currency: null, cost: 0n, perMillion: undefined }];
  return pricedCosts.map(({ currency, cost }) => {
    const units = decimal(cost);
    // Tokens are of all calls, so a rate is known only where all have a price in one currency.
    const isWhole = without === 0 && tokensKnown === calls && pricedCosts.length === 1 && input + output > 0n;
    const perMillion = isWhole ? divideRounded(units * 1_000_000n, input + output, "half-even") : undefined;
    return { ...common, currency, cost: units, perMillion };
  });
}
