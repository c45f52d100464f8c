import { callsTable } from "#facts/call-columns.ts";
import { openWriter, type Writer } from "#lake/writer.ts";
import { mergeMonths } from "#lake/events/event-months.ts";
import { computeAgain } from "#lake/events/write-day.ts";
import { beginsIn, type EventDay, eventsOf, withEvents } from "#lake/events/event-days.ts";
import { engineProblem } from "#lake/import/engine-problem.ts";
import { parquetFiles } from "#lake/parquet-files.ts";
import { publishVersion, readLake } from "#lake/snapshot.ts";
import type { ComputeEvents } from "#lake/events/compute-sql.ts";
import type { Patience } from "#lake/while-busy.ts";
import type { Instant } from "#units/instant.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { Window } from "#units/window.ts";
import { callPrices } from "./call-prices.ts";

/** What calls cost by the prices that they were kept with, and by those in force now, in one currency. */
export interface PriceMove {
  /** null: calls without a price. */
  readonly currency: string | null;
  readonly callsBefore: number;
  readonly callsAfter: number;
  /** Exact text; null for calls without a price. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What pricing calls anew did, or would do. */
export interface Repriced {
  readonly days: number;
  readonly moves: readonly PriceMove[];
  /** False if only the difference was asked for. */
  readonly kept: boolean;
}

export interface RepriceOptions {
  readonly now: Instant;
  /** Whole UTC days that begin in it. */
  readonly window?: Window;
  /** Change nothing. */
  readonly dryRun: boolean;
  readonly compute?: ComputeEvents;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onWait?: Patience["onWait"];
}

/**
 * Prices kept calls by what says now what tokens cost: all days at once in a new version, or none. What they cost before stays in former versions.
 * @throws Problem "lake-busy", "disk-full", "price-file-invalid"
 */
export async function repriceCalls(data: string, options: RepriceOptions): Promise<Repriced> {
  const { now, dryRun, onProgress = () => {}, onWait = () => {} } = options;
  const compute = options.compute ?? (await callPrices(data, now));
  const writer = await openWriter(data, [], now, onWait).catch((cause: unknown) => {
    throw engineProblem(cause, data);
  });
  try {
    const lake = await readLake(data);
    const version = lake.version + 1;
    const former = eventsOf(lake.events, callsTable);
    const chosen = former.days.filter((day) => beginsIn(day, options.window));
    const part = `part-v${String(version).padStart(8, "0")}-again`;
    const target = { db: writer.db, lake: writer.lake, table: callsTable, part, now };
    const after = new Map<string, EventDay>();
    for (const each of chosen) {
      after.set(each.day, await computeAgain(target, each, compute));
      onProgress(after.size, chosen.length);
    }
    const again = [...after.values()];
    const moves = movesOf(await sumsOf(writer, chosen), await sumsOf(writer, again));
    // What was written and is not put in force is swept like any rest.
    const kept =
      !dryRun && moves.some((move) => move.before !== move.after || move.callsBefore !== move.callsAfter);
    if (kept) {
      const days = former.days.map((each) => after.get(each.day) ?? each);
      const months = await mergeMonths(target, days, former.months);
      await publishVersion(data, {
        ...lake,
        version,
        at: now,
        events: withEvents(lake.events, callsTable, { ...former, days, months }),
      });
    }
    return { days: chosen.length, moves, kept };
  } catch (cause) {
    throw engineProblem(cause, "calls");
  } finally {
    await writer.close();
  }
}

type Sums = ReadonlyMap<string | null, { readonly calls: number; readonly cost: string | null }>;

async function sumsOf({ db, lake }: Writer, days: readonly EventDay[]): Promise<Sums> {
  if (days.length === 0) return new Map();
  const files = days.map(({ rollups }) => rollups[`${callsTable.name}_day`] ?? "");
  const rows = await db.run(
    `select "PricedCurrency" as currency, sum("Calls")::varchar as calls, sum("PricedCost")::varchar as cost from ${parquetFiles(lake, files)} group by 1 order by 1 nulls last`,
  );
  return new Map(
    rows.map((row) => [
      row["currency"] as string | null,
      {
        calls: Number(row["calls"]),
        cost: typeof row["cost"] === "string" ? formatDecimal(decimal(row["cost"])) : null,
      },
    ]),
  );
}

function movesOf(before: Sums, after: Sums): PriceMove[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((currency) => ({
    currency,
    callsBefore: before.get(currency)?.calls ?? 0,
    callsAfter: after.get(currency)?.calls ?? 0,
    before: before.get(currency)?.cost ?? null,
    after: after.get(currency)?.cost ?? null,
  }));
}
