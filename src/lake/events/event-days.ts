import path from "node:path";
import { z } from "zod";
import { callsTable } from "#facts/call-columns.ts";
import { outcomesTable } from "#facts/outcome-columns.ts";
import { signalsTable } from "#facts/signal-columns.ts";
import { type EventTable, eventTableNames } from "#facts/event-table.ts";
import type { Window } from "#units/window.ts";

/** The kinds of events that the lake keeps. */
export const eventTables: readonly EventTable[] = [callsTable, signalsTable, outcomesTable];

/** A day of a table, in UTC. */
const daySchema = z.object({
  /** YYYY-MM-DD. */
  day: z.string(),
  rows: z.number(),
  /** The first and the last event, ms; both are in. */
  first: z.number(),
  last: z.number(),
  /** Live files of the events, relative to the lake, each in order of time. */
  parts: z.array(z.object({ file: z.string(), rows: z.number() })),
  /** Live file per rollup. */
  rollups: z.record(z.string(), z.string()),
  updatedAt: z.number(),
});

/** Daily rollups of a month in one file each: a question about many days opens few files. */
const monthSchema = z.object({
  /** YYYY-MM. */
  month: z.string(),
  /** Daily rollups of `<table>_day` that it was made of, in order of days: where these are not those of the month's days, it tells nothing. */
  of: z.array(z.string()),
  /** File per rollup: by the day, and of the whole month (`<table>_month`); relative to the lake. */
  rollups: z.record(z.string(), z.string()),
});

/** What the lake consists of at one moment, as to events. */
export const eventsSchema = z.array(
  z.object({
    table: z.string(),
    days: z.array(daySchema),
    months: z.array(monthSchema).optional(),
    /** Segments of the journal whose events are in these days: what is left of them is to be removed and never read again. */
    consumed: z.array(z.string()),
  }),
);

export type EventDay = z.infer<typeof daySchema>;
export type EventMonth = z.infer<typeof monthSchema>;
export type LakeEvents = z.infer<typeof eventsSchema>;

/** A table's days that are in force, oldest first, their months, and the segments that they hold. */
export interface EventsInForce {
  readonly days: readonly EventDay[];
  readonly months: readonly EventMonth[];
  readonly consumed: readonly string[];
}

/** Whether a day begins in a window; every day does where there is none. */
export function beginsIn({ day }: EventDay, window: Window | undefined): boolean {
  const start = Date.parse(`${day}T00:00:00Z`);
  return window === undefined || (start >= window.start && start < window.end);
}

/** What is in force of a table. */
export function eventsOf(events: LakeEvents | undefined, { name }: EventTable): EventsInForce {
  const { days = [], months = [], consumed = [] } = events?.find(({ table }) => table === name) ?? {};
  return { days, months, consumed };
}

/** Events with those of one table replaced. */
export const withEvents = (
  events: LakeEvents | undefined,
  { name }: EventTable,
  { days, months, consumed }: EventsInForce,
): LakeEvents => [
  ...(events ?? []).filter(({ table }) => table !== name),
  { table: name, days: [...days], months: [...months], consumed: [...consumed] },
];

/** Every live file of events, relative to the lake. */
export const eventFiles = (events: LakeEvents | undefined): string[] =>
  (events ?? []).flatMap(({ days, months = [] }) => [
    ...days.flatMap(dayFiles),
    ...months.flatMap(({ rollups }) => Object.values(rollups)),
  ]);

/** Every live file of a day, relative to the lake. */
export const dayFiles = ({ parts, rollups }: EventDay): string[] => [
  ...parts.map(({ file }) => file),
  ...Object.values(rollups),
];

/** Folders of the lake that hold events and nothing else. */
export const eventFolders: readonly string[] = eventTables.flatMap(eventTableNames);

/** Live files of one of a table's tables, in days, relative to the lake. */
export const filesOfTable = (days: readonly EventDay[], table: EventTable, name: string): string[] =>
  days.flatMap(({ parts, rollups }) =>
    name === table.name ? parts.map(({ file }) => file) : (rollups[name] ?? []),
  );

/** Where a file of a day (YYYY-MM-DD) or of a month (YYYY-MM) lies, relative to the lake. */
export const eventPath = (table: string, time: string, part: string): string =>
  path.join(table, `${time.length === 7 ? "month" : "day"}=${time}`, `${part}.parquet`);
