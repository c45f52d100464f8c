import { hourAt } from "./clock.ts";

/** The hours at which the story turns. Whatever needs one takes it from here, so that all emissions agree. */
export const story = {
  natFrom: hourAt("2026-06-24"),
  natUntil: hourAt("2026-06-27"),
  natFactor: 6,
  priceCut: hourAt("2026-07-01"),
  agentsPromptFrom: hourAt("2026-07-14T06"),
  agentsPromptUntil: hourAt("2026-07-28T10"),
  sweepTypoFrom: hourAt("2026-07-22T19"),
  sweepTypoUntil: hourAt("2026-07-23T03"),
  launch: hourAt("2026-08-04"),
  launchFactor: 1.35,
  rerankMinimum: hourAt("2026-08-12T09"),
  outageFrom: hourAt("2026-08-19T10"),
  outageUntil: hourAt("2026-08-19T15"),
  silentEndpoint: hourAt("2026-06-22"),
  trainOnSpot: hourAt("2026-07-06T12"),
  embedBatchSize: hourAt("2026-07-20T12"),
  classifySmaller: hourAt("2026-08-10"),
  lateFrom: hourAt("2026-08-27"),
  sandboxEnded: hourAt("2026-07-10"),
  sandboxGone: hourAt("2026-07-29"),
} as const;

/** True in the hours [from, until). */
export const during = (hour: number, from: number, until: number): boolean => hour >= from && hour < until;
