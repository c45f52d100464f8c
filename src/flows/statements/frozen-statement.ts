import { z } from "zod";
import { attributionKeyNames } from "#facts/attribution-keys.ts";
import { measures } from "#facts/cost-question.ts";
import { type Split, splitMethods } from "#facts/split.ts";
import { type Correction, lineKinds, type Statement, type Sums } from "#analysis/statements/statement.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";

/** What a closed statement keeps. */
export interface Frozen {
  readonly statement: Statement;
  readonly corrections: readonly Correction[];
  /** Charges whose EffectiveCost nobody stated. */
  readonly unknown: number;
  /** The splits that it was made by, so that the month can be computed again as it was. */
  readonly splits: readonly Split[];
}

const units = z
  .string()
  .nullable()
  .transform((text) => (text === null ? undefined : decimal(text)));
const sums = z.object({ billed: units, effective: units });
const scope = z.string().nullable();
const schema = z.object({
  form: z.literal(1),
  unknown: z.number(),
  lines: z.array(
    z.object({
      scope,
      kind: z.enum(lineKinds),
      what: z.string(),
      currency: z.string(),
      charges: z.number(),
      sums,
    }),
  ),
  scopes: z.array(
    z.object({
      scope,
      currency: z.string(),
      direct: sums,
      // Statements that were closed before commitments were told apart have none of it.
      commitments: sums.default({ billed: undefined, effective: undefined }),
      credits: sums,
      shared: sums,
      corrections: sums,
      total: sums,
    }),
  ),
  totals: z.array(z.object({ currency: z.string(), sums })),
  corrections: z.array(z.object({ month: z.string(), scope, currency: z.string(), sums })),
  splits: z.array(
    z.object({
      id: z.string(),
      key: z.enum(attributionKeyNames),
      from: z.string(),
      method: z.enum(splitMethods),
      by: z.enum(measures),
      to: z.array(z.string()).optional(),
      shares: z.record(z.string(), z.string().transform(decimal)).optional(),
    }),
  ),
});

const sumsText = ({ billed, effective }: Sums): { billed: string | null; effective: string | null } => ({
  billed: billed === undefined ? null : formatDecimal(billed),
  effective: effective === undefined ? null : formatDecimal(effective),
});
/** A statement as it is kept: amounts are exact decimal strings, null is unknown. */
export const freeze = ({ statement, corrections, splits, unknown }: Frozen) => ({
  form: 1,
  unknown,
  lines: statement.lines.map(({ scope, kind, what, currency, charges, sums: of }) => ({
    scope,
    kind,
    what,
    currency,
    charges,
    sums: sumsText(of),
  })),
  scopes: statement.scopes.map((each) => ({
    scope: each.scope,
    currency: each.currency,
    direct: sumsText(each.direct),
    commitments: sumsText(each.commitments),
    credits: sumsText(each.credits),
    shared: sumsText(each.shared),
    corrections: sumsText(each.corrections),
    total: sumsText(each.total),
  })),
  totals: statement.totals.map(({ currency, sums: of }) => ({ currency, sums: sumsText(of) })),
  corrections: corrections.map(({ month, scope, currency, sums: of }) => ({
    month,
    scope,
    currency,
    sums: sumsText(of),
  })),
  splits: splits.map(({ to, shares, ...split }) => ({
    ...split,
    ...(to === undefined ? {} : { to: [...to] }),
    ...(shares === undefined
      ? {}
      : {
          shares: Object.fromEntries(
            Object.entries(shares).map(([name, weight]) => [name, formatDecimal(weight)]),
          ),
        }),
  })),
});

/**
 * Reads a kept statement.
 * @throws Problem "state-corrupt" if it is none
 */
export function thaw(content: string, name: string): Frozen {
  const parsed = schema.safeParse(JSON.parse(content));
  if (!parsed.success)
    throw new Problem("state-corrupt", `The closed statement ${name} can't be read.`, {
      cause: parsed.error,
    });
  const { lines, scopes, totals, corrections, splits, unknown } = parsed.data;
  return {
    statement: { lines, scopes, totals },
    corrections,
    unknown,
    splits: splits.map(({ to, shares, ...split }) => ({
      ...split,
      ...(to === undefined ? {} : { to }),
      ...(shares === undefined ? {} : { shares }),
    })),
  };
}
