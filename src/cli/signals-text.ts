import { MOMENT } from "#facts/signal.ts";
import type { SignalGroup, SignalsAnswer } from "#flows/signals/answer-signals.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim } from "./colors.ts";
import { day } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const shownName = (column: string): string =>
  column === "Controller" ? "Workload" : column === "x_ModelId" ? "Model" : column.replace(/^x_/, "");

/** Signals for people: a row per group and signal; what its kind doesn't tell is blank. */
export function signalsText(answer: SignalsAnswer, explain: boolean): string {
  const { question, covers, groups } = answer;
  const { start, end } = question.window;
  const by = question.granularity === undefined ? [] : [`by ${question.granularity}`];
  const head = bold(["Signals", `${day(start)} to ${day(end)}`, ...by].join(" · "));
  const body =
    groups.length === 0
      ? `No signal of this period matches. The lake has signals from ${day(covers.start)} to ${day(covers.end)}.\n`
      : signalTable(answer);
  const gaps = groups.length === 0 ? [] : gapNotes(answer);
  return `${head}\n\n${body}${gaps.map((note) => `\n${dim(note)}`).join("")}${gaps.length === 0 ? "" : "\n"}${explain ? explained(answer) : ""}`;
}

const figures = ["Mean", "Max", "Total", "p50", "p95", "p99"] as const;

function signalTable({ question, groups }: SignalsAnswer): string {
  const labels = [
    ...question.by.map(shownName),
    ...(question.granularity === undefined ? [] : ["Bucket"]),
    "Signal",
    "Unit",
  ];
  const rows = groups.map((group) => [
    ...group.keys.map((key) => (key === null ? dim("none") : printable(key))),
    ...(group.bucket === undefined ? [] : [group.bucket.replace("T00:00:00Z", "")]),
    group.signal,
    group.unit === "1" ? "" : group.unit,
    ...valuesOf(group).map((value) => (value === undefined ? "" : numberText(value))),
  ]);
  return table([...labels, ...figures], rows, [...labels.map(() => false), ...figures.map(() => true)]);
}

const valuesOf = ({ mean, max, total, p50, p95, p99 }: SignalGroup): (number | undefined)[] => [
  mean,
  max,
  total,
  p50?.value,
  p95?.value,
  p99?.value,
];

/** Four digits that count, and as many as a whole number has. */
function numberText(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

/** How much of the time nothing was told of. */
function gapNotes({ question, groups }: SignalsAnswer): string[] {
  if (question.granularity !== undefined) return [];
  const all = (question.window.end - question.window.start) / MOMENT;
  const most = Math.max(...groups.map(({ moments = 0 }) => moments));
  const notes = [
    "Means of gauges are of the time that they were seen; quantiles lie between the bounds of the program's own buckets.",
  ];
  if (most < all)
    notes.unshift(
      `At most ${shareText(most / all)} of the time asked for has samples; the rest is unknown, not zero.`,
    );
  return notes;
}

const shareText = (part: number): string => (part < 0.01 ? "1 %" : `${Math.round(100 * part)} %`);

const explained = ({ version, table: name, queries }: SignalsAnswer): string => `
${bold("How this was answered")}
Lake version ${version}, table ${name}.

${queries.join("\n\n")}
`;

/** The same as a table for programs. */
export function signalTableRows({ question, groups }: SignalsAnswer): {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
} {
  const bucket = question.granularity === undefined ? [] : ["Bucket"];
  return {
    columns: [...question.by, ...bucket, "Signal", "Kind", "Unit", ...figures, "Moments"],
    rows: groups.map((group) => ({
      ...Object.fromEntries(question.by.map((column, index) => [column, group.keys[index] ?? null])),
      ...(group.bucket === undefined ? {} : { Bucket: group.bucket }),
      Signal: group.signal,
      Kind: group.kind,
      Unit: group.unit,
      ...Object.fromEntries(valuesOf(group).map((value, index) => [figures[index] ?? "", value ?? null])),
      Moments: group.moments ?? null,
    })),
  };
}

/** Signals for programs. */
export function signalsJson(answer: SignalsAnswer, explain: boolean): object {
  const { question, groups, version, table: name, queries } = answer;
  return {
    window: { start: formatInstant(question.window.start), end: formatInstant(question.window.end) },
    by: question.by,
    ...(question.granularity === undefined ? {} : { granularity: question.granularity }),
    groups: groups.map(({ keys, ...group }) => ({
      group: Object.fromEntries(question.by.map((column, index) => [column, keys[index] ?? null])),
      ...group,
    })),
    ...(explain ? { explanation: { version, table: name, queries } } : {}),
  };
}
