import type { ChargeColumn } from "#facts/charge-columns.ts";
import type { Granularity } from "#units/window.ts";

/** The parts of the list that people look a report up in. */
export const reportGroups = [
  "Invoices and accounts",
  "Services and resources",
  "Rates and savings",
  "Commitments and reservations",
  "Credits and corrections",
  "Owners and budgets",
  "Virtual currency",
  "AI",
] as const;
export type ReportGroup = (typeof reportGroups)[number];

/** A column of a named report that the engine adds up. */
export interface ReportSum {
  /** Name of the column in results. */
  readonly name: string;
  /** What is summed; x_Charges counts charges. */
  readonly of: ChargeColumn | "x_Charges";
  /** Counts the different values of the column instead. */
  readonly distinct: boolean;
  /** Only charges that pass all of these, written as in --where. */
  readonly when: readonly string[];
  /** Summed only to derive another column. */
  readonly hidden: boolean;
}

/** A row as derived columns see it: undefined is unknown, which is not zero. */
export interface SummedRow {
  readonly sum: (name: string) => bigint | undefined;
  /** A group's value; undefined in rows of others and totals. */
  readonly key: (name: string) => string | null | undefined;
}

/** A column computed from sums, never by the engine: engines divide decimals differently. */
export interface ReportDerived {
  readonly name: string;
  /** share: 0 to 1; decimal: at the 18th decimal, rounded half to even. */
  readonly kind: "decimal" | "share";
  readonly from: (row: SummedRow) => bigint | undefined;
}

/** A question that many ask, under a name: groups, sums, and what follows from the sums. */
export interface NamedReport {
  /** As it is asked for: `plimsoll report <name>`. */
  readonly name: string;
  readonly group: ReportGroup;
  readonly title: string;
  /** One sentence: what it answers. */
  readonly what: string;
  /** Where the question is from. */
  readonly source: string;
  /** Columns to group by, as in --by. The currency is always one of them. */
  readonly by: readonly string[];
  /** Buckets of time; another size can be asked for with --granularity. */
  readonly period?: Granularity;
  /** charge: when it was used; billing: the period it was invoiced in. */
  readonly time: "charge" | "billing";
  /** Charges the report is about, as in --where. */
  readonly where: readonly string[];
  readonly sums: readonly ReportSum[];
  readonly derived?: readonly ReportDerived[];
  /** Groups to keep, where that can't be said as a filter. */
  readonly keep?: (key: (name: string) => string | null | undefined) => boolean;
  /** The first sum against the bucket before. */
  readonly change?: boolean;
  /** How many groups are shown unless --top says otherwise; all if absent. */
  readonly top?: number;
  /** A filter that people usually add. */
  readonly example?: string;
}

type Options = Partial<Omit<ReportSum, "of">>;

/** A column's sum, under its own name unless another is given. */
export const sum = (of: ReportSum["of"], options: Options = {}): ReportSum => ({
  name: of,
  of,
  distinct: false,
  when: [],
  hidden: false,
  ...options,
});

/** The number of charges. */
export const charges: ReportSum = sum("x_Charges");

/** The number of different values of a column. */
export const distinct = (of: ChargeColumn, name: string): ReportSum => sum(of, { name, distinct: true });
