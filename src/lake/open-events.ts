import path from "node:path";
import type { EventTable } from "#facts/event-table.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { type Dialect, duckdbDialect } from "./dialect.ts";
import type { Engine } from "./engines/duckdb.ts";
import { lendEngine } from "./engines/kept-engines.ts";
import { type EventDay, eventsOf } from "./events/event-days.ts";
import { filesOfDays } from "./events/event-months.ts";
import { readFault } from "./read-fault.ts";
import { lakeFolder, readLake } from "./snapshot.ts";

/** A table of events opened for questions at one version. */
export interface OpenEvents {
  readonly engine: Engine;
  readonly dialect: Dialect;
  readonly version: number;
  /** Live days that are in the window. */
  readonly days: readonly EventDay[];
  /** From the first event of the whole table to after its last, in whole days. */
  readonly covers: Window;
  /** Absolute paths of the live files of the table, or of one that is made of it, in the window. */
  files(name: string): string[];
  /** The first file of a table that can't be read to its end, relative to the lake; undefined if all can. */
  damagedFile(name: string): Promise<string | undefined>;
  close(): void;
}

const DAY = 86_400_000;

/**
 * @param window only days in it are opened
 * @throws Problem "lake-empty" if there was never such an event
 */
export async function openEvents(
  data: string,
  table: EventTable,
  window?: (covers: Window) => Window,
): Promise<OpenEvents> {
  const version = await readLake(data);
  const inForce = eventsOf(version.events, table);
  const all = inForce.days;
  const [first] = all;
  if (first === undefined)
    throw new Problem("lake-empty", `There are no ${table.name} in ${data} yet.`, {
      at: { file: data },
      hint: `docs/${table.name === "calls" ? "calls-in" : table.name}.md says how ${table.name} come into the lake.`,
    });
  const start = (day: EventDay): number => Date.parse(`${day.day}T00:00:00Z`);
  const covers = { start: start(first), end: start(all.at(-1) ?? first) + DAY };
  const asked = window?.(covers) ?? covers;
  const within = all.filter((day) => start(day) < asked.end && asked.start < start(day) + DAY);
  // A question whose window holds nothing still needs the columns: one day answers it with no rows.
  const days = within.length === 0 ? [first] : within;
  const lake = path.resolve(lakeFolder(data));
  const engine = await lendEngine(lake);
  const relative = (name: string): string[] => filesOfDays(inForce, days, table, { name, window: asked });
  return {
    engine,
    dialect: duckdbDialect(() => []),
    version: version.version,
    days: within,
    covers,
    files: (name) => relative(name).map((file) => path.join(lake, file)),
    damagedFile: async (name) => {
      for (const file of relative(name))
        if ((await readFault(engine, lake, [file])) !== undefined) return file;
      return undefined;
    },
    close: () => engine.close(),
  };
}
