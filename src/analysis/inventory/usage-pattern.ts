import type { Sighting } from "#facts/sighting.ts";
import type { Window } from "#units/window.ts";

/** How much of the window something ran: always (at least 95 %), in bursts (at most 60 %), or between. */
export interface UsagePattern {
  readonly shape: "always" | "bursts" | "mixed";
  /** Hours with a machine up ÷ hours from the first start to the last end in the window, 0 to 1. */
  readonly runRatio: number;
  /** Times that a machine was started anew after none was up. */
  readonly starts: number;
}

const HOUR = 3_600_000;
/** A single day's charge shows no rhythm. */
const SHORTEST_HOURS = 48;

/**
 * The rhythm of machine time: the union of the spans in which machines were billed, each weighed by the share of its span that was
 * billed. A pool whose machines follow each other without a break has always run.
 * @returns undefined if no machine time was billed, or less than two days of it were looked at
 */
export function usagePattern(sightings: readonly Sighting[], window: Window): UsagePattern | undefined {
  const spans = sightings
    .flatMap(({ first, last, traits: { machineHours } }) => {
      if (first === undefined || last === undefined || machineHours === undefined || machineHours <= 0)
        return [];
      const [start, end] = [Math.max(first, window.start), Math.min(last, window.end)];
      return end > start ? [{ start, end, share: Math.min(1, (machineHours * HOUR) / (end - start)) }] : [];
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const first = spans[0];
  if (first === undefined) return undefined;
  const end = Math.max(...spans.map((span) => span.end));
  if (end - first.start < SHORTEST_HOURS * HOUR) return undefined;
  const { ran, starts } = union(spans);
  // What began early and ended early ran in a burst of its own: the window counts, not the life.
  const runRatio = Math.min(1, ran / (end - first.start));
  return { shape: runRatio >= 0.95 ? "always" : runRatio <= 0.6 ? "bursts" : "mixed", runRatio, starts };
}

/** Milliseconds that the spans cover; where they overlap, the largest share counts. */
function union(spans: readonly { start: number; end: number; share: number }[]): {
  ran: number;
  starts: number;
} {
  const edges = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  let ran = 0;
  let starts = 0;
  let up = false;
  let next = 0;
  let open: { end: number; share: number }[] = [];
  edges.slice(0, -1).forEach((edge, index) => {
    open = open.filter(({ end }) => end > edge);
    for (; (spans[next]?.start ?? Infinity) <= edge; next++) {
      const span = spans[next];
      if (span !== undefined) open.push(span);
    }
    const share = open.reduce((most, each) => Math.max(most, each.share), 0);
    if (share > 0 && !up) starts++;
    up = share > 0;
    ran += share * ((edges[index + 1] ?? edge) - edge);
  });
  return { ran, starts };
}
