import { literal, quoted } from "#facts/source-mapping.ts";
import { COVERED, NEGATION, RESIDUE } from "./line-items.ts";

/** Delivered names of the columns that a residue is made of. */
export interface ResidueColumns {
  readonly type: string;
  readonly unblended: string;
  readonly netUnblended: string | undefined;
  /** What names a bill: payer, period, currency. */
  readonly bill: readonly string[];
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly usageStart: string;
  readonly usageEnd: string;
}

/**
 * SQL of the delivered rows and, for each bill whose covered usage and negations don't cancel to the last digit, one row with the
 * difference. Both are booked as 0, since a plan's fee pays for them; without this row a rounding of AWS would leave the books.
 */
export function withResidue(columns: ResidueColumns): string {
  const type = quoted(columns.type);
  const unblended = quoted(columns.unblended);
  const net = columns.netUnblended === undefined ? "null" : `nullif(${quoted(columns.netUnblended)}, '')`;
  const difference = `sum(try_cast(coalesce(${net}, ${unblended}) as decimal(38,18)))`;
  const bill = columns.bill.map(quoted).join(", ");
  const amounts = [columns.unblended, columns.netUnblended].filter((name) => name !== undefined);
  return `select * from delivered union all by name
    select min(x_File) as x_File, min(x_Row) as x_Row, ${literal(RESIDUE)} as ${type}, ${bill},
      ${quoted(columns.periodStart)} as ${quoted(columns.usageStart)}, ${quoted(columns.periodEnd)} as ${quoted(columns.usageEnd)},
      ${amounts.map((name) => `${difference}::varchar as ${quoted(name)}`).join(", ")}
    from delivered where ${type} in (${literal(COVERED)}, ${literal(NEGATION)})
    group by ${bill} having ${difference} <> 0`;
}
