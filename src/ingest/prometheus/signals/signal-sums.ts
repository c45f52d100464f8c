import type { SignalName, SignalPoint, SignalSubject } from "#facts/signal.ts";
import { signals } from "#facts/signal.ts";
import type { Instant } from "#units/instant.ts";

interface Sums {
  readonly signal: SignalName;
  readonly subject: SignalSubject;
  readonly bounds: { readonly lower: number; readonly upper: number } | undefined;
  readonly sum: Float64Array;
  readonly max: Float64Array;
  readonly count: Float64Array;
}

/** What is added to a bucket of time. */
export interface Addend {
  readonly sum: number;
  readonly max?: number;
  readonly count: number;
}

/** Adds up what series say of the same subject; points come out in order of signal, subject, time and bucket. */
export interface SignalSums {
  readonly add: (
    signal: SignalName,
    subject: SignalSubject,
    step: number,
    addend: Addend,
    bounds?: { readonly lower: number; readonly upper: number },
  ) => void;
  readonly points: () => SignalPoint[];
}

/** @param timeOf the start of a step */
export function signalSums(steps: number, timeOf: (step: number) => Instant): SignalSums {
  const all = new Map<SignalName, Map<SignalSubject, Map<string, Sums>>>();
  const subjects = new Map<string, SignalSubject>();
  /** One object for a subject, so that it can be looked up as itself. */
  const interned = new Map<SignalSubject, SignalSubject>();
  const intern = (subject: SignalSubject): SignalSubject => {
    const known = interned.get(subject);
    if (known !== undefined) return known;
    const id = idOf(subject);
    const one = subjects.get(id) ?? subject;
    subjects.set(id, one);
    interned.set(subject, one);
    return one;
  };
  const sumsOf = (signal: SignalName, subject: SignalSubject, bounds: Sums["bounds"]): Sums => {
    const bySubject = all.get(signal) ?? new Map<SignalSubject, Map<string, Sums>>();
    all.set(signal, bySubject);
    const one = intern(subject);
    const byBounds = bySubject.get(one) ?? new Map<string, Sums>();
    bySubject.set(one, byBounds);
    const id = bounds === undefined ? "" : `${bounds.lower}/${bounds.upper}`;
    const made = (): Float64Array => new Float64Array(steps);
    const sums = byBounds.get(id) ?? {
      signal,
      subject: one,
      bounds,
      sum: made(),
      max: made(),
      count: made(),
    };
    byBounds.set(id, sums);
    return sums;
  };
  return {
    add: (signal, subject, step, { sum, max = sum, count }, bounds) => {
      const sums = sumsOf(signal, subject, bounds);
      const before = sums.count[step] ?? 0;
      sums.sum[step] = (sums.sum[step] ?? 0) + sum;
      sums.max[step] = before === 0 ? max : Math.max(sums.max[step] ?? max, max);
      sums.count[step] = before + count;
    },
    points: () =>
      [...all].flatMap(([, bySubject]) =>
        [...bySubject.values()].flatMap((byBounds) =>
          [...byBounds.values()].flatMap((sums) => pointsOf(sums, timeOf)),
        ),
      ),
  };
}

function pointsOf({ signal, subject, bounds, sum, max, count }: Sums, timeOf: (step: number) => Instant) {
  const points: SignalPoint[] = [];
  const isGauge = signals[signal].kind === "gauge";
  for (let step = 0; step < count.length; step++) {
    const number = count[step] ?? 0;
    if (number === 0) continue;
    points.push({
      time: timeOf(step),
      signal,
      ...subject,
      ...bounds,
      sum: sum[step] ?? 0,
      ...(isGauge ? { max: max[step] ?? 0 } : {}),
      count: number,
    });
  }
  return points;
}

const idOf = ({
  cluster,
  namespace,
  controllerKind,
  controller,
  model,
  node,
  device,
}: SignalSubject): string =>
  JSON.stringify([cluster, namespace, controllerKind, controller, model, node, device]);
