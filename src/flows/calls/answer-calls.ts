import { callsTable } from "#facts/call-columns.ts";
import { type CallQuestion, parseCallDimension, parseCallFilter } from "#facts/call-question.ts";
import { type AskedEvents, askEvents, type TimeAsked } from "#flows/events/ask-events.ts";
import { journalFolder, waitingBytes } from "#lake/journal/segments.ts";
import {
  callLatencies,
  callSums,
  callTable,
  type CallTable,
  latencyTable,
} from "#lake/queries/calls-by-dimensions.ts";
import { Problem } from "#units/problems.ts";
import type { Granularity } from "#units/window.ts";
import { type CallGroup, gatherAll, gatherCalls } from "./gather-calls.ts";

/** A question about calls as a person writes it. */
export interface CallsAsked extends TimeAsked {
  readonly by: readonly string[];
  readonly where: readonly string[];
  readonly granularity?: Granularity;
}

/** Groups of calls, and how they came about. */
export interface CallsAnswer extends AskedEvents {
  readonly question: CallQuestion;
  /** Most calls first; buckets of one group in order of time. */
  readonly groups: readonly CallGroup[];
  /** All groups together. */
  readonly total: CallGroup | undefined;
  readonly tables: readonly CallTable[];
  /** Bytes that were acknowledged and are not part of the lake yet. */
  readonly waitingBytes: number;
}

/** More groups than this are no table. */
const MAX_GROUPS = 200_000;

/**
 * Says how many calls there were, how many failed or were repeated, their tokens, stated costs and latencies.
 * @throws Problem "lake-empty" if there are no calls, "column-unknown", "filter-invalid", "window-invalid", "option-invalid", "lake-corrupt"
 */
export async function answerCalls(asked: CallsAsked): Promise<CallsAnswer> {
  const by = asked.by.map(parseCallDimension);
  const where = asked.where.map(parseCallFilter);
  const { question, groups, total, ...how } = await askEvents(asked, callsTable, async (lake) => {
    const of: CallQuestion = {
      by,
      where,
      window: lake.window,
      ...(asked.granularity === undefined ? {} : { granularity: asked.granularity }),
    };
    const sums = await lake.ask(callSums(lake.dialect, lake.files, of));
    const latencies = await lake.ask(callLatencies(lake.dialect, lake.files, of));
    const found = gatherCalls(sums, latencies, by.length);
    if (found.length > MAX_GROUPS)
      throw new Problem("option-invalid", `There are more than ${MAX_GROUPS} groups of calls.`, {
        hint: "Ask for fewer columns, or for less with --where and a shorter period.",
      });
    return { question: of, groups: largestFirst(found), total: gatherAll(sums, latencies) };
  });
  return {
    question,
    groups,
    total,
    ...how,
    tables: [...new Set([callTable(question), latencyTable(question)])],
    waitingBytes: await waitingBytes(journalFolder(asked.data, callsTable.name)),
  };
}

/** Groups in order of all their calls; the buckets of one stay together, in order of time. */
function largestFirst(groups: readonly CallGroup[]): CallGroup[] {
  const nameOf = ({ keys }: CallGroup): string => JSON.stringify(keys);
  const calls = new Map<string, number>();
  for (const group of groups) calls.set(nameOf(group), (calls.get(nameOf(group)) ?? 0) + group.calls);
  return [...groups].sort((a, b) => {
    const [left, right] = [nameOf(a), nameOf(b)];
    if (left !== right) return (calls.get(right) ?? 0) - (calls.get(left) ?? 0) || (left < right ? -1 : 1);
    return (a.bucket ?? "") < (b.bucket ?? "") ? -1 : 1;
  });
}
