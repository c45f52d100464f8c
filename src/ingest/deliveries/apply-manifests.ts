import path from "node:path";
import { Problem } from "#units/problems.ts";
import type { FoundFile } from "./find-files.ts";
import { isManifest } from "./manifest-name.ts";
import { type Manifest, readManifest } from "./read-manifest.ts";

/**
 * If the files contain delivery manifests, only what those name is delivered, and all of it must be there: a manifest is
 * written last, so a file without it, or beside it from an earlier run, is not part of the delivery. Of several runs of one export
 * over the same period only the newest counts: each holds the whole period, so all of them together would multiply the money.
 * @throws Problem "manifest-invalid", "manifest-incomplete", "manifest-ambiguous", "path-escapes"
 */
export async function applyManifests(
  files: readonly FoundFile[],
): Promise<{ files: FoundFile[]; notes: string[] }> {
  const found = files.filter(({ path: file }) => isManifest(file));
  if (found.length === 0) return { files: [...files], notes: [] };
  const manifests: Manifest[] = [];
  for (const file of found) manifests.push(await readManifest(file));
  const newest = newestRuns(manifests);
  const delivered = new Map<string, FoundFile>();
  for (const manifest of newest) {
    for (const name of manifest.names) {
      const file = locate(name, manifest.file, files);
      delivered.set(file.path, { ...file, named: true });
    }
  }
  // The folder of a manifest is a delivery; what lies elsewhere and was named by hand was meant.
  const roots = new Set(found.map(({ root }) => root));
  for (const file of files) {
    if (file.named && !isManifest(file.path) && !roots.has(file.root)) delivered.set(file.path, file);
  }
  const others = files.filter((file) => !isManifest(file.path) && !delivered.has(file.path));
  const notes = others.length === 0 ? [] : [`${others.length} files that no manifest names were left out.`];
  const older = manifests.filter((manifest) => !newest.some((run) => sameNames(run, manifest))).length;
  if (older > 0) notes.push(`${older} older runs of the same export were left out; the newest holds it all.`);
  return { files: [...delivered.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), notes };
}

/** @throws Problem "manifest-ambiguous" if two runs of the same name different files and nothing tells which is newer */
function newestRuns(manifests: readonly Manifest[]): Manifest[] {
  const runs = new Map<string, Manifest>();
  const newestFirst = [...manifests].sort((a, b) => (a.newness > b.newness ? -1 : 1));
  for (const manifest of newestFirst) {
    const newest = runs.get(manifest.delivers);
    if (newest === undefined) runs.set(manifest.delivers, manifest);
    else if (newest.newness === manifest.newness && !sameNames(newest, manifest)) {
      const message = `${newest.file.path} and ${manifest.file.path} deliver the same period, and neither says that it is the newer.`;
      throw new Problem("manifest-ambiguous", message, { at: { file: manifest.file.path } });
    }
  }
  return [...runs.values()];
}

const sameNames = (a: Manifest, b: Manifest): boolean =>
  JSON.stringify([...a.names].sort()) === JSON.stringify([...b.names].sort());

/** A manifest names objects in the provider's storage; on disk the same file has the same tail of its path. */
function locate(name: string, manifest: FoundFile, files: readonly FoundFile[]): FoundFile {
  const spellings = [name, ...decoded(name)];
  for (const spelling of spellings) refuseEscape(spelling, name, manifest);
  const near = files.filter(({ root }) => root === manifest.root);
  for (const spelling of spellings) {
    const parts = partsOf(spelling);
    for (let from = 0; from < parts.length; from++) {
      const tail = `/${parts.slice(from).join("/")}`;
      const matches = near.filter((file) => file.path.replaceAll(path.sep, "/").endsWith(tail));
      const nearest =
        matches.find((file) => path.dirname(file.path) === path.dirname(manifest.path)) ?? matches[0];
      if (nearest !== undefined) return nearest;
    }
  }
  throw new Problem("manifest-incomplete", `${manifest.path} names ${name}, which is not there.`, {
    at: { file: manifest.path, value: name },
  });
}

const partsOf = (name: string): string[] =>
  name
    .replace(/^[a-z0-9]+:\/\/[^/]*\//i, "")
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "");

/** Addresses are often written percent-encoded. */
function decoded(name: string): string[] {
  try {
    const plain = decodeURIComponent(name);
    return plain === name ? [] : [plain];
  } catch {
    return []; // a bare percent sign is a letter of the name
  }
}

function refuseEscape(spelling: string, name: string, manifest: FoundFile): void {
  const parts = partsOf(spelling);
  const leads =
    parts.length === 0 ||
    parts.some((part) => part === ".." || part === ".") ||
    /^([a-z]:|file:|[/\\])/i.test(spelling) ||
    spelling.includes("\0");
  if (!leads) return;
  const message = `${manifest.path} names ${JSON.stringify(name)}, which leads out of the delivery.`;
  throw new Problem("path-escapes", message, { at: { file: manifest.path, value: name } });
}
