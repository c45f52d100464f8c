import { signalRow, signalsTable } from "#facts/signal-columns.ts";
import { importEvents, type ImportedEvents, type ImportEventsOptions } from "#flows/events/import-events.ts";
import { readSignalFile } from "#ingest/signals/read-signal-file.ts";

/**
 * Brings files of signals into the lake, all of them at once or none; to import them again changes nothing.
 * @param source what the lake calls whoever measured them
 * @throws Problem "signals-invalid", "source-not-found", "source-empty", "lake-busy", "disk-full"
 */
export async function importSignals(
  data: string,
  files: readonly string[],
  source: string,
  options: ImportEventsOptions,
): Promise<ImportedEvents> {
  async function* rows(): AsyncGenerator<ReturnType<typeof signalRow>[]> {
    for (const file of files)
      for await (const points of readSignalFile(file)) yield points.map((point) => signalRow(source, point));
  }
  return importEvents(data, signalsTable, rows(), options);
}
