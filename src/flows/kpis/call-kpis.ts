import type { Kpi } from "#analysis/bridge/compare-kpis.ts";
import { inputTokenColumns, outputTokenColumns, type TokenColumn } from "#facts/call-columns.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import type { CallGroup, Latencies } from "#flows/calls/gather-calls.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { decimal, divideRounded, ONE } from "#units/decimal.ts";
import {
  cost,
  costPer,
  type KpiKey,
  type KpisByKey,
  METERED_COST,
  quantity,
  shareOf,
  whole,
} from "./kpi-row.ts";

/** ISO 4217's code where there is none: what has no price has no currency either. */
const NO_CURRENCY = "XXX";

/** Calls to models: how many, how they went, tokens, cache, latency, cost and what one and a million tokens cost. */
export async function callKpis(asked: TimeAsked, by: KpiKey): Promise<KpisByKey> {
  const { groups } = await answerCalls({ ...asked, by: [by], where: [] });
  return new Map(groups.map((group) => [group.keys[0] ?? null, kpisOf(group)]));
}

function kpisOf(group: CallGroup): Kpi[] {
  const {
    calls,
    uncounted,
    failed,
    statusKnown,
    retried,
    retryKnown,
    tokens,
    tokensKnown,
    pricedCosts,
    unpriced,
  } = group;
  const counted = uncounted > 0 ? undefined : whole(calls);
  const sum = (names: readonly TokenColumn[]): bigint | undefined =>
    tokensKnown < calls ? undefined : names.reduce((all, name) => all + whole(tokens[name] ?? 0), 0n);
  const [input, output] = [sum(inputTokenColumns), sum(outputTokenColumns)];
  const all = input === undefined || output === undefined ? undefined : input + output;
  const cached = sum(["CacheReadTokens"]);
  // What runs on machines of one's own costs what they do, and is no gap.
  const gaps = unpriced.some(({ reason }) => reason !== "self-hosted");
  const own = unpriced.reduce((sum, each) => sum + (each.reason === "self-hosted" ? each.calls : 0), 0);
  // They are in no unit cost; nobody knows here which of the tokens are theirs.
  const paid = counted === undefined ? undefined : counted - whole(own);
  const paidTokens = own > 0 ? undefined : all;
  return [
    quantity("calls", "calls", counted),
    quantity("failed calls", "ratio", statusKnown === 0 ? undefined : shareOf(failed, statusKnown), "lower"),
    ...(retryKnown === 0
      ? []
      : [quantity("calls done again", "ratio", shareOf(retried, retryKnown), "lower")]),
    quantity("input tokens", "tokens", input),
    quantity("output tokens", "tokens", output),
    quantity(
      "input from cache",
      "ratio",
      input === undefined || cached === undefined || input === 0n
        ? undefined
        : divideRounded(cached * ONE, input, "half-even"),
      "higher",
    ),
    ...latencies("call", group.duration),
    ...latencies("first token", group.firstToken),
    ...(gaps && pricedCosts.every(({ currency }) => currency === null)
      ? [cost(METERED_COST, NO_CURRENCY, undefined)]
      : []),
    ...pricedCosts.flatMap(({ currency, cost: text }) => {
      if (currency === null) return [];
      const spent = decimal(text);
      const incomplete = gaps || pricedCosts.length > 1;
      return [
        cost(METERED_COST, currency, gaps ? undefined : spent),
        costPer("cost per 1,000 calls", { currency, per: 1000n, what: "calls" }, spent, paid, incomplete),
        costPer(
          "cost per million tokens",
          { currency, per: 1_000_000n, what: "tokens" },
          spent,
          paidTokens,
          incomplete,
        ),
      ];
    }),
  ];
}

const latencies = (what: string, of: Latencies | undefined): Kpi[] =>
  of === undefined
    ? []
    : (["p50", "p95", "p99"] as const).map((name) =>
        quantity(`${what} ${name}`, "seconds", seconds(of[name].microseconds), "lower"),
      );

const seconds = (microseconds: number): bigint => (BigInt(Math.round(microseconds)) * ONE) / 1_000_000n;
