import { callsTable } from "#facts/call-columns.ts";
import { compactEvents, type Compacted, type CompactOptions } from "#flows/events/compact-events.ts";
import { callPrices } from "./call-prices.ts";

/**
 * Makes the calls that wait in the journal part of the lake, each once, and priced by what says now what tokens cost.
 * @throws Problem "lake-busy", "disk-full", "price-file-invalid"; what was done before stays done
 */
export async function compactCalls(data: string, options: CompactOptions): Promise<Compacted> {
  const compute = options.compute ?? (await callPrices(data, options.now));
  return compactEvents(data, callsTable, { ...options, compute });
}
