const HOUR_MS = 3_600_000;
/** Monday, 2026-06-01T00:00:00Z: hour 0 of the world. */
const START_MS = Date.UTC(2026, 5, 1);

export const TOTAL_DAYS = 91;
export const TOTAL_HOURS = TOTAL_DAYS * 24;

/** Hours since the world's start; a time is given as "2026-07-14T10" or "2026-07-14". */
export function hourAt(time: string): number {
  const text = time.length === 10 ? `${time}T00` : time;
  return (Date.parse(`${text}:00:00Z`) - START_MS) / HOUR_MS;
}

/** FOCUS's form of a time. */
export function isoTime(hour: number): string {
  return `${new Date(START_MS + hour * HOUR_MS).toISOString().slice(0, 19)}Z`;
}

/** Seconds since 1970. */
export function unixTime(hour: number): number {
  return (START_MS + hour * HOUR_MS) / 1000;
}

export const hourOfDay = (hour: number): number => hour % 24;
export const dayIndex = (hour: number): number => Math.floor(hour / 24);
/** 0 is Monday. */
export const weekday = (hour: number): number => dayIndex(hour) % 7;
export const isWeekend = (hour: number): boolean => weekday(hour) >= 5;

/** A month's invoice; `until` is the month's end even where the world ends earlier. */
export interface BillingPeriod {
  readonly month: string;
  readonly start: number;
  readonly until: number;
}

export const billingPeriods: readonly BillingPeriod[] = [
  { month: "2026-06", start: 0, until: hourAt("2026-07-01") },
  { month: "2026-07", start: hourAt("2026-07-01"), until: hourAt("2026-08-01") },
  { month: "2026-08", start: hourAt("2026-08-01"), until: hourAt("2026-09-01") },
];

/** The billing period an hour belongs to. */
export function billingPeriodOf(hour: number): BillingPeriod {
  const [june, july, august] = billingPeriods;
  if (june === undefined || july === undefined || august === undefined) throw new Error("three months");
  return hour < june.until ? june : hour < july.until ? july : august;
}

export const hoursIn = (period: BillingPeriod): number => period.until - period.start;
