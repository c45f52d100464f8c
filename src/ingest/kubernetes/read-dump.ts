import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { Problem } from "#units/problems.ts";
import { jsonTexts, MAX_DEPTH, parseJson, tooDeep } from "#ingest/nesting.ts";
import { readTextFile } from "#ingest/text-file.ts";
import { type FoundObjects, objectsOf } from "./objects-of.ts";

/** A dump of one cluster: one file, named after it. */
export interface ClusterDump extends FoundObjects {
  readonly cluster: string;
  readonly file: string;
}

const MAX_JSON_BYTES = 256 * 2 ** 20;
/** Manifests are written by people; YAML takes far more memory than JSON. */
const MAX_YAML_BYTES = 8 * 2 ** 20;
const MAX_FILES = 1000;

/**
 * Reads dumps: a file of `kubectl get -o json` (a List, or objects one after the other) or of YAML documents; or a folder of such files,
 * each a cluster of its own, named after the file.
 * @throws Problem "source-not-found", "source-empty", "json-invalid", "yaml-invalid", "kubernetes-invalid", "input-too-large"
 */
export async function readDumps(input: string): Promise<ClusterDump[]> {
  const found = await stat(input).catch((cause: unknown) => {
    throw new Problem("source-not-found", `${input} does not exist.`, { at: { file: input }, cause });
  });
  if (!found.isDirectory()) return [await readDump(input)];
  const names = (await readdir(input)).filter((name) => /\.(json|ya?ml)$/i.test(name)).sort();
  if (names.length === 0)
    throw new Problem("source-empty", `${input} holds no .json or .yaml file.`, {
      at: { file: input },
      hint: "Write a dump into it: kubectl get deploy,rs,sts,ds,job,cj,pod,pvc,pv,node -A -o json > cluster.json",
    });
  if (names.length > MAX_FILES)
    throw new Problem("input-too-large", `${input} holds more than ${MAX_FILES} files.`, {
      at: { file: input },
    });
  const dumps: ClusterDump[] = [];
  for (const name of names) dumps.push(await readDump(path.join(input, name)));
  return dumps;
}

async function readDump(file: string): Promise<ClusterDump> {
  const isYaml = /\.ya?ml$/i.test(file);
  const { text } = await readTextFile(file, isYaml ? MAX_YAML_BYTES : MAX_JSON_BYTES);
  const values = isYaml ? yamlValues(text, file) : jsonTexts(text, file).map((each) => parseJson(each, file));
  const cluster = path.basename(file).replace(/\.(json|ya?ml)$/i, "");
  return { cluster, file, ...objectsOf(values, file) };
}

/** @throws Problem "yaml-invalid" with the line, "input-too-large" */
export function yamlValues(text: string, file: string): unknown[] {
  try {
    return [...parseAllDocuments(text)].map((document) => {
      const [error] = document.errors;
      if (error !== undefined) {
        // The parser walks down by calls; a text nested without end exhausts them.
        if (error.message.startsWith("Maximum call stack")) throw tooDeep(file);
        const line = error.linePos?.[0].line;
        throw new Problem("yaml-invalid", `${file} is no YAML: ${error.message.split("\n")[0]}`, {
          at: { file, ...(line === undefined ? {} : { line }) },
        });
      }
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      if (depthOf(value) > MAX_DEPTH) throw tooDeep(file);
      return value;
    });
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const what = cause instanceof Error ? cause.message : "it can't be read";
    throw new Problem("yaml-invalid", `${file} is no YAML: ${what}`, { at: { file }, cause });
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Object.values(value).reduce((most: number, each) => Math.max(most, depthOf(each)), 0);
}
