import { inputTokenColumns, outputTokenColumns, type TokenColumn } from "#facts/call-columns.ts";
import { callDimensionName } from "#facts/call-question.ts";
import type { CallsAnswer } from "#flows/calls/answer-calls.ts";
import type { CallGroup, CostOfCalls, Latencies } from "#flows/calls/gather-calls.ts";
import { secondsText } from "#flows/calls/calls-table.ts";
import type { Compacted } from "#flows/events/compact-events.ts";
import { decimal } from "#units/decimal.ts";
import { bold, dim, red } from "./colors.ts";
import { amount, count, day, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** Calls for people: a row per group, then what is unknown and what waits. */
export function callsText(answer: CallsAnswer, explain: boolean): string {
  const { question, covers, total } = answer;
  const { start, end } = question.window;
  const head = bold(
    [
      "Calls",
      `${day(start)} to ${day(end)}`,
      ...(question.granularity === undefined ? [] : [`by ${question.granularity}`]),
    ].join(" · "),
  );
  const body =
    total === undefined
      ? `No call of this period matches. The lake has calls from ${day(covers.start)} to ${day(covers.end)}.\n`
      : callTable(answer, total);
  const notes = [...(total === undefined ? [] : unknownNotes(total)), ...waitingNote(answer)];
  const shown = notes.map((note) => `${dim(note)}\n`).join("");
  return `${head}\n\n${body}${shown === "" ? "" : `\n${shown}`}${explain ? explained(answer) : ""}`;
}

function callTable({ question, groups }: CallsAnswer, total: CallGroup): string {
  const names = question.by.map((dimension) => callDimensionName(dimension).replace(/^x_/, ""));
  const buckets = question.granularity === undefined ? [] : ["Bucket"];
  const isStated = total.statedCosts.length > 0;
  const sums = [
    "Calls",
    "Failed",
    "Input tokens",
    "Cached",
    "Output tokens",
    "p50 s",
    "p95 s",
    "First p50 s",
    "First p95 s",
    "Cost",
    ...(isStated ? ["Stated cost"] : []),
  ];
  const label = names.length + buckets.length;
  const row = (group: CallGroup): string[] => [
    `${group.uncounted > 0 ? "≥ " : ""}${count(group.calls)}`,
    group.statusKnown === 0 ? "unknown" : share(group.failed / group.statusKnown),
    tokenSum(group, inputTokenColumns),
    cachedShare(group),
    tokenSum(group, outputTokenColumns),
    seconds(group.duration, "p50"),
    seconds(group.duration, "p95"),
    seconds(group.firstToken, "p50"),
    seconds(group.firstToken, "p95"),
    costs(group.pricedCosts) || (group.calls === 0 ? "" : "unpriced"),
    ...(isStated ? [costs(group.statedCosts)] : []),
  ];
  const rows = groups.map((group) => [
    ...group.keys.map((key) => (key === null ? dim("none") : printable(key))),
    ...(group.bucket === undefined ? [] : [group.bucket.replace("T00:00:00Z", "")]),
    ...row(group),
  ]);
  const totals = [
    ...Array.from({ length: label }, (_, index) => (index === 0 ? "Total" : "")),
    ...row(total),
  ];
  return table(
    [...names, ...buckets, ...sums],
    [...rows, totals],
    [...Array.from({ length: label }, () => false), ...sums.map(() => true)],
    { bold: new Set([rows.length]) },
  );
}

function tokenSum({ tokens }: CallGroup, columns: readonly TokenColumn[]): string {
  const values = columns.flatMap((name) => tokens[name] ?? []);
  return values.length === 0 ? "unknown" : count(values.reduce((sum, value) => sum + value, 0));
}

/** Of the input tokens, those that were read from a cache. */
function cachedShare({ tokens }: CallGroup): string {
  const all = inputTokenColumns.reduce((sum, name) => sum + (tokens[name] ?? 0), 0);
  return all === 0 ? "" : share((tokens.CacheReadTokens ?? 0) / all);
}

const seconds = (latencies: Latencies | undefined, quantile: "p50" | "p95"): string =>
  latencies === undefined ? "" : secondsText(latencies[quantile].microseconds);

const costs = (of: readonly CostOfCalls[]): string =>
  of
    .map(({ currency, cost }) => `${amount(decimal(cost))} ${printable(currency ?? "of no currency")}`)
    .join(" + ");

function unknownNotes(total: CallGroup): string[] {
  const stated = total.statedCosts.reduce((sum, { calls }) => sum + calls, 0);
  const unknown: [string, number][] = [
    ["Tokens", total.tokensKnown],
    ["Duration", total.duration?.calls ?? 0],
    ["Time to first token", total.firstToken?.calls ?? 0],
    ...(stated === 0 ? [] : [["Stated cost", stated] as [string, number]]),
  ];
  const notes = unknown
    .filter(([, known]) => known < total.calls)
    .map(([what, known]) => `${what}: unknown of ${many(total.calls - known, "call")}, not counted as zero.`);
  return [
    ...(total.uncounted === 0
      ? []
      : [
          `Calls: ${many(total.uncounted, "row")} of usage reports don't say how many calls they sum up; each counts as one.`,
        ]),
    ...notes,
    ...unpricedNotes(total),
    ...(total.duration === undefined
      ? []
      : ["Latencies are the middles of buckets, at most 4.5 % off; --json has the ranges."]),
  ];
}

/** Calls without a price by reason; those on machines of one's own are no gap. */
function unpricedNotes({ unpriced }: CallGroup): string[] {
  const reasons = unpriced.filter(({ reason }) => reason !== "self-hosted");
  const own = unpriced.find(({ reason }) => reason === "self-hosted")?.calls ?? 0;
  const gap = reasons.reduce((sum, { calls }) => sum + calls, 0);
  const why = reasons.map(({ reason, calls }) => `${printable(reason)} ${count(calls)}`).join(", ");
  return [
    ...(gap === 0 ? [] : [`Cost: ${many(gap, "call")} without a price, not counted as zero: ${why}.`]),
    ...(own === 0 ? [] : [`Cost: ${many(own, "call")} to models of your own cost what their machines do.`]),
  ];
}

const waitingNote = ({ waitingBytes }: CallsAnswer): string[] =>
  waitingBytes === 0
    ? []
    : [
        `${(waitingBytes / 1e6).toFixed(1)} MB of received calls are not counted yet: plimsoll calls compact.`,
      ];

const explained = ({ version, tables, queries }: CallsAnswer): string => `
${bold("How this was answered")}
Lake version ${version}, tables ${tables.join(" and ")}.

${queries.join("\n\n")}
`;

/** What a compaction did, for people. */
export function compactedText({ read, added, duplicates, damaged, whole }: Compacted): string {
  const twice = duplicates === 0 ? "" : ` ${many(duplicates, "call")} had come before: what is there stays.`;
  const lines = [
    read === 0 ? "Nothing waits in the journal." : `${many(added, "call")} are part of the lake now.${twice}`,
    ...damaged.map(({ file, why }) => `${red("journal-damaged")} ${printable(file)}: ${printable(why)}.`),
    ...(whole ? [] : ["Another process receives calls; what it still writes to was left to it."]),
  ];
  return `${lines.join("\n")}\n`;
}
