import { callDimensionName } from "#facts/call-question.ts";
import type { CallsAnswer } from "#flows/calls/answer-calls.ts";
import type { CallGroup, Latencies } from "#flows/calls/gather-calls.ts";
import { formatInstant } from "#units/instant.ts";

/** Calls for programs: exact sums, and each latency with the range that it lies in, in microseconds. */
export function callsJson(answer: CallsAnswer, explain: boolean): object {
  const { question, groups, total, version, tables, queries, waitingBytes } = answer;
  const names = question.by.map(callDimensionName);
  return {
    window: { start: formatInstant(question.window.start), end: formatInstant(question.window.end) },
    by: names,
    ...(question.granularity === undefined ? {} : { granularity: question.granularity }),
    groups: groups.map((group) => groupJson(group, names)),
    total: total === undefined ? null : groupJson(total, []),
    waitingBytes,
    ...(explain ? { explanation: { version, tables, queries } } : {}),
  };
}

const groupJson = (group: CallGroup, names: readonly string[]): object => ({
  ...(names.length === 0
    ? {}
    : { group: Object.fromEntries(names.map((name, index) => [name, group.keys[index] ?? null])) }),
  ...(group.bucket === undefined ? {} : { bucket: group.bucket }),
  calls: group.calls,
  uncountedRows: group.uncounted,
  statusKnown: group.statusKnown,
  failed: group.failed,
  retried: group.retryKnown === 0 ? null : group.retried,
  retryKnown: group.retryKnown,
  tokensKnown: group.tokensKnown,
  tokens: group.tokens,
  pricedCosts: group.pricedCosts,
  unpriced: group.unpriced,
  statedCosts: group.statedCosts,
  duration: latencyJson(group.duration),
  firstToken: latencyJson(group.firstToken),
});

const latencyJson = (latencies: Latencies | undefined): object | null => latencies ?? null;
