import path from "node:path";
import { findFiles } from "#ingest/deliveries/find-files.ts";
import { hashFile } from "#ingest/deliveries/hash-file.ts";
import { applyManifests } from "#ingest/deliveries/apply-manifests.ts";
import { type SniffedFile, sniffFile } from "#ingest/deliveries/sniff-file.ts";
import { Problem } from "#units/problems.ts";

/** A file of a delivery; the hash of its bytes is its identity. */
export interface CollectedFile extends SniffedFile {
  readonly sha256: string;
}

/** The files of a delivery, each content once, and what a person should know of the choice. */
export interface Collected {
  readonly files: readonly CollectedFile[];
  readonly notes: readonly string[];
}

const DATA_FILE = /\.(csv|parquet|jsonl?|ndjson)(\.gz)?$|\.gz$/i;

/**
 * The files of a delivery: found, chosen by their manifests, looked at and hashed; the same bytes twice count once.
 * @throws Problem if one of them can't be a bill, or there is none
 */
export async function collectFiles(
  inputs: readonly string[],
  onHashed: (bytes: number) => void,
): Promise<Collected> {
  const { files: delivered, notes } = await applyManifests(await findFiles(inputs));
  const chosen = delivered.filter(({ path: file, named }) => named || DATA_FILE.test(file));
  if (chosen.length === 0) {
    throw new Problem("source-not-found", `${inputs.join(", ")} holds no CSV, Parquet or JSON file.`, {
      at: { file: inputs[0] ?? "" },
    });
  }
  const left = delivered.length - chosen.length;
  const allNotes = [...notes, ...(left === 0 ? [] : [`${left} other files were passed over.`])];
  // Every file is looked at before the first is hashed: a fault in the last one should not take minutes to be told.
  const sniffed: SniffedFile[] = [];
  for (const file of chosen) sniffed.push(await sniffFile(file));
  const byHash = new Map<string, CollectedFile>();
  for (const file of sniffed) {
    const sha256 = await hashFile(file.path, file.layout !== "parquet" && !file.gzip);
    onHashed(file.bytes);
    const twin = byHash.get(sha256);
    if (twin === undefined) byHash.set(sha256, { ...file, sha256 });
    else allNotes.push(`${named(file, twin)} has the same bytes as ${named(twin, file)} and counts once.`);
  }
  return { files: [...byHash.values()], notes: allNotes };
}

/** A file's name, with its folders where the other one is named alike. */
function named({ path: file }: SniffedFile, { path: other }: SniffedFile): string {
  if (path.basename(file) !== path.basename(other)) return path.basename(file);
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}
