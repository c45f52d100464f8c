import { callRow, callsTable } from "#facts/call-columns.ts";
import type { Call } from "#facts/call.ts";
import { type Journal, type JournalLimits, openJournal } from "#lake/journal/journal.ts";

/** Keeps calls durably as they come in, before any of them is part of the lake. */
export interface CallRecorder {
  /**
   * Returns when the calls are on the disk: only then may they be acknowledged.
   * @throws Problem "event-invalid"; "journal-full" if the sender is to try again later (429)
   */
  record(calls: readonly Call[]): Promise<void>;
  /** To be passed to `compactCalls` in the same process. */
  readonly journal: Journal;
  close(): Promise<void>;
}

/**
 * Opens the journal of calls for this process alone.
 * @throws Problem "journal-busy" if another process receives calls into this data folder
 */
export async function recordCalls(data: string, limits?: JournalLimits): Promise<CallRecorder> {
  const journal = await openJournal(data, callsTable, limits);
  return {
    record: (calls) => journal.append(calls.map(callRow)),
    journal,
    close: () => journal.close(),
  };
}
