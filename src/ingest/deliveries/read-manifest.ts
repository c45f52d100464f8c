import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { Problem } from "#units/problems.ts";
import type { FoundFile } from "./find-files.ts";

const MAX_MANIFEST_BYTES = 16 << 20;

/** AWS Data Exports and CUR: names of objects, as full addresses, keys or bare names. */
const awsManifest = z.looseObject({
  dataFiles: z.array(z.string()).optional(),
  reportKeys: z.array(z.string()).optional(),
});

/** Azure Cost Management exports: blobs with their names and sizes. */
const azureManifest = z.looseObject({ blobs: z.array(z.looseObject({ blobName: z.string() })) });

/**
 * If the files contain delivery manifests, only what those name is delivered, and all of it must be there: a manifest is
 * written last, so a file without it, or beside it from an earlier run, is not part of the delivery.
 * @throws Problem "manifest-invalid", "manifest-incomplete", "path-escapes"
 */
export async function applyManifests(
  files: readonly FoundFile[],
): Promise<{ files: FoundFile[]; notes: string[] }> {
  const manifests = files.filter(({ path: file }) => /(^|-)manifest\.json$/i.test(path.basename(file)));
  if (manifests.length === 0) return { files: [...files], notes: [] };
  const delivered = new Map<string, FoundFile>();
  const covered = new Set<string>(manifests.map((file) => file.path));
  for (const manifest of manifests) {
    for (const name of await namesOf(manifest.path)) {
      const file = locate(name, manifest, files);
      delivered.set(file.path, { ...file, named: true });
    }
  }
  const others = files.filter((file) => !covered.has(file.path) && !delivered.has(file.path));
  const notes = others.length === 0 ? [] : [`${others.length} files that no manifest names were left out.`];
  return { files: [...delivered.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), notes };
}

async function namesOf(manifest: string): Promise<string[]> {
  const at = { file: manifest };
  if ((await stat(manifest)).size > MAX_MANIFEST_BYTES) {
    throw new Problem("input-too-large", `${manifest} is larger than 16 MiB, too large for a manifest.`, {
      at,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse((await readFile(manifest, "utf8")).replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new Problem("manifest-invalid", `${manifest} is not JSON.`, { at, cause });
  }
  const azure = azureManifest.safeParse(json);
  if (azure.success) return azure.data.blobs.map(({ blobName }) => blobName);
  const aws = awsManifest.safeParse(json);
  const names = aws.success ? (aws.data.dataFiles ?? aws.data.reportKeys) : undefined;
  if (names === undefined || names.length === 0) {
    throw new Problem("manifest-invalid", `${manifest} names no files (dataFiles, reportKeys or blobs).`, {
      at,
    });
  }
  return names;
}

/** A manifest names objects in the provider's storage; on disk the same file has the same tail of its path. */
function locate(name: string, manifest: FoundFile, files: readonly FoundFile[]): FoundFile {
  const key = name.replace(/^[a-z0-9]+:\/\/[^/]*\//i, "").replaceAll("\\", "/");
  const parts = key.split("/").filter((part) => part !== "");
  if (parts.length === 0 || parts.includes("..") || parts.includes(".") || path.isAbsolute(name)) {
    throw new Problem("path-escapes", `${manifest.path} names "${name}", which leads out of the delivery.`, {
      at: { file: manifest.path, value: name },
    });
  }
  for (let from = 0; from < parts.length; from++) {
    const tail = `/${parts.slice(from).join("/")}`;
    const matches = files.filter((file) => file.path.replaceAll(path.sep, "/").endsWith(tail));
    const nearest =
      matches.find((file) => path.dirname(file.path) === path.dirname(manifest.path)) ?? matches[0];
    if (nearest !== undefined) return nearest;
  }
  throw new Problem("manifest-incomplete", `${manifest.path} names ${name}, which is not there.`, {
    at: { file: manifest.path, value: name },
  });
}
