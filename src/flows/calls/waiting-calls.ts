import { callsTable } from "#facts/call-columns.ts";
import { journalFolder, waitingBytes } from "#lake/journal/segments.ts";

/** Bytes of calls that were acknowledged and are not part of the lake yet. */
export const waitingCalls = (data: string): Promise<number> =>
  waitingBytes(journalFolder(data, callsTable.name));
