import type { Steps } from "#facts/cluster-usage.ts";
import { Problem } from "#units/problems.ts";
import { decodeMatrix } from "./decode-matrix.ts";
import {
  defaultLimits,
  type QueryIo,
  type QueryLimits,
  queryRange,
  realIo,
  TOO_LONG,
} from "./query-range.ts";
import type { PrometheusServer } from "./server.ts";

/** Labels of a series; one that is not there is undefined. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** Takes the value of one step. */
export type StepSink = (step: number, value: number) => void;

/** Series that one answer may hold; beyond it the selector must say less. */
const SERIES = 500_000;
/** Points per series that Prometheus answers at most. */
const POINTS = 11_000;
const FIRST_CHUNK = 12;
/** Labels are looked for so often, seconds: they hardly change. */
const LABELS_EVERY = 3600;

/** Asks queries over all steps, a piece of time after the other. */
export interface SeriesReader {
  /** The value at the end of each step. */
  readonly values: (query: string, series: (labels: Labels) => StepSink) => Promise<void>;
  /** The labels of all series that were there at some time; `query` makes PromQL of the length of a look, such as 3600s. */
  readonly labels: (query: (look: string) => string, series: (labels: Labels) => void) => Promise<void>;
}

/**
 * Reads in pieces of time that grow while answers are small and halve where one is longer than the limit, so that neither side holds more
 * than one piece. Steps without a sample are not called: gaps stay gaps, NaN too.
 * @throws Problem of `queryRange`; "input-too-large" if a single step or its series exceed the limits
 */
export function seriesReader(
  server: PrometheusServer,
  steps: Steps,
  limits: QueryLimits = defaultLimits,
  io: QueryIo = realIo,
): SeriesReader {
  const ask = (query: string, { start, end, step }: { start: number; end: number; step: number }) =>
    queryRange(server, { query, start, end, step }, limits, io);
  const look = Math.min(LABELS_EVERY, steps.stepSeconds * steps.count);
  const looks = {
    start: steps.start,
    stepSeconds: look,
    count: Math.ceil((steps.stepSeconds * steps.count) / look),
  };
  return {
    values: (query, series) => readPieces(query, steps, limits, ask, series),
    labels: (query, series) =>
      readPieces(query(`${look}s`), looks, limits, ask, (labels) => {
        series(labels);
        return undefined;
      }),
  };
}

type Ask = (
  query: string,
  range: { readonly start: number; readonly end: number; readonly step: number },
) => ReturnType<typeof queryRange>;

async function readPieces(
  query: string,
  steps: Steps,
  limits: QueryLimits,
  ask: Ask,
  series: (labels: Labels) => StepSink | undefined,
): Promise<void> {
  const sinks = new Map<string, StepSink | undefined>();
  let chunk = Math.min(FIRST_CHUNK, steps.count);
  for (let from = 0; from < steps.count;) {
    const to = Math.min(steps.count, from + chunk);
    const range = { start: secondsOf(steps, from + 1), end: secondsOf(steps, to), step: steps.stepSeconds };
    const answer = await ask(query, range);
    if (answer === TOO_LONG) {
      if (chunk === 1) throw tooLarge(query, `more than ${limits.answerBytes} bytes for one step`);
      chunk = Math.ceil(chunk / 2);
      continue;
    }
    decodeMatrix(answer, (text) => {
      if (!sinks.has(text)) {
        if (sinks.size === SERIES) throw tooLarge(query, `more than ${SERIES} series`);
        sinks.set(text, series(labelsOf(text)));
      }
      return within(sinks.get(text), steps, from, to);
    });
    chunk = nextChunk(chunk, answer.length, limits.answerBytes);
    from = to;
  }
}

/** As many steps as should fill two thirds of an answer, and at most eight times as many as before: series may appear. */
const nextChunk = (chunk: number, length: number, limit: number): number =>
  Math.max(1, Math.min(POINTS, chunk * 8, Math.floor((chunk * limit * 2) / (length * 3))));

/** Times as steps of the piece that was asked. */
function within(sink: StepSink | undefined, { start, stepSeconds }: Steps, from: number, to: number) {
  if (sink === undefined) return undefined;
  return (time: number, value: number): void => {
    const step = Math.round((time - start / 1000) / stepSeconds) - 1;
    if (Number.isFinite(value) && step >= from && step < to) sink(step, value);
  };
}

const secondsOf = ({ start, stepSeconds }: Steps, step: number): number => start / 1000 + step * stepSeconds;

function tooLarge(query: string, what: string): Problem {
  return new Problem("input-too-large", `${query} answers with ${what}.`, {
    hint: "Ask for a part of it with --selector, such as --selector 'namespace=~\"ml-.*\"'.",
  });
}

/** @throws Problem "answer-invalid" if labels are not texts */
function labelsOf(text: string): Labels {
  try {
    const labels = JSON.parse(text) as unknown;
    if (isLabels(labels)) return labels;
  } catch {
    // Told below as what it is.
  }
  throw new Problem("answer-invalid", `${text.slice(0, 200)} are no labels of a series.`);
}

const isLabels = (value: unknown): value is Labels =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((label) => typeof label === "string");
