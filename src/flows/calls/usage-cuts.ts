import type { Call } from "#facts/call.ts";
import { callsTable } from "#facts/call-columns.ts";
import { usageAttributes } from "#ingest/calls/usage-buckets.ts";
import { openEvents } from "#lake/open-events.ts";
import { sql } from "#lake/sql.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/**
 * Sees that usage is not brought in twice in two cuts, such as by the hour and by the day: its rows would have other ids, and all of them would count.
 * On a day all buckets of a provider have one width; all results of a bucket come together, so what they are grouped by is one list too.
 */
export class UsageCuts {
  readonly #source: string;
  readonly #cuts = new Cuts();

  constructor(source: string) {
    this.#source = source;
  }

  add(calls: readonly Call[]): void {
    for (const { summed, start, provider, attributes } of calls)
      if (summed !== undefined)
        this.#cuts.add(
          provider,
          formatInstant(start),
          attributes[usageAttributes.width] ?? "",
          attributes[usageAttributes.grouped] ?? "",
        );
  }

  /** @throws Problem "usage-overlaps" */
  async check(data: string): Promise<void> {
    if (this.#cuts.days.size === 0) return;
    const kept = await cutsInLake(data, this.#source);
    for (const [day, widths] of this.#cuts.days) {
      const all = new Set([...widths, ...(kept.days.get(day) ?? [])]);
      if (all.size > 1) throw overlap(day, `in buckets of ${[...all].sort().join(" and ")}`);
    }
    for (const [bucket, keys] of this.#cuts.buckets) {
      const before = kept.buckets.get(bucket);
      if (before !== undefined && named(before) !== named(keys))
        throw overlap(bucket, `grouped by ${named(keys)}, and the lake has it by ${named(before)}`);
    }
  }
}

const named = (keys: ReadonlySet<string>): string => [...keys].sort().join(", ") || "nothing";

/** Widths by provider and day, and what results are grouped by, by provider and start of a bucket. */
class Cuts {
  readonly days = new Map<string, Set<string>>();
  readonly buckets = new Map<string, Set<string>>();

  add(provider: string, start: string, width: string, grouped: string): void {
    addTo(this.days, `${provider} of ${start.slice(0, 10)}`, [width]);
    addTo(
      this.buckets,
      `${provider} of ${start}`,
      grouped.split(",").filter((key) => key !== ""),
    );
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = sets.get(key) ?? new Set();
  for (const value of values) set.add(value);
  sets.set(key, set);
}

async function cutsInLake(data: string, source: string): Promise<Cuts> {
  const cuts = new Cuts();
  const lake = await openEvents(data, callsTable).catch((cause: unknown) => {
    if (cause instanceof Problem && cause.code === "lake-empty") return undefined;
    throw cause;
  });
  if (lake === undefined) return cuts;
  try {
    const rows = await lake.engine.query(sql`
      select distinct "Provider" as provider, cast(epoch_ms("StartTime") as varchar) as start,
        coalesce("Attributes"[${usageAttributes.width}], '') as width, coalesce("Attributes"[${usageAttributes.grouped}], '') as grouped
      from ${lake.dialect.files(lake.files(callsTable.name))} where "Summed" and "x_Source" = ${source}`);
    for (const { provider, start, width, grouped } of rows)
      cuts.add(String(provider), formatInstant(Number(start)), String(width), String(grouped));
    return cuts;
  } finally {
    lake.close();
  }
}

const overlap = (of: string, how: string): Problem =>
  new Problem("usage-overlaps", `Usage of ${of} comes ${how}: it would count twice.`);
