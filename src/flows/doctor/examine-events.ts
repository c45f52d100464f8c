import { stat } from "node:fs/promises";
import path from "node:path";
import type { EventTable } from "#facts/event-table.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import {
  dayFiles,
  type EventDay,
  type EventsInForce,
  eventsOf,
  eventTables,
} from "#lake/events/event-days.ts";
import { proveMonths } from "#lake/health/prove-months.ts";
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
    const inForce = eventsOf(version.events, table);
    const { days } = inForce;
    const waiting = await waitingBytes(journalFolder(data, table.name));
    if (days.length === 0 && waiting === 0) continue;
    const looked = await Promise.all(days.map((day) => lookAt(db, lake, table, day)));
    // What can't be compared, since a day can't be read, is told of the day.
    const areWhole = looked.every(({ damaged }) => damaged.length === 0);
    looked.push(await lookAtMonths(db, lake, table, inForce, areWhole));
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

interface Looked {
  readonly proof?: EventProof;
  readonly damaged: EventHealth["damaged"];
}

const lookAt = (db: Duckdb, lake: string, table: EventTable, day: EventDay): Promise<Looked> =>
  look(db, lake, dayFiles(day), `a file of ${table.name} ${day.day}`, () =>
    proveEvents(db, lake, table, day),
  );

const lookAtMonths = (
  db: Duckdb,
  lake: string,
  table: EventTable,
  inForce: EventsInForce,
  areDaysWhole: boolean,
): Promise<Looked> =>
  look(
    db,
    lake,
    inForce.months.flatMap(({ rollups }) => Object.values(rollups)),
    `a month's file of ${table.name}`,
    () => (areDaysWhole ? proveMonths(db, lake, table, inForce) : undefined),
  );

async function look(
  db: Duckdb,
  lake: string,
  files: readonly string[],
  what: string,
  prove: () => Promise<EventProof> | undefined,
): Promise<Looked> {
  const damaged: EventHealth["damaged"][number][] = [];
  for (const file of files) {
    const why = await faultOf(db, lake, file);
    if (why !== undefined) damaged.push({ file, why });
  }
  if (damaged.length > 0) return { damaged };
  try {
    const proof = await prove();
    return { damaged, ...(proof === undefined ? {} : { proof }) };
  } catch (cause) {
    // Files that can be read, yet don't hold what the lake's files hold.
    return { damaged: [{ file: what, why: `can't be read (${firstLine(cause)})` }] };
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
