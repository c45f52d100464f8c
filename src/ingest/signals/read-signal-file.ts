import { MOMENT, type SignalName, signalNames, type SignalPoint, signals } from "#facts/signal.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { type CellFault, cellText, strictRows } from "#ingest/strict-rows.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

const subjectColumns = {
  cluster: "cluster",
  namespace: "namespace",
  kind: "controllerKind",
  controller: "controller",
  model: "model",
  node: "node",
  device: "device",
} as const;
const columnNames = [
  "time",
  "signal",
  "value",
  "count",
  "max",
  "lower",
  "upper",
  ...Object.keys(subjectColumns),
];

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads a CSV or JSON-lines file of signals, gzipped or not, batch by batch. Columns: time (the start of five minutes), signal, value; if there are any, count,
 * max, lower and upper of a histogram's bucket, and cluster, namespace, kind, controller, model, node, device.
 * @returns how many points there are
 * @throws Problem "signals-invalid" with file, row, column and value of the first rows that are wrong, and those of `readRows`
 */
export const readSignalFile = (file: string): AsyncGenerator<readonly SignalPoint[], number> =>
  strictRows(file, {
    code: "signals-invalid",
    hint: `The columns are ${columnNames.join(", ")}; docs/signals.md shows a file. Nothing was changed.`,
    read: (row) => {
      const read = pointOf(row);
      return "signal" in read ? { value: read } : { faults: [read] };
    },
  });

const fault = (column: string, value: unknown, what: string): CellFault => ({ column, value, what });

function pointOf(row: Row): SignalPoint | CellFault {
  const stray = Object.keys(row).find((name) => !columnNames.includes(name));
  if (stray !== undefined)
    return fault(stray, undefined, `is no column of signals.${didYouMean(stray, columnNames)}`);
  const signal = nameOf(row["signal"]);
  if (typeof signal !== "string") return signal;
  const time = timeOf(row["time"]);
  if (typeof time !== "number") return time;
  const numbers: Record<string, number> = {};
  for (const column of ["value", "count", "max", "lower", "upper"]) {
    const read = numberOf(column, row[column]);
    if (typeof read === "object") return read;
    if (read !== undefined) numbers[column] = read;
  }
  const { value, count = 1, max, lower, upper } = numbers;
  if (value === undefined) return fault("value", row["value"], "is missing");
  if ((lower === undefined) !== (upper === undefined) || (lower ?? 0) >= (upper ?? Infinity))
    return fault(
      "upper",
      row["upper"],
      "and lower are the two bounds of a bucket, the lower one below the other",
    );
  const { kind } = signals[signal];
  if (upper !== undefined && kind !== "histogram")
    return fault("upper", upper, `is not for ${signal}, a ${kind}`);
  for (const [column, number] of Object.entries({ value, count, max: max ?? 0 }))
    if (number < 0) return fault(column, number, "is below zero");
  // Whoever writes percent writes 87 for 0.87.
  if (signals[signal].unit === "ratio" && value > count)
    return fault("value", value, `is above ${count}: ${signal} is a ratio, of each series 1 at most`);
  const subject = Object.fromEntries(
    Object.entries(subjectColumns).map(([column, name]) => [name, cellText(row[column])]),
  ) as Record<(typeof subjectColumns)[keyof typeof subjectColumns], string>;
  return {
    ...subject,
    time,
    signal,
    ...(lower === undefined || upper === undefined ? {} : { lower, upper }),
    sum: value,
    ...(kind === "gauge" ? { max: max ?? value / Math.max(1, count) } : {}),
    count,
  };
}

function nameOf(value: unknown): SignalName | CellFault {
  const text = cellText(value);
  const found = signalNames.find((name) => name === text);
  return found ?? fault("signal", value, `is no signal.${didYouMean(text, signalNames)}`);
}

function timeOf(value: unknown): number | CellFault {
  try {
    const time = instant(cellText(value));
    return time % MOMENT === 0 ? time : fault("time", value, "is not the start of five minutes");
  } catch (cause) {
    if (cause instanceof Problem) return fault("time", value, "is no time such as 2026-07-14T09:05:00Z");
    throw cause;
  }
}

function numberOf(column: string, value: unknown): number | CellFault | undefined {
  const text = cellText(value);
  if (text === "") return undefined;
  if (column === "upper" && /^\+?inf(inity)?$/i.test(text)) return Infinity;
  const number = Number(text);
  if (!Number.isFinite(number)) return fault(column, value, "is no number");
  return Math.abs(number) < 1e18 ? number : fault(column, value, "is no number below 1e18");
}
