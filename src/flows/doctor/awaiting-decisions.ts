import path from "node:path";
import { strayValuesOf } from "#flows/attribution/stray-values.ts";
import { answerInventory } from "#flows/inventory/answer-inventory.ts";
import { decidedAssignments } from "#flows/inventory/decide-workload.ts";
import type { Attribution } from "#facts/attribution.ts";
import type { AttributionKey } from "#facts/attribution-keys.ts";
import type { WorkloadType } from "#facts/workload.ts";
import { duckdbDialect } from "#lake/dialect.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { type Unpriced, unpriced } from "#lake/health/unpriced.ts";
import type { UnpricedModel } from "#lake/health/unpriced-calls.ts";
import { liveFiles, type LakePeriod } from "#lake/snapshot.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { formatDecimal, absolute } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** A sum of EffectiveCost, an exact decimal. */
interface Cost {
  readonly currency: string;
  readonly effectiveCost: string;
}

/** A workload whose type is a guess until a person says what it is. */
export interface UndecidedWorkload {
  readonly workload: string;
  /** As it is inferred; unknown where nothing tells. */
  readonly type: WorkloadType;
  readonly costs: readonly Cost[];
}

/** A tag's value that does not count. */
export interface UndecidedValue extends Cost {
  readonly key: AttributionKey;
  readonly value: string;
  /** Listed values that it is like; none if it is like none. */
  readonly meant: readonly string[];
  readonly charges: number;
}

/** What a person must say, since data can't. */
export interface AwaitingDecisions {
  readonly workloads: readonly UndecidedWorkload[];
  /** The days of charges that workloads were inferred from; absent where they were not looked at, and why not. */
  readonly inventory: { readonly from: string; readonly to: string } | { readonly notLooked: string };
  /** Charges of the open billing periods of invoices. */
  readonly values: readonly UndecidedValue[];
  readonly unpriced: readonly Unpriced[];
  /** Models whose calls nobody has a price of. */
  readonly models: readonly UnpricedModel[];
}

/** What is looked at. */
export interface AwaitingAsked {
  readonly where: StoreWhere;
  readonly now: number;
  /** Periods of invoices whose files are whole. */
  readonly periods: readonly LakePeriod[];
  readonly attribution: Attribution;
  readonly models: readonly UnpricedModel[];
  /** Why workloads can't be looked at, if they can't. */
  readonly notLooked?: string;
}

const DAY = 86_400_000;
/** A month of charges shows what runs now; older workloads await nobody. */
const INVENTORY_DAYS = 31;
const MOST_RESOURCES = 1000;
const MOST_VALUES = 50;

/** Counts what awaits a person: types that are guesses, tags that count as nothing, charges without a cost. Costliest first. */
export async function awaitingDecisions(
  db: Duckdb,
  lake: string,
  asked: AwaitingAsked,
): Promise<AwaitingDecisions> {
  const { periods, models } = asked;
  if (periods.length === 0)
    return {
      workloads: [],
      inventory: { notLooked: "nothing is invoiced" },
      values: [],
      unpriced: [],
      models,
    };
  return {
    ...(await undecidedWorkloads(asked)),
    values: await undecidedValues(db, asked),
    unpriced: await unpriced(db, lake, periods),
    models,
  };
}

async function undecidedWorkloads({
  where,
  now,
  periods,
  notLooked,
}: AwaitingAsked): Promise<Pick<AwaitingDecisions, "workloads" | "inventory">> {
  if (notLooked !== undefined) return { workloads: [], inventory: { notLooked } };
  const end = Math.ceil(Math.max(...periods.map(({ charges }) => charges.end)) / DAY) * DAY;
  const [from, to] = [end - INVENTORY_DAYS * DAY, end].map((time) => formatInstant(time)) as [string, string];
  try {
    const decided = await decidedAssignments(where);
    const asked = { data: where.data, from, to, top: MOST_RESOURCES, now };
    const { workloads } = await answerInventory(asked, {}, decided);
    return {
      workloads: workloads
        .filter(({ type }) => type.basis === "inferred" && type.confidence === "low")
        .map(({ id, type, costs }) => ({
          workload: id,
          type: type.value,
          costs: costs.map(({ currency, units }) => ({ currency, effectiveCost: formatDecimal(units) })),
        })),
      inventory: { from, to },
    };
  } catch (cause) {
    // A state that can't be reached is no fault of the lake, and must not hide the lake's health.
    if (!(cause instanceof Problem)) throw cause;
    return { workloads: [], inventory: { notLooked: cause.message } };
  }
}

/** Closed periods keep what they were closed with, so only open ones await anybody. */
async function undecidedValues(
  db: Duckdb,
  { where: { data }, periods, attribution }: AwaitingAsked,
): Promise<UndecidedValue[]> {
  const open = periods.filter(({ closed }) => !closed);
  if (open.length === 0) return [];
  const dialect = duckdbDialect((table) => liveFiles(path.resolve(data), open, table), "invoice");
  const window = {
    start: Math.min(...open.map(({ charges }) => charges.start)),
    end: Math.max(...open.map(({ charges }) => charges.end)) + 1,
  };
  const judged = { window, role: "invoice", limit: MOST_VALUES } as const;
  const stray = await strayValuesOf({ engine: db, dialect }, attribution, judged);
  return stray
    .sort((a, b) => (absolute(a.cost) > absolute(b.cost) ? -1 : 1))
    .map(({ key, value, meant, charges, currency, cost }) => ({
      key,
      value,
      meant,
      charges,
      currency,
      effectiveCost: formatDecimal(cost),
    }));
}
