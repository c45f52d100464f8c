import { type Document, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { didYouMean } from "#facts/nearest-names.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { knownKeys } from "./known-keys.ts";
import { type Configuration, configurationSchema } from "./schema.ts";

/** A configuration is written by people; what is larger is another file. */
const MAX_BYTES = 1024 * 1024;

/** Where something stands in a file, for a problem to name. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined;

/**
 * Reads `plimsoll.yaml` strictly: an unknown key is an error, not a wish.
 * @returns the configuration, and where its parts stand
 * @throws Problem "config-invalid" with the first fault's line, all others beside it
 */
export function readConfiguration(
  text: string,
  file: string,
): { configuration: Configuration; lineOf: LineOf } {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new Problem("config-invalid", `${file} is larger than 1 MiB.`, { at: { file } });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const faults = document.errors.map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return fault(file, line, `column ${col}: ${message.replace(/\.?\s*$/, "")}.`);
  });
  throwAll([...faults, ...protoNames(document, lines, file)], file);
  const lineOf: LineOf = (path) => lineOfPath(document, lines, path);
  const parsed = configurationSchema.safeParse(plainOf(document, file) ?? {});
  if (parsed.success) return { configuration: parsed.data, lineOf };
  throwAll(
    parsed.error.issues.map((issue) => {
      const path = issue.path.filter((part) => typeof part !== "symbol");
      if (issue.code !== "unrecognized_keys")
        return fault(file, lineOf(path), `${written(path)}${inWords(issue.message)}.`);
      const [unknown = ""] = issue.keys;
      return fault(
        file,
        lineOf([...path, unknown]),
        `${written(path)} ${unknownKey(unknown, knownKeys(path))}`,
      );
    }),
    file,
  );
  throw new Problem("internal", "A configuration was refused without a reason.");
}

/** What the schema says of a value, without its words for types. */
function inWords(message: string): string {
  const [, wanted = "", found = ""] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? [];
  if (found === "") return `: ${message}`;
  return found === "undefined"
    ? " is missing"
    : ` must be ${types[wanted] ?? wanted}, not ${types[found] ?? found}`;
}

const types: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  null: "nothing",
  number: "a number",
  object: "keys with their values",
  record: "keys with their values",
  string: "a text",
};

const unknownKey = (name: string, known: readonly string[]): string =>
  `has no key "${name}".${didYouMean(name, known) || ` It may have ${known.join(", ")}.`}`;

/** A name that no object of ours can have: it would be dropped in silence. */
function protoNames(document: Document, lines: LineCounter, file: string): ProblemReport[] {
  const faults: ProblemReport[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== "__proto__") return;
      const line = key.range == null ? undefined : lines.linePos(key.range[0]).line;
      faults.push(fault(file, line, "__proto__ can't be a name."));
    },
  });
  return faults;
}

/** Anchors may be used, but not to blow a small file up. */
function plainOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new Problem("config-invalid", `${file} uses aliases without end.`, { at: { file }, cause });
  }
}

const written = (path: readonly (string | number)[]): string =>
  path.length === 0
    ? "the file"
    : path
        .map((part) => (typeof part === "number" ? `[${part + 1}]` : part))
        .join(".")
        .replaceAll(".[", "[");

const fault = (file: string, line: number | undefined, message: string): ProblemReport => ({
  code: "config-invalid",
  message: `${file}${line === undefined ? "" : `, line ${line}`}: ${message}`,
  at: { file, ...(line === undefined ? {} : { line }) },
});

function throwAll([first, ...others]: readonly ProblemReport[], file: string): void {
  if (first === undefined) return;
  throw new Problem("config-invalid", first.message, { at: first.at ?? { file }, others });
}

/** The line of a node, or of the nearest one around it that is there. */
function lineOfPath(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return undefined;
}
