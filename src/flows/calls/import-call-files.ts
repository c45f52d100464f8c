import type { Call } from "#facts/call.ts";
import { rejectedCalls } from "#facts/call-rejection.ts";
import type { ImportedEvents, ImportEventsOptions } from "#flows/events/import-events.ts";
import { type CallFile, readCallFile } from "#ingest/calls/read-call-file.ts";
import { Problem } from "#units/problems.ts";
import { importCalls } from "./import-calls.ts";

/** What an import of files of calls brought. */
export interface ImportedCalls extends ImportedEvents {
  readonly files: readonly (CallFile & { readonly file: string })[];
  /** Rows that could not be taken, of all files. */
  readonly rejected: number;
}

/**
 * Brings files of calls into the lake, all of them at once or none. Rows that can't be taken are set aside and counted by their reason; the others count.
 * @param source whose calls they are, for rows that don't say so themselves
 * @throws Problem "source-not-found", "source-empty", "format-unknown"; "calls-invalid" if no row of a file can be taken
 */
export async function importCallFiles(
  data: string,
  files: readonly string[],
  source: string,
  options: ImportEventsOptions,
): Promise<ImportedCalls> {
  const read: ImportedCalls["files"][number][] = [];
  async function* lists(): AsyncGenerator<readonly Call[]> {
    for (const file of files) {
      const told = yield* readCallFile(file, { source, now: options.now });
      if (told.calls === 0 && rejectedCalls(told.rejected) > 0) throw noneOf(file, told);
      read.push({ file, ...told });
    }
  }
  const imported = await importCalls(data, lists(), options);
  return {
    ...imported,
    files: read,
    rejected: read.reduce((sum, { rejected }) => sum + rejectedCalls(rejected), 0),
  };
}

function noneOf(file: string, { rows, faults }: CallFile): Problem {
  const [first] = faults;
  const at = first === undefined ? "" : ` Row ${first.line}: ${first.field} ${first.message}.`;
  return new Problem("calls-invalid", `${file}: none of its ${rows} rows is a call that can be taken.${at}`, {
    at: { file, ...(first === undefined ? {} : { line: first.line }) },
  });
}
