import { callRow, callsTable } from "#facts/call-columns.ts";
import type { Call } from "#facts/call.ts";
import { callPrices } from "./call-prices.ts";
import { importEvents, type ImportedEvents, type ImportEventsOptions } from "#flows/events/import-events.ts";

/**
 * Brings calls into the lake, all at once or none; to import them again changes nothing.
 * @param calls lists of calls, as they are read from files
 * @throws Problem "event-invalid", "lake-busy", "disk-full": nothing was changed
 */
export async function importCalls(
  data: string,
  calls: AsyncIterable<readonly Call[]>,
  options: ImportEventsOptions,
): Promise<ImportedEvents> {
  const compute = options.compute ?? (await callPrices(data, options.now));
  return importEvents(data, callsTable, rowsOf(calls), { ...options, compute });
}

async function* rowsOf(calls: AsyncIterable<readonly Call[]>) {
  for await (const each of calls) yield each.map(callRow);
}
