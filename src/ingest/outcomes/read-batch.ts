import { z } from "zod";
import type { Outcome } from "#facts/outcome.ts";
import { Problem } from "#units/problems.ts";
import { outcomeOf } from "./outcome-of.ts";

const MOST = 10_000;
const text = z.string().max(1000);
/** Decimals come as text or as numbers; a number's own text is read, so write what must be exact as text. */
const decimal = z.union([z.string().max(60), z.number()]).transform(String);

/** One outcome of a webhook. */
const outcome = z.strictObject({
  id: text,
  time: text,
  kind: text,
  count: decimal.optional(),
  success: z.boolean().nullish(),
  value: decimal.nullish(),
  currency: text.nullish(),
  labels: z.record(text, text).default({}),
});

/** What a webhook sends: `{"source": "helpdesk", "outcomes": […]}`. */
export const outcomeBatch = z.strictObject({
  source: z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,62}$/i, "letters, digits and . _ : -"),
  outcomes: z.array(outcome).min(1).max(MOST),
});

/**
 * Reads a batch: all of it, or nothing.
 * @throws Problem "outcomes-invalid" that names the place of everything that is wrong
 */
export function readOutcomeBatch(body: unknown): Outcome[] {
  const parsed = outcomeBatch.safeParse(body);
  if (!parsed.success)
    throw invalid(parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`));
  const { source, outcomes } = parsed.data;
  const read = outcomes.map(({ labels, success, value, currency, ...row }) =>
    outcomeOf(
      {
        ...labels,
        ...row,
        ...(success == null ? {} : { success: String(success) }),
        ...(value == null ? {} : { value }),
        ...(currency == null ? {} : { currency }),
      },
      source,
    ),
  );
  const faults = read.flatMap((each, index) =>
    "id" in each ? [] : each.map(({ field, what }) => `outcomes[${index}].${field} ${what}`),
  );
  if (faults.length > 0) throw invalid(faults);
  return read.flatMap((each) => ("id" in each ? [each] : []));
}

function invalid([first = "", ...others]: readonly string[]): Problem {
  const report = (message: string) =>
    ({ code: "outcomes-invalid", message: `${message.replace(/\.$/, "")}.` }) as const;
  return new Problem("outcomes-invalid", report(first).message, { others: others.slice(0, 20).map(report) });
}
