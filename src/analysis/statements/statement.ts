/** Sums of a line in units of the 18th decimal; undefined where no charge states a value: unknown, not zero. */
export interface Sums {
  readonly billed: bigint | undefined;
  readonly effective: bigint | undefined;
}

/** What a line is. */
export const lineKinds = [
  "usage",
  "covered",
  "unused",
  "purchase",
  "tax",
  "credit",
  "adjustment",
  "shared",
  "given",
  "correction",
] as const;
export type LineKind = (typeof lineKinds)[number];

/** One line of a statement. */
export interface Line {
  /** Team, cost centre, model … ; null is what nobody owns. */
  readonly scope: string | null;
  /** usage, purchase, tax, credit, adjustment: FOCUS's charge categories; covered: usage that a commitment pays for; unused: the part of a
   * commitment that nobody used; shared: got from a split; given: given away by one; correction: what changed in a month after its statement
   * was closed. */
  readonly kind: LineKind;
  /** The service that was bought, whose cost was shared, or the month that was corrected. */
  readonly what: string;
  readonly currency: string;
  readonly charges: number;
  readonly sums: Sums;
}

/** What a scope bears in one currency. */
export interface StatementScope {
  readonly scope: string | null;
  readonly currency: string;
  readonly direct: Sums;
  /** Of that, what commitments cover and what of them nobody used: EffectiveCost of this month, billed when they were bought. */
  readonly commitments: Sums;
  readonly credits: Sums;
  /** Got from splits, less what was given away. */
  readonly shared: Sums;
  /** What changed in months whose statements were closed before. */
  readonly corrections: Sums;
  readonly total: Sums;
}

/** Who bears what of a month. The totals of the scopes add up to what was invoiced and the corrections, unit for unit. */
export interface Statement {
  readonly lines: readonly Line[];
  readonly scopes: readonly StatementScope[];
  readonly totals: readonly { readonly currency: string; readonly sums: Sums }[];
}

/** What changed for a scope in a month after its statement was closed; it is borne in the next statement that is not. */
export interface Correction {
  /** The month that changed, YYYY-MM. */
  readonly month: string;
  readonly scope: string | null;
  readonly currency: string;
  readonly sums: Sums;
}
