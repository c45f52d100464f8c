import { dayIndex, hourOfDay, isWeekend, TOTAL_HOURS } from "./clock.ts";
import { bell, type Chance } from "./random.ts";

/** One value for each hour of the 13 weeks. */
export function hourly(value: (hour: number) => number): Float64Array {
  return Float64Array.from({ length: TOTAL_HOURS }, (_, hour) => value(hour));
}

/** Office hours of customers in Europe and on the American east coast, 0 to 1; weekends at 30 %. */
export function officeHours(hour: number): number {
  const time = hourOfDay(hour) + 0.5;
  const europe = Math.exp(-(((time - 10.5) / 3.4) ** 2));
  const america = 0.85 * Math.exp(-(((time - 16.5) / 3.2) ** 2));
  return (0.1 + 0.9 * Math.min(1, europe + america)) * (isWeekend(hour) ? 0.3 : 1);
}

/** Slow growth, given per week. */
export const growth = (hour: number, perWeek: number): number => (1 + perWeek) ** (hour / 168);

/** A factor around 1 with this spread for each hour, never below a fifth. */
export function jitter(of: Chance, hour: number, spread: number): number {
  return Math.max(0.2, 1 + spread * bell(of, hour));
}

/** The same for whole days. */
export const dailyJitter = (of: Chance, hour: number, spread: number): number =>
  jitter(of, dayIndex(hour) + 100_000, spread);

/** Bursts: most hours 1, about one in eleven between 2 and 3.5. */
export function spikes(of: Chance, hour: number): number {
  return of(hour + 500_000) < 0.09 ? 2 + 1.5 * of(hour + 700_000) : 1;
}
