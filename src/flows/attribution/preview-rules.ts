import { type Attribution, type AttributionRule } from "#facts/attribution.ts";
import { type AttributionKey, attributionKeyNames, attributionKeys } from "#facts/attribution-keys.ts";
import { openLake, type OpenLake } from "#lake/open-lake.ts";
import { coverageChange, heldByRules, type Judged, movedByRules } from "#lake/queries/attribution-change.ts";
import { type LakePeriod, readLake } from "#lake/snapshot.ts";
import { decimal } from "#units/decimal.ts";
import { type StrayValue, strayValuesOf } from "./stray-values.ts";

/** A sum of EffectiveCost in units of the 18th decimal, and the charges in it. */
export interface Cost {
  readonly currency: string;
  readonly charges: number;
  readonly cost: bigint;
}

/** What a key is known of, in one currency, before and after. */
export interface KeyCoverage {
  readonly key: AttributionKey;
  readonly currency: string;
  readonly total: bigint;
  readonly before: bigint;
  readonly after: bigint;
}

/** Cost that goes from one value of a key to another; undefined stands for nobody. */
export interface Move extends Cost {
  readonly before?: string;
  readonly after?: string;
  /** What the new value rests on: tag, or the rule. */
  readonly basis?: string;
}

/** What a rule holds for, whether it is the first to do so or not. */
export interface RuleReach {
  readonly rule: AttributionRule;
  readonly held: readonly Cost[];
}

/** What rules would change, in money. */
export interface Preview {
  readonly coverage: readonly KeyCoverage[];
  readonly moves: readonly Move[];
  /** True if there are more moves than are given. */
  readonly more: boolean;
  readonly rules: readonly RuleReach[];
  readonly stray: readonly StrayValue[];
  /** Closed billing periods: they keep the rules they were closed with, so nothing here is of them. */
  readonly closed: readonly LakePeriod[];
}

/** More conditions in one query would make it slow to plan. */
const RULES_AT_ONCE = 40;

/**
 * What rules would change against those in force, before they are published: of the open billing periods. Nothing is written.
 * @param asked the key whose moves are shown, the charges judged, and the most moves and stray values to give
 * @throws Problem "lake-empty"
 */
export async function previewRules(
  data: string,
  after: Attribution,
  asked: Judged & { readonly key: AttributionKey; readonly limit: number },
): Promise<Preview> {
  const { periods } = await readLake(data);
  const closed = periods.filter((period) => period.closed);
  if (closed.length > 0 && closed.length === periods.length)
    return { coverage: [], moves: [], more: false, rules: [], stray: [], closed };
  const lake = await openLake(data, asked.window, asked.role, (period) => !period.closed);
  try {
    const moves = await movesOf(lake, after, asked);
    return {
      coverage: await coverageOf(lake, after, asked),
      moves: moves.slice(0, asked.limit),
      more: moves.length > asked.limit,
      rules: await reachOf(lake, after.rules, asked),
      stray: await strayValuesOf(lake, after, asked),
      closed,
    };
  } finally {
    lake.close();
  }
}

async function coverageOf(
  { engine, dialect }: OpenLake,
  after: Attribution,
  judged: Judged,
): Promise<KeyCoverage[]> {
  const rows = await engine.query(coverageChange(dialect, after, judged));
  return rows.flatMap((row) =>
    attributionKeyNames.map((key, index) => ({
      key,
      currency: String(row["currency"]),
      total: decimal(String(row["total"])),
      before: decimal(String(row[`before${index}`])),
      after: decimal(String(row[`after${index}`])),
    })),
  );
}

async function movesOf(
  { engine, dialect }: OpenLake,
  after: Attribution,
  { key, limit, ...judged }: Judged & { readonly key: AttributionKey; readonly limit: number },
): Promise<Move[]> {
  const rows = await engine.query(movedByRules(dialect, after, attributionKeys[key], judged, limit + 1));
  return rows.map((row) => ({
    ...costOf(row),
    ...optional("before", row["before"]),
    ...optional("after", row["after"]),
    ...optional("basis", row["basis"]),
  }));
}

async function reachOf(
  { engine, dialect }: OpenLake,
  rules: readonly AttributionRule[],
  judged: Judged,
): Promise<RuleReach[]> {
  const reach: RuleReach[] = [];
  for (let start = 0; start < rules.length; start += RULES_AT_ONCE) {
    const some = rules.slice(start, start + RULES_AT_ONCE);
    const rows = await engine.query(heldByRules(dialect, some, judged));
    some.forEach((rule, index) => {
      const held = rows.map((row) => ({
        currency: String(row["currency"]),
        charges: Number(row[`charges${index}`]),
        cost: decimal(String(row[`cost${index}`])),
      }));
      reach.push({ rule, held: held.filter(({ charges, cost }) => charges > 0 || cost !== 0n) });
    });
  }
  return reach;
}

const costOf = (row: Readonly<Record<string, unknown>>): Cost => ({
  currency: String(row["currency"]),
  charges: Number(row["charges"]),
  cost: decimal(String(row["cost"])),
});

const optional = <N extends string>(name: N, value: unknown): { readonly [K in N]?: string } =>
  typeof value === "string" ? ({ [name]: value } as { [K in N]: string }) : {};
