import type { MeasuredPoint } from "#ingest/otlp/measured-series.ts";

/** Generations of the conventions' names, the newest first: instrumentations in transition send several, and all count the same tokens. */
const generations = [
  /^gen_ai\.client\.inference\.usage\./,
  /^gen_ai\.client\.inference\./,
  /^gen_ai\.client\.token\./,
];

/** So many senders are remembered. */
const MOST_SENDERS = 100_000;

/** Lets of several metrics that say the same of a sender only one count: the one that it sent first, of several at once the newest. */
export class OneMeasure {
  readonly #chosen = new Map<string, string>();

  /** @returns the points that count */
  among(points: readonly MeasuredPoint[]): MeasuredPoint[] {
    for (const generation of generations)
      for (const point of points) {
        const key = keyOf(point);
        if (key !== undefined && generation.test(point.name) && !this.#chosen.has(key))
          this.#choose(key, point.name);
      }
    return points.filter((point) => {
      const key = keyOf(point);
      return key === undefined || (this.#chosen.get(key) ?? point.name) === point.name;
    });
  }

  #choose(key: string, name: string): void {
    if (this.#chosen.size >= MOST_SENDERS) this.#chosen.clear();
    this.#chosen.set(key, name);
  }
}

const keyOf = ({ sender, as }: MeasuredPoint): string | undefined =>
  as.of === "signals" && as.summed !== undefined ? `${sender} ${as.summed}` : undefined;
