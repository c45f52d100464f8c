import type { Call } from "#facts/call.ts";
import { rejectedCalls } from "#facts/call-rejection.ts";
import type { ImportedEvents, ImportEventsOptions } from "#flows/events/import-events.ts";
import { type CallFile, readCallFile } from "#ingest/calls/read-call-file.ts";
import { callsOfDatabase } from "#ingest/litellm/read-database.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { importCalls } from "./import-calls.ts";
import { UsageCuts } from "./usage-cuts.ts";

/** What a database is called where a file would be named. */
export const DATABASE = "the database";

/** What an import of files of calls brought. */
export interface ImportedCalls extends ImportedEvents {
  /** What was read of each file, or of a database by its place without password. */
  readonly files: readonly (CallFile & { readonly file: string })[];
  /** Rows that could not be taken, of all files. */
  readonly rejected: number;
}

/**
 * Brings files of calls into the lake, all of them at once or none. Rows that can't be taken are set aside and counted by their reason; the others count.
 * @param source whose calls they are, for rows that don't say so themselves
 * @throws Problem "source-not-found", "source-empty", "format-unknown"; "calls-invalid" if no row of a file can be taken, "usage-overlaps"
 */
export async function importCallFiles(
  data: string,
  files: readonly string[],
  source: string,
  options: ImportEventsOptions,
): Promise<ImportedCalls> {
  const read: ImportedCalls["files"][number][] = [];
  const cuts = new UsageCuts(source);
  async function* lists(): AsyncGenerator<readonly Call[]> {
    for (const file of files) {
      const told = yield* seen(readCallFile(file, { source, now: options.now }), cuts);
      if (told.calls === 0 && rejectedCalls(told.rejected) > 0) throw noneOf(file, told);
      read.push({ file, ...told });
    }
    await cuts.check(data);
  }
  return withRead(await importCalls(data, lists(), options), read);
}

async function* seen(
  file: AsyncGenerator<readonly Call[], CallFile>,
  cuts: UsageCuts,
): AsyncGenerator<readonly Call[], CallFile> {
  for (;;) {
    const next = await file.next();
    if (next.done === true) return next.value;
    cuts.add(next.value);
    yield next.value;
  }
}

/**
 * Brings the calls of LiteLLM's own database into the lake, all of them at once or none; to import them again changes nothing.
 * @param database its URL, and when the first call began that is asked for
 * @throws Problem of `callsOfDatabase`, "lake-busy", "disk-full"
 */
export async function importCallDatabase(
  data: string,
  { url, since }: { readonly url: string; readonly since: Instant | undefined },
  source: string,
  options: ImportEventsOptions,
): Promise<ImportedCalls> {
  const read: ImportedCalls["files"][number][] = [];
  async function* lists(): AsyncGenerator<readonly Call[]> {
    const told = yield* callsOfDatabase(url, { source, now: options.now, since });
    read.push({ file: DATABASE, format: "litellm", ...told });
  }
  return withRead(await importCalls(data, lists(), options), read);
}

const withRead = (imported: ImportedEvents, files: ImportedCalls["files"]): ImportedCalls => ({
  ...imported,
  files,
  rejected: files.reduce((sum, { rejected }) => sum + rejectedCalls(rejected), 0),
});

function noneOf(file: string, { rows, faults }: CallFile): Problem {
  const [first] = faults;
  const at = first === undefined ? "" : ` Row ${first.line}: ${first.field} ${first.message}.`;
  return new Problem("calls-invalid", `${file}: none of its ${rows} rows is a call that can be taken.${at}`, {
    at: { file, ...(first === undefined ? {} : { line: first.line }) },
  });
}
