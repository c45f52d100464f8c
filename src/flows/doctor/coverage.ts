import path from "node:path";
import { type AttributionKey, attributionKeyNames } from "#facts/attribution-keys.ts";
import { duckdbDialect } from "#lake/dialect.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { attributionCoverage, coverageByTeam } from "#lake/queries/attribution-coverage.ts";
import { filesOf, type LakePeriod } from "#lake/snapshot.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";

/** EffectiveCost, as exact decimals, by what the value of a key rests on; the four add up to the whole. */
export interface KeyShare {
  readonly tag: string;
  /** Rules and overrides. */
  readonly rule: string;
  readonly guess: string;
  readonly none: string;
}

/** What the keys are known of. Amounts are exact decimals. */
export interface Covered {
  readonly charges: number;
  /** Charges whose EffectiveCost nobody states: in none of the sums. */
  readonly unknownCharges: number;
  readonly effectiveCost: string;
  readonly keys: Readonly<Record<AttributionKey, KeyShare>>;
}

/** A team, null for nobody, and how much of its cost each key is known of. */
export interface TeamCoverage {
  readonly team: string | null;
  readonly charges: number;
  readonly effectiveCost: string;
  readonly with: Readonly<Record<AttributionKey, string>>;
}

/** How much of what was invoiced in one currency says whose it is. */
export interface Coverage extends Covered {
  readonly currency: string;
  /** By the calendar month, YYYY-MM, that charges start in, in order. */
  readonly months: readonly (Covered & { readonly month: string })[];
  /** The costliest, nobody counted as one. */
  readonly teams: readonly TeamCoverage[];
  /** True if there are more teams than are given. */
  readonly moreTeams: boolean;
}

/** More teams than these would be read by nobody; a report gives them all. */
const MOST_TEAMS = 50;

/**
 * How much of EffectiveCost says whose it is, by key, by month and by team, per currency; from daily rollups.
 * @param lake folder of the lake
 * @param periods whose files are whole
 */
export async function coverageOf(
  db: Duckdb,
  lake: string,
  periods: readonly LakePeriod[],
): Promise<Coverage[]> {
  if (periods.length === 0) return [];
  const dialect = duckdbDialect((table) =>
    periods.flatMap((period) => filesOf(period, table).map((file) => path.join(lake, file))),
  );
  const months = (await db.query(attributionCoverage(dialect))).map((row) => ({
    currency: String(row["currency"]),
    month: String(row["month"]).slice(0, 7),
    sums: sumsOf(row),
  }));
  const teams = await db.query(coverageByTeam(dialect, MOST_TEAMS + 1));
  return [...new Set(months.map(({ currency }) => currency))].sort().map((currency) => {
    const own = months.filter((each) => each.currency === currency);
    const its = teams.filter((row) => row["currency"] === currency);
    return {
      currency,
      ...coveredOf(own.map(({ sums }) => sums).reduce(addSums)),
      months: own.map(({ month, sums }) => ({ month, ...coveredOf(sums) })),
      teams: its.slice(0, MOST_TEAMS).map(teamOf),
      moreTeams: its.length > MOST_TEAMS,
    };
  });
}

const bases = ["tag", "rule", "guess"] as const;

interface Sums {
  readonly charges: number;
  readonly unknown: number;
  readonly total: bigint;
  /** Per key, in their order, what rests on each basis. */
  readonly keys: readonly Readonly<Record<(typeof bases)[number], bigint>>[];
}

const exact = (value: unknown): bigint => decimal(String(value));

const sumsOf = (row: Row): Sums => ({
  charges: Number(row["charges"]),
  unknown: Number(row["unknown"]),
  total: exact(row["total"]),
  keys: attributionKeyNames.map((_, index) => ({
    tag: exact(row[`tag${index}`]),
    rule: exact(row[`rule${index}`]),
    guess: exact(row[`guess${index}`]),
  })),
});

const addSums = (a: Sums, b: Sums): Sums => ({
  charges: a.charges + b.charges,
  unknown: a.unknown + b.unknown,
  total: a.total + b.total,
  keys: a.keys.map(({ tag, rule, guess }, index) => ({
    tag: tag + (b.keys[index]?.tag ?? 0n),
    rule: rule + (b.keys[index]?.rule ?? 0n),
    guess: guess + (b.keys[index]?.guess ?? 0n),
  })),
});

function coveredOf({ charges, unknown, total, keys }: Sums): Covered {
  const share = (index: number): KeyShare => {
    const { tag = 0n, rule = 0n, guess = 0n } = keys[index] ?? {};
    const none = total - tag - rule - guess;
    return {
      tag: formatDecimal(tag),
      rule: formatDecimal(rule),
      guess: formatDecimal(guess),
      none: formatDecimal(none),
    };
  };
  return { charges, unknownCharges: unknown, effectiveCost: formatDecimal(total), keys: eachKey(share) };
}

const teamOf = (row: Row): TeamCoverage => ({
  team: typeof row["team"] === "string" ? row["team"] : null,
  charges: Number(row["charges"]),
  effectiveCost: formatDecimal(exact(row["total"])),
  with: eachKey((index) => formatDecimal(exact(row[`with${index}`]))),
});

const eachKey = <T>(value: (index: number) => T): Record<AttributionKey, T> =>
  Object.fromEntries(attributionKeyNames.map((key, index) => [key, value(index)])) as Record<
    AttributionKey,
    T
  >;
