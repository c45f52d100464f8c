import { Temporal } from "temporal-polyfill";
import { Problem } from "./problems.ts";

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

const ISO_UTC = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a date (its midnight in the zone) or a time that carries its zone.
 * @throws Problem "window-invalid" for anything else, a time without a zone among it
 */
export function instant(text: string, zone = "UTC"): Instant {
  if (!ISO_UTC.test(text)) {
    throw new Problem(
      "window-invalid",
      `"${text}" is neither a date (2026-07-01) nor a time with its zone (2026-07-01T00:00:00Z).`,
      { at: { value: text } },
    );
  }
  try {
    return text.length === 10
      ? Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds
      : Temporal.Instant.from(text).epochMilliseconds;
  } catch (cause) {
    throw new Problem("window-invalid", `"${text}" is not a date of the calendar.`, {
      at: { value: text },
      cause,
    });
  }
}

/** ISO 8601 in UTC with seconds, as FOCUS writes it: 2026-07-01T00:00:00Z. Milliseconds only where there are any. */
export function formatInstant(time: Instant): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
