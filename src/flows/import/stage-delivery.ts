import path from "node:path";
import type { ImportMode } from "#facts/import-mode.ts";
import { unpackFile } from "#ingest/deliveries/unpack-file.ts";
import { recognize } from "#ingest/recognize.ts";
import type { Group } from "#lake/import/delivery-sql.ts";
import { parquetColumns, stagedName, stageFile, stageRows } from "#lake/import/stage-file.ts";
import type { StagedFile } from "#lake/import/staged-file.ts";
import type { Writer } from "#lake/writer.ts";
import { Problem } from "#units/problems.ts";
import type { CollectedFile } from "./collect-files.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";

/** A file as the person would name it from where they stand. */
function nameOf({ path: file }: CollectedFile): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}

/** Whether a delivery replaces or adds, from what was asked for or from the format of its first file, before any file is read. */
export async function deliveryMode(
  writer: Writer,
  request: ImportRequest,
  files: readonly CollectedFile[],
): Promise<ImportMode> {
  const [first] = files;
  if (request.mode !== undefined || first === undefined) return request.mode ?? "overwrite";
  const columns =
    first.layout === "parquet"
      ? await parquetColumns(writer.db, first.path, nameOf(first))
      : first.columns.map(stagedName);
  return recognize({ layout: first.layout, columns, head: first.head }, nameOf(first), request.format).mode;
}

/** Recognises, unpacks and stages every file; files of one header are mapped together. */
export async function stageDelivery(
  writer: Writer,
  request: ImportRequest,
  files: readonly CollectedFile[],
  onProgress: (progress: ImportProgress) => void,
): Promise<Group[]> {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  const groups = new Map<string, { mapping: Group["mapping"]; files: StagedFile[] }>();
  for (const [index, file] of files.entries()) {
    const number = index + 1;
    const name = nameOf(file);
    // The format is known from the header, so a file of another one is refused before it is read.
    const early =
      file.layout === "parquet"
        ? undefined
        : recognize({ ...file, columns: file.columns.map(stagedName) }, name, request.format);
    const plain = file.gzip ? path.join(writer.incoming, `unpacked-${number}`) : file.path;
    if (file.gzip) {
      onProgress({ step: "unpacking", done, total, unit: "bytes" });
      await unpackFile(file.path, name, file.bytes, plain);
    }
    onProgress({ step: "staging", done, total, unit: "bytes" });
    const staged = await stageFile(
      writer.db,
      { path: plain, name, layout: file.layout, number, columns: file.columns },
      path.join(writer.incoming, `stage-${number}.parquet`),
    );
    const mapping =
      early ?? recognize({ layout: file.layout, columns: staged.columns, head: "" }, name, request.format);
    const group = JSON.stringify([mapping.format, mapping.version, staged.columns, mapping.times]);
    const existing = groups.get(group);
    if (existing === undefined) groups.set(group, { mapping, files: [staged] });
    else existing.files.push(staged);
    done += file.bytes;
    onProgress({ step: "staging", done, total, unit: "bytes" });
  }
  const formats = new Set([...groups.values()].map(({ mapping }) => mapping.format));
  if (formats.size > 1)
    throw new Problem(
      "format-mixed",
      `The delivery holds files of several formats: ${[...formats].join(", ")}.`,
    );
  const staged: Group[] = [];
  for (const [index, group] of [...groups.values()].entries())
    staged.push(await stageRows(writer.db, group, path.join(writer.incoming, `rows-${index}.parquet`)));
  return staged;
}
