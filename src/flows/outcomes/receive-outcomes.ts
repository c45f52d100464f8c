import { outcomeRow, outcomesTable } from "#facts/outcome-columns.ts";
import { type Compacted, compactEvents, type CompactOptions } from "#flows/events/compact-events.ts";
import { readOutcomeBatch } from "#ingest/outcomes/read-batch.ts";
import { type Journal, type JournalLimits, openJournal } from "#lake/journal/journal.ts";
import { journalFolder, waitingBytes } from "#lake/journal/segments.ts";

/** Receives outcomes of other processes: what is answered for is on the disk, and an outcome that is sent again counts once. */
export interface OutcomeReceiver {
  /**
   * Takes all of a body, or nothing.
   * @param body of JSON, parsed
   * @returns how many outcomes it holds
   * @throws Problem "outcomes-invalid"; "journal-full": send it again later
   */
  take(body: unknown): Promise<number>;
  readonly journal: Journal;
  close(): Promise<void>;
}

/** @throws Problem "journal-busy" if another process receives outcomes into this data folder */
export async function receiveOutcomes(data: string, limits?: JournalLimits): Promise<OutcomeReceiver> {
  const journal = await openJournal(data, outcomesTable, limits);
  return {
    take: async (body) => {
      const outcomes = readOutcomeBatch(body);
      await journal.append(outcomes.map(outcomeRow));
      return outcomes.length;
    },
    journal,
    close: () => journal.close(),
  };
}

/** Makes the outcomes that wait in the journal part of the lake. @throws Problem "lake-busy", "disk-full"; what was done before stays done */
export const compactOutcomes = (data: string, options: CompactOptions): Promise<Compacted> =>
  compactEvents(data, outcomesTable, options);

/** Bytes of outcomes that were acknowledged and are not part of the lake yet. */
export const waitingOutcomes = (data: string): Promise<number> =>
  waitingBytes(journalFolder(data, outcomesTable.name));
