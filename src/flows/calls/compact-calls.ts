import { callsTable } from "#facts/call-columns.ts";
import { compactEvents, type Compacted, type CompactOptions } from "#flows/events/compact-events.ts";

/**
 * Makes the calls that wait in the journal part of the lake, each once.
 * @throws Problem "lake-busy", "disk-full"; what was done before stays done
 */
export const compactCalls = (data: string, options: CompactOptions): Promise<Compacted> =>
  compactEvents(data, callsTable, options);
