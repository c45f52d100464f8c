import type { Steps } from "#facts/cluster-usage.ts";
import type { Matchers } from "#ingest/prometheus/queries.ts";
import type { Labels, SeriesReader } from "#ingest/prometheus/read-series.ts";
import { type CumulativeBucket, GAP, increments, ownBuckets } from "./increments.ts";
import { readValues } from "./read-values.ts";
import type { SignalMetric, SignalSource } from "./signal-source.ts";
import type { SignalSums } from "./signal-sums.ts";
import type { Subjects } from "./subjects.ts";

/** Where a source is read from, and what it is added to. */
export interface Into {
  /** Reads the steps and the one before them. */
  readonly reader: SeriesReader;
  readonly wide: Steps;
  readonly matchers: Matchers;
  readonly subjects: Subjects;
  readonly add: SignalSums["add"];
}

/** The mean of each step, and its highest value. */
export async function addGauge(into: Into, source: SignalSource): Promise<void> {
  const told = preference();
  for (const metric of metricsOf(source)) {
    const over = (how: string): string => `${how}(${selector(metric, into)}[${into.wide.stepSeconds}s])`;
    const means = await readValues(into.reader, over("avg_over_time"), into.wide);
    if (means.size === 0) continue;
    const highest = await readValues(into.reader, over("max_over_time"), into.wide);
    for (const [id, { labels, values }] of means) {
      const at = into.subjects.subjectOf(labels, modelOf(source, labels));
      const tops = highest.get(id)?.values;
      forEachStep(values, (step, value) => {
        if (!told.isFirst(labels, metric, step)) return;
        const sum = value * scaleOf(metric);
        const max = (tops?.[step + 1] ?? value) * scaleOf(metric);
        into.add(source.signal, at(step), step, { sum, max, count: 1 });
      });
    }
  }
}

/** The increase of each step. */
export async function addCounter(into: Into, source: SignalSource): Promise<void> {
  const told = preference();
  for (const metric of metricsOf(source))
    for (const { labels, grown } of await increases(into, metric, selector(metric, into))) {
      const at = into.subjects.subjectOf(labels, modelOf(source, labels));
      forEach(grown, (step, value) => {
        if (told.isFirst(labels, metric, step))
          into.add(source.signal, at(step), step, { sum: value, count: 1 });
      });
    }
}

/** The observations of each step, by bucket, and their sum. */
export async function addHistogram(into: Into, source: SignalSource): Promise<void> {
  const told = preference();
  for (const metric of metricsOf(source)) {
    const named = (suffix: string): SignalMetric => ({ ...metric, name: `${metric.name}_${suffix}` });
    const buckets = await increases(into, { name: "" }, selector(named("bucket"), into));
    for (const { labels, cumulative } of byHistogram(buckets, scaleOf(metric))) {
      const at = into.subjects.subjectOf(labels, modelOf(source, labels));
      for (const { lower, upper, counts } of ownBuckets(cumulative))
        forEach(counts, (step, count) => {
          if (count > 0 && told.isFirst(labels, metric, step))
            into.add(source.signal, at(step), step, { sum: 0, count }, { lower, upper });
        });
    }
    await addSums(into, source, named("sum"), named("count"), (labels, step) =>
      told.isFirst(labels, metric, step),
    );
  }
}

/** A measure of which only its sum and its number are told. */
export const addMean = (
  into: Into,
  source: SignalSource,
  { sum, count }: NonNullable<SignalSource["mean"]>,
): Promise<void> => addSums(into, source, sum, count, () => true);

async function addSums(
  into: Into,
  source: SignalSource,
  sum: SignalMetric,
  count: SignalMetric,
  counts: (labels: Labels, step: number) => boolean,
): Promise<void> {
  const parts = [
    [sum, (value: number) => ({ sum: value, count: 0 })],
    [count, (value: number) => ({ sum: 0, count: value })],
  ] as const;
  for (const [metric, addend] of parts)
    for (const { labels, grown } of await increases(into, metric, selector(metric, into))) {
      const at = into.subjects.subjectOf(labels, modelOf(source, labels));
      forEach(grown, (step, value) => {
        if (value > 0 && counts(labels, step)) into.add(source.signal, at(step), step, addend(value));
      });
    }
}

async function increases(
  { reader, wide, subjects }: Into,
  metric: SignalMetric,
  query: string,
): Promise<{ labels: Labels; grown: Float64Array }[]> {
  const found = await readValues(reader, query, wide);
  const scale = scaleOf(metric);
  return [...found.values()].map(({ labels, values }) => {
    const grown = increments(values, subjects.isBorn(labels));
    return { labels, grown: scale === 1 ? grown : grown.map((value) => value * scale) };
  });
}

/** The cumulative buckets of each histogram. */
function byHistogram(
  series: readonly { labels: Labels; grown: Float64Array }[],
  scale: number,
): { labels: Labels; cumulative: CumulativeBucket[] }[] {
  const found = new Map<string, { labels: Labels; cumulative: CumulativeBucket[] }>();
  for (const { labels, grown } of series) {
    const { le, ...others } = labels;
    const upper = le === "+Inf" ? Infinity : Number(le) * scale;
    if (le === undefined || Number.isNaN(upper)) continue;
    const id = subjectId(others);
    const histogram = found.get(id) ?? { labels: others, cumulative: [] };
    found.set(id, histogram);
    histogram.cumulative.push({ upper, grown });
  }
  return [...found.values()];
}

/** Of the names of one measure the first that tells of a subject in a step counts. */
function preference(): { isFirst: (labels: Labels, metric: SignalMetric, step: number) => boolean } {
  const told = new Map<string, Map<number, string>>();
  return {
    isFirst: (labels, { name }, step) => {
      const id = subjectId(labels);
      const steps = told.get(id) ?? new Map<number, string>();
      told.set(id, steps);
      const first = steps.get(step) ?? name;
      steps.set(step, first);
      return first === name;
    },
  };
}

const subjectId = ({ le: _le, __name__: _name, ...labels }: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

const metricsOf = ({ metrics }: SignalSource): SignalMetric[] =>
  metrics.map((metric) => (typeof metric === "string" ? { name: metric } : metric));

function selector({ name, matchers = "" }: SignalMetric, { matchers: more }: Into): string {
  const all = [matchers, more].filter((part) => part !== "").join(", ");
  return all === "" ? name : `${name}{${all}}`;
}

const scaleOf = ({ scale = 1 }: SignalMetric): number => scale;
const modelOf = ({ model }: SignalSource, labels: Labels): string =>
  model === undefined ? "" : (labels[model] ?? "");

/** Each measured step; the value before the first is not one. */
function forEachStep(values: Float64Array, each: (step: number, value: number) => void): void {
  for (let at = 1; at < values.length; at++) {
    const value = values[at] ?? GAP;
    if (!Number.isNaN(value)) each(at - 1, value);
  }
}

function forEach(values: Float64Array, each: (step: number, value: number) => void): void {
  values.forEach((value, step) => {
    if (!Number.isNaN(value)) each(step, value);
  });
}
