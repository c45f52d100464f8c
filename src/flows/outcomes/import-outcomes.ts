import { outcomeRow, outcomesTable } from "#facts/outcome-columns.ts";
import type { Outcome } from "#facts/outcome.ts";
import { importEvents, type ImportedEvents, type ImportEventsOptions } from "#flows/events/import-events.ts";
import { readOutcomeFile } from "#ingest/outcomes/read-outcome-file.ts";
import { outcomesOfQuery } from "#ingest/outcomes/read-query.ts";

/**
 * Brings files of outcomes into the lake, all of them at once or none; to import them again changes nothing.
 * @throws Problem "outcomes-invalid", "source-not-found", "source-empty", "lake-busy", "disk-full"
 */
export function importOutcomeFiles(
  data: string,
  files: readonly string[],
  source: string,
  options: ImportEventsOptions,
): Promise<ImportedEvents> {
  async function* all(): AsyncGenerator<readonly Outcome[]> {
    for (const file of files) yield* readOutcomeFile(file, source);
  }
  return importOutcomes(data, all(), options);
}

/**
 * Brings what a query of a PostgreSQL database answers into the lake, all of it or nothing.
 * @throws Problem of `outcomesOfQuery`, "lake-busy", "disk-full"
 */
export const importOutcomeQuery = (
  data: string,
  database: { readonly url: string; readonly query: string },
  source: string,
  options: ImportEventsOptions,
): Promise<ImportedEvents> =>
  importOutcomes(data, outcomesOfQuery(database.url, database.query, source), options);

async function importOutcomes(
  data: string,
  lists: AsyncIterable<readonly Outcome[]>,
  options: ImportEventsOptions,
): Promise<ImportedEvents> {
  async function* rows(): AsyncGenerator<ReturnType<typeof outcomeRow>[]> {
    for await (const list of lists) yield list.map(outcomeRow);
  }
  return importEvents(data, outcomesTable, rows(), options);
}
