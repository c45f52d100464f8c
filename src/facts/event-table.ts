/**
 * What a column of events holds. count: a whole number; money: an exact decimal; measure: what was measured, to nine decimals; flag: true or
 * false; tags: texts by key; counts: whole numbers by key.
 */
export type EventType = "text" | "time" | "count" | "money" | "measure" | "flag" | "tags" | "counts";

/** A column of an event table. */
export interface EventColumn {
  readonly type: EventType;
  readonly what: string;
  /** No event is without it. */
  readonly required?: true;
}

/** A sum of a rollup: an aggregate in plain SQL over the events' columns. Rollups of parts are added up again, so it must bear that. */
export interface EventSum {
  readonly type: "count" | "money" | "measure";
  readonly sql: string;
  /** How rows of rollups are put together; added up if absent. */
  readonly again?: "max";
}

/** What is kept of events by the hour and by the day, so that questions need not read them. */
export interface EventRollup {
  /** Columns with few values, by which the sums are kept apart. */
  readonly dimensions: readonly string[];
  /** The first is the number of events. */
  readonly sums: Readonly<Record<string, EventSum>>;
  /** How many events fell into each latency bucket, per measured column, by dimensions that are fewer: each multiplies the buckets. */
  readonly latencies?: {
    readonly dimensions: readonly string[];
    /** Columns of whole microseconds. */
    readonly columns: readonly string[];
  };
}

/** A kind of event that the lake keeps by day: what an event is, by what two of them are the same, and what is summed of them. */
export interface EventTable {
  readonly name: string;
  /** What is delivered. */
  readonly columns: Readonly<Record<string, EventColumn>>;
  /** What is made of it when an event becomes part of the lake, such as its price; kept beside it. */
  readonly computed?: Readonly<Record<string, EventColumn>>;
  /** Columns that together name one event for ever; the first is its source. */
  readonly key: readonly string[];
  /** The column whose day, in UTC, an event lies in. */
  readonly time: string;
  readonly rollup: EventRollup;
}

/** A value of an event's column; null and absent are unknown. */
export type EventValue = string | number | boolean | Readonly<Record<string, string | number>> | null;
/** An event by its table's columns. Times are milliseconds since 1970. */
export type EventRow = Readonly<Record<string, EventValue | undefined>>;

/** All columns that are kept of an event, in stored order. */
export const storedColumns = ({
  columns,
  computed = {},
}: EventTable): Readonly<Record<string, EventColumn>> => ({
  ...columns,
  ...computed,
});

/** The tables that are made of an event table, itself among them, by their names in the lake. */
export const eventTableNames = ({ name, rollup }: EventTable): readonly string[] => [
  name,
  `${name}_hour`,
  `${name}_day`,
  `${name}_month`,
  ...(rollup.latencies === undefined
    ? []
    : [`${name}_latency_hour`, `${name}_latency_day`, `${name}_latency_month`]),
];
