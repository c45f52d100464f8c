import { z } from "zod";
import { type DivisionOutcome, undividedReasons } from "#facts/division.ts";

/** Live files per table, relative to the lake. */
export const filesSchema = z.object({
  charges: z.array(z.string()),
  charges_hour: z.array(z.string()),
  charges_day: z.array(z.string()),
});

const money = { currency: z.string(), charges: z.number(), effectiveCost: z.string().nullable() };
const outcomeSchema: z.ZodType<DivisionOutcome> = z.object({
  divided: z.array(z.object({ by: z.string(), ...money })),
  idle: z.array(z.object({ kind: z.string(), currency: z.string(), effectiveCost: z.string().nullable() })),
  undivided: z.array(z.object({ reason: z.enum(undividedReasons), ...money })),
  passedOver: z.array(z.object({ source: z.string(), taken: z.string(), charges: z.number() })),
});

/** A billing period's node charges, divided by who used the nodes. */
export const divisionSchema = z.object({
  /** What it was made of; where this is no longer what the lake holds, it is made anew. */
  of: z.object({
    /** Imports of the period itself. */
    charges: z.array(z.string()),
    /** Imports of role allocation that speak of its time. */
    allocations: z.array(z.string()),
  }),
  files: filesSchema,
  /** Rows given and received. They are no charges: a period's `rows` leaves them out. */
  rows: z.number(),
  outcome: outcomeSchema,
});

/** A billing period's node charges, divided by who used the nodes. */
export type Division = z.infer<typeof divisionSchema>;
