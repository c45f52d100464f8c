import { filterText } from "#facts/cost-question.ts";
import { inputTokenColumns, outputTokenColumns, type TokenColumn } from "#facts/call-columns.ts";
import { valueOf } from "#facts/cost-row.ts";
import type { Split } from "#facts/split.ts";
import type { UnitCostDenominator, UnitCostNumerator } from "#facts/unit-cost-definition.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import type { CallGroup } from "#flows/calls/gather-calls.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { answerOutcomes } from "#flows/outcomes/answer-outcomes.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { answerSignals } from "#flows/signals/answer-signals.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
import { decimal, ONE } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity } from "#units/window.ts";

/** Of which time, and in which pieces. */
export interface PiecesAsked extends TimeAsked {
  readonly granularity?: Granularity;
}

/** A cost in one currency and piece of time, at the 18th decimal. */
export interface CostAmount {
  /** ISO 8601; undefined where time is not cut. */
  readonly bucket: string | undefined;
  readonly currency: string;
  readonly cost: bigint;
  /** True if it lacks something whose cost is unknown. */
  readonly incomplete: boolean;
  /** Of calls that failed, and that were done again; undefined where the cost is not of calls. */
  readonly failed?: bigint;
  readonly retried?: bigint;
}

/** How many there were in a piece of time, at the 18th decimal. */
export interface VolumeAmount {
  readonly bucket: string | undefined;
  /** undefined where some of it is not known. */
  readonly volume: bigint | undefined;
  /** Of those of which it is known. */
  readonly succeeded?: bigint;
  readonly failed?: bigint;
}

/**
 * What the numerator comes to.
 * @param splits those of `plimsoll.yaml`, for statements
 * @throws Problem "option-invalid" for a statement of something else than months, and those of what is asked
 */
export async function costAmounts(
  asked: PiecesAsked,
  of: UnitCostNumerator,
  splits: readonly Split[],
): Promise<CostAmount[]> {
  switch (of.from) {
    case "charges":
      return chargeAmounts(asked, of.texts);
    case "calls":
      return callAmounts(asked, of.texts);
    case "statement":
      return statementAmounts(asked, of, splits);
  }
}

async function chargeAmounts(asked: PiecesAsked, where: readonly string[]): Promise<CostAmount[]> {
  const { data, ...time } = asked;
  const { question } = await exactQuestion(data, {
    ...time,
    where,
    measures: ["EffectiveCost"],
    spread: true,
  });
  const { rows } = await reportCost(data, { question });
  return rows.map((row) => ({
    bucket: row.bucket === undefined ? undefined : formatInstant(row.bucket),
    currency: row.currency,
    cost: row.sums[0] ?? 0n,
    incomplete: valueOf(row, 0) === undefined || (row.known[0] ?? 0) < row.charges,
  }));
}

async function callAmounts(asked: PiecesAsked, where: readonly string[]): Promise<CostAmount[]> {
  const costs = async (more: readonly string[]): Promise<readonly CallGroup[]> =>
    (await answerCalls({ ...asked, by: [], where: [...where, ...more] })).groups;
  const [all, failed, retried] = [
    await costs([]),
    await costs(["status=error"]),
    await costs(["retry=true", "status!=error"]),
  ];
  const of = (groups: readonly CallGroup[], bucket: string | undefined, currency: string): bigint => {
    const group = groups.find((each) => each.bucket === bucket);
    return decimal(group?.pricedCosts.find((each) => each.currency === currency)?.cost ?? "0");
  };
  return all.flatMap(({ bucket, pricedCosts, unpriced }) =>
    pricedCosts.flatMap(({ currency, cost }) =>
      currency === null
        ? []
        : [
            {
              bucket: plainTime(bucket),
              currency,
              cost: decimal(cost),
              incomplete: unpriced.length > 0,
              failed: of(failed, bucket, currency),
              retried: of(retried, bucket, currency),
            },
          ],
    ),
  );
}

/** All pieces of time in one way of writing. */
const plainTime = (bucket: string | undefined): string | undefined =>
  bucket === undefined ? undefined : formatInstant(Date.parse(bucket));

async function statementAmounts(
  { data, period, granularity }: PiecesAsked,
  { key, value }: Extract<UnitCostNumerator, { from: "statement" }>,
  splits: readonly Split[],
): Promise<CostAmount[]> {
  if (
    period === undefined ||
    !/^\d{4}-\d{2}$/.test(period) ||
    (granularity !== undefined && granularity !== "month")
  )
    throw new Problem(
      "option-invalid",
      "A cost with its part of shared cost is of a statement, and these are of months.",
      {
        hint: "Ask for a month such as 2026-07, without --granularity.",
      },
    );
  const { statement, unknown } = await monthStatement({ data }, { month: period, key, splits });
  return statement.scopes
    .filter(({ scope }) => scope === value)
    .map(({ currency, total }) => ({
      bucket: granularity === undefined ? undefined : formatInstant(Date.parse(`${period}-01T00:00:00Z`)),
      currency,
      cost: total.effective ?? 0n,
      incomplete: unknown > 0,
    }));
}

/** What the denominator comes to; nothing where the lake has no such events. */
export async function volumeAmounts(asked: PiecesAsked, of: UnitCostDenominator): Promise<VolumeAmount[]> {
  try {
    return await volumes(asked, of);
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "lake-empty") return [];
    throw cause;
  }
}

async function volumes(asked: PiecesAsked, of: UnitCostDenominator): Promise<VolumeAmount[]> {
  const where = of.texts;
  switch (of.of) {
    case "outcome": {
      const { groups } = await answerOutcomes({
        ...asked,
        by: [],
        where: [...where, filterText("Kind", of.kind)],
      });
      return groups.map(({ bucket, count, succeeded, failed }) => ({
        bucket: plainTime(bucket),
        volume: count,
        succeeded,
        failed,
      }));
    }
    case "signal": {
      const { groups } = await answerSignals({ ...asked, signals: [of.signal], by: [], where });
      return groups.map(({ bucket, total = 0 }) => ({ bucket: plainTime(bucket), volume: measured(total) }));
    }
    default: {
      const { groups } = await answerCalls({ ...asked, by: [], where });
      return groups.map((group) => ({
        bucket: plainTime(group.bucket),
        volume: countOf(group, of.of),
        ...(of.of === "calls"
          ? {
              succeeded: BigInt(group.statusKnown - group.failed) * ONE,
              failed: BigInt(group.failed) * ONE,
            }
          : {}),
      }));
    }
  }
}

/** A measured number has no more decimals than nine that mean anything. */
const measured = (value: number): bigint => decimal(value.toFixed(9));

function countOf(
  { calls, uncounted, tokens, tokensKnown }: CallGroup,
  of: "calls" | "tokens" | "input-tokens" | "output-tokens",
): bigint | undefined {
  const columns: Record<Exclude<typeof of, "calls">, readonly TokenColumn[]> = {
    tokens: [...inputTokenColumns, ...outputTokenColumns],
    "input-tokens": inputTokenColumns,
    "output-tokens": outputTokenColumns,
  };
  if (of === "calls") return uncounted > 0 ? undefined : BigInt(calls) * ONE;
  if (tokensKnown < calls) return undefined;
  return columns[of].reduce((sum, name) => sum + BigInt(tokens[name] ?? 0), 0n) * ONE;
}
