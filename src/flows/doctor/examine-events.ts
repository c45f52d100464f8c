import { stat } from "node:fs/promises";
import path from "node:path";
import type { EventTable } from "#facts/event-table.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { dayFiles, type EventDay, eventsOf, eventTables } from "#lake/events/event-days.ts";
import { type EventImbalance, type EventProof, proveEvents } from "#lake/health/prove-events.ts";
import { journalFolder, waitingBytes } from "#lake/journal/segments.ts";
import { firstLine, readFault } from "#lake/read-fault.ts";
import type { LakeVersion } from "#lake/snapshot.ts";

/** The health of one table of events. */
export interface EventHealth {
  readonly table: string;
  readonly rows: number;
  readonly days: number;
  /** The first and the last event, ms. */
  readonly first: number;
  readonly last: number;
  readonly compared: number;
  readonly imbalances: readonly EventImbalance[];
  readonly damaged: readonly { readonly file: string; readonly why: string }[];
  /** Bytes that wait in the journal. */
  readonly waitingBytes: number;
}

/**
 * Reads every file of events to its end and proves the rollups of each day against its events. Nothing is changed.
 * @param lake folder of the lake
 */
export async function examineEvents(
  db: Duckdb,
  data: string,
  lake: string,
  version: LakeVersion,
): Promise<EventHealth[]> {
  const found: EventHealth[] = [];
  for (const table of eventTables) {
    const { days } = eventsOf(version.events, table);
    const waiting = await waitingBytes(journalFolder(data, table.name));
    if (days.length === 0 && waiting === 0) continue;
    const looked = await Promise.all(days.map((day) => lookAt(db, lake, table, day)));
    found.push({
      table: table.name,
      rows: days.reduce((sum, { rows }) => sum + rows, 0),
      days: days.length,
      first: Math.min(...days.map(({ first }) => first)),
      last: Math.max(...days.map(({ last }) => last)),
      compared: looked.reduce((sum, { proof }) => sum + (proof?.compared ?? 0), 0),
      imbalances: looked.flatMap(({ proof }) => proof?.imbalances ?? []),
      damaged: looked.flatMap(({ damaged }) => damaged),
      waitingBytes: waiting,
    });
  }
  return found;
}

async function lookAt(
  db: Duckdb,
  lake: string,
  table: EventTable,
  day: EventDay,
): Promise<{ proof?: EventProof; damaged: EventHealth["damaged"] }> {
  const damaged: EventHealth["damaged"][number][] = [];
  for (const file of dayFiles(day)) {
    const why = await faultOf(db, lake, file);
    if (why !== undefined) damaged.push({ file, why });
  }
  if (damaged.length > 0) return { damaged };
  try {
    return { proof: await proveEvents(db, lake, table, day), damaged };
  } catch (cause) {
    // Files that can be read, yet don't hold what the lake's files hold.
    return {
      damaged: [{ file: `a file of ${table.name} ${day.day}`, why: `can't be read (${firstLine(cause)})` }],
    };
  }
}

async function faultOf(db: Duckdb, lake: string, file: string): Promise<string | undefined> {
  const there = await stat(path.join(lake, file)).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return false;
      throw cause;
    },
  );
  if (!there) return "is missing";
  const why = await readFault(db, lake, [file]);
  return why === undefined ? undefined : `can't be read (${why.replaceAll(`${lake}${path.sep}`, "")})`;
}
