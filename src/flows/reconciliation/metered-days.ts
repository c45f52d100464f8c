import { filterText } from "#facts/cost-question.ts";
import type { BilledClass } from "#analysis/reconciliation/reconcile.ts";
import { outputTokenColumns } from "#facts/call-columns.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import type { CallGroup } from "#flows/calls/gather-calls.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { decimal } from "#units/decimal.ts";

/** What calls of a model came to on a day. */
export interface MeteredDay {
  readonly provider: string;
  readonly model: string;
  readonly project: string | null | undefined;
  readonly currency: string;
  readonly day: string;
  readonly calls: number;
  readonly unpriced: number;
  readonly tokens: Readonly<Record<BilledClass, bigint>>;
  readonly cost: bigint;
}

/** Calls to providers by day; those to machines of one's own are on no provider's bill. */
export async function meteredDays(
  asked: TimeAsked,
  byProject: boolean,
  source?: string,
): Promise<MeteredDay[]> {
  const { groups } = await answerCalls({
    ...asked,
    by: ["provider", "model", ...(byProject ? ["workload"] : [])],
    where: ["unpriced!=self-hosted", ...(source === undefined ? [] : [filterText("source", source)])],
    granularity: "day",
  });
  return groups.map((group): MeteredDay => {
    const { keys, bucket = "", calls, tokens, tokensKnown, pricedCosts, unpriced } = group;
    const [provider, model, project = null] = keys;
    // A call without counts has no price either; one whose currency is another's can't be compared.
    const without = unpriced.reduce((sum, each) => sum + each.calls, 0) + (pricedCosts.length > 1 ? 1 : 0);
    return {
      provider: provider ?? "",
      model: model ?? "",
      project: byProject ? project : undefined,
      currency: pricedCosts[0]?.currency ?? "USD",
      day: bucket.slice(0, 10),
      calls,
      unpriced: without + (tokensKnown < calls && without === 0 ? calls - tokensKnown : 0),
      tokens: classesOf(tokens),
      cost: decimal(pricedCosts[0]?.cost ?? "0"),
    };
  });
}

/** Cache writes are billed as input, at rates of their own. */
const classesOf = (tokens: CallGroup["tokens"]): Record<BilledClass, bigint> => {
  const sum = (names: readonly (keyof CallGroup["tokens"])[]): bigint =>
    names.reduce((all, name) => all + BigInt(tokens[name] ?? 0), 0n);
  return {
    input: sum(["UncachedInputTokens", "CacheWrite5mTokens", "CacheWrite1hTokens"]),
    cached: sum(["CacheReadTokens"]),
    output: sum(outputTokenColumns),
  };
};
