import { instant, type Instant } from "./instant.ts";
import { Problem } from "./problems.ts";
import { type Granularity, periodOf, shift, startOf, type Window, window } from "./window.ts";

/**
 * Reads a named period: 2026, 2026-Q3, 2026-07, 2026-07-14, today, yesterday, this-month, last-month (and week, quarter, year),
 * last-7-days (and hours, weeks, months): whole units before the running one.
 * @throws Problem "window-invalid"
 */
export function parsePeriod(text: string, now: Instant, zone = "UTC"): Window {
  const quarter = /^(\d{4})-Q([1-4])$/i.exec(text);
  if (quarter !== null) {
    const month = String(Number(quarter[2]) * 3 - 2).padStart(2, "0");
    return periodOf("quarter", instant(`${quarter[1]}-${month}-01`, zone), zone);
  }
  if (/^\d{4}$/.test(text)) return periodOf("year", instant(`${text}-01-01`, zone), zone);
  if (/^\d{4}-\d{2}$/.test(text)) return periodOf("month", instant(`${text}-01`, zone), zone);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return periodOf("day", instant(text, zone), zone);
  if (text === "today") return periodOf("day", now, zone);
  if (text === "yesterday") return before("day", 1, now, zone);
  const relative = /^(this|last)-(hour|day|week|month|quarter|year)$/.exec(text);
  if (relative !== null) {
    const unit = relative[2] as Granularity;
    return relative[1] === "this" ? periodOf(unit, now, zone) : before(unit, 1, now, zone);
  }
  const several = /^last-(\d{1,4})-(hour|day|week|month|quarter|year)s?$/.exec(text);
  if (several !== null && Number(several[1]) > 0)
    return before(several[2] as Granularity, Number(several[1]), now, zone);
  throw new Problem("window-invalid", `"${text}" is not a period.`, {
    at: { value: text },
    hint: "Write 2026, 2026-Q3, 2026-07, 2026-07-14, last-month, this-month or last-7-days.",
  });
}

/**
 * The window that one is compared with: `previous` (the same number of whole months, or the same length, just before),
 * `same-weekdays` (the same length, moved back by whole weeks), `year-ago`, or FROM..TO.
 * @throws Problem "window-invalid"
 */
export function parseComparison(text: string, current: Window, zone = "UTC"): Window {
  const { start, end } = current;
  const length = end - start;
  switch (text) {
    case "previous": {
      const months = wholeMonths(current, zone);
      return months === undefined
        ? { start: start - length, end: start }
        : { start: shift("month", start, -months, zone), end: start };
    }
    case "same-weekdays": {
      const week = 7 * 86_400_000;
      const back = Math.ceil(length / week) * week;
      return { start: start - back, end: end - back };
    }
    case "year-ago": {
      const months = wholeMonths(current, zone);
      if (months === undefined) return { start: start - 364 * 86_400_000, end: end - 364 * 86_400_000 };
      return { start: shift("month", start, -12, zone), end: shift("month", end, -12, zone) };
    }
    default: {
      const [from, to, more] = text.split("..");
      if (from === undefined || to === undefined || more !== undefined) {
        throw new Problem("window-invalid", `"${text}" is not a comparison.`, {
          at: { value: text },
          hint: "Write previous, same-weekdays, year-ago or FROM..TO such as 2026-06-01..2026-07-01.",
        });
      }
      return window(instant(from, zone), instant(to, zone));
    }
  }
}

function before(unit: Granularity, count: number, now: Instant, zone: string): Window {
  return { start: shift(unit, now, -count, zone), end: startOf(unit, now, zone) };
}

/** How many calendar months a window is, if it is whole ones. */
function wholeMonths({ start, end }: Window, zone: string): number | undefined {
  if (startOf("month", start, zone) !== start || startOf("month", end, zone) !== end) return undefined;
  for (let months = 1; months <= 120; months++)
    if (shift("month", start, months, zone) === end) return months;
  return undefined;
}

/**
 * What a period is compared with, as a person writes it: `previous`, `same-weekdays`, `year-ago`, FROM..TO, or a period of its own such as 2026-06.
 * @throws Problem "window-invalid"
 */
export function parseCompared(text: string, current: Window, now: Instant): Window {
  const isRelative = ["previous", "same-weekdays", "year-ago"].includes(text) || text.includes("..");
  return isRelative ? parseComparison(text, current) : parsePeriod(text, now);
}
