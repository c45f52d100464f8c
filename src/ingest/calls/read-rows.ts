import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import { Problem } from "#units/problems.ts";
import { jsonTexts, parseJson } from "#ingest/nesting.ts";
import { exactNumbers, type Row } from "./call-row.ts";

/** A row with the line that it begins on, or its number in JSON arrays; or undefined where that line is no row. */
export interface PlacedRow {
  readonly line: number;
  readonly row: Row | undefined;
}

/** A whole JSON document is held in memory; CSV and JSON lines are not. */
const MOST_JSON_BYTES = 128 * 2 ** 20;
/** A row with prompts in it may be long, and is not kept. */
const MOST_ROW_BYTES = 16 * 2 ** 20;

/**
 * The rows of a CSV, of JSON lines, or of a JSON array (by itself or as `data`, `observations` or `calls` of an object), gzipped or not.
 * @throws Problem "source-not-found", "source-unreadable", "source-empty", "csv-malformed", "json-invalid", "input-too-large",
 * "compression-broken"
 */
export async function* readRows(file: string): AsyncGenerator<PlacedRow> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT"
      ? new Problem("source-not-found", `${file} does not exist.`, { at: { file } })
      : new Problem("source-unreadable", `${file} can't be opened.`, { at: { file }, cause });
  });
  try {
    const { text, first } = await textOfFile(handle, file);
    if (first === "") throw new Problem("source-empty", `${file} is empty.`, { at: { file } });
    // The first line alone tells JSON lines from a document that is broken over several.
    if (!/^[[{]/.test(first)) yield* csvRows(text, file);
    else if (isWholeObject(first)) yield* jsonLines(text, file);
    else yield* jsonDocument(text, file);
  } finally {
    await handle.close();
  }
}

async function textOfFile(handle: FileHandle, file: string): Promise<{ text: Readable; first: string }> {
  const head = Buffer.alloc(2 ** 16);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const source = (): Readable => {
    const raw = handle.createReadStream({ start: 0, autoClose: false });
    if (!isGzip) return raw;
    const unpacked = createGunzip();
    raw.on("error", (cause) => unpacked.destroy(cause));
    return raw.pipe(unpacked);
  };
  const start = isGzip ? await firstBytes(source(), file) : head.subarray(0, bytesRead);
  const first = start
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .trimStart();
  return { text: source(), first: first.split(/\r?\n/, 1)[0] ?? "" };
}

async function firstBytes(stream: Readable, file: string): Promise<Buffer> {
  try {
    for await (const chunk of stream) return chunk as Buffer;
  } catch (cause) {
    throw broken(file, cause);
  } finally {
    stream.destroy();
  }
  return Buffer.alloc(0);
}

/** True of a line that is an object by itself, so that others may follow; long ones were cut off and only look like the start of one. */
function isWholeObject(line: string): boolean {
  if (!line.startsWith("{")) return false;
  if (line.length > 60_000) return true;
  try {
    const object = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return !isEnvelope(object);
  } catch {
    return false;
  }
}

const ENVELOPES = ["data", "observations", "calls"];
const isEnvelope = (object: Readonly<Record<string, unknown>>): boolean =>
  ENVELOPES.some((name) => Array.isArray(object[name]));

async function* jsonLines(text: Readable, file: string): AsyncGenerator<PlacedRow> {
  let line = 0;
  for await (const each of linesOf(text, file)) {
    line++;
    if (each.length > MOST_ROW_BYTES) throw tooLong(file, line);
    if (each.trim() !== "") yield { line, row: rowIn(each) };
  }
}

/** node:readline would not say that the stream under it broke. */
async function* linesOf(text: Readable, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
      // What is longer than a row may be is not gathered.
      if (rest.length > MOST_ROW_BYTES) break;
    }
  } catch (cause) {
    throw broken(file, cause);
  }
  yield rest + decoder.decode();
}

function rowIn(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(exactNumbers(text));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

async function* jsonDocument(text: Readable, file: string): AsyncGenerator<PlacedRow> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_JSON_BYTES)
        throw new Problem("input-too-large", `${file} is larger than ${MOST_JSON_BYTES / 2 ** 20} MiB.`, {
          at: { file },
          hint: "Export it as JSON lines or CSV, which are read row by row.",
        });
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof Problem ? cause : broken(file, cause);
  }
  const texts = jsonTexts(
    Buffer.concat(chunks)
      .toString("utf8")
      .replace(/^\uFEFF/, ""),
    file,
  );
  let line = 0;
  for (const each of texts) {
    const value = parseJson(exactNumbers(each), file);
    const list = Array.isArray(value) ? value : listInside(value as Readonly<Record<string, unknown>>, file);
    for (const row of list) {
      line++;
      yield {
        line,
        row: typeof row === "object" && row !== null && !Array.isArray(row) ? (row as Row) : undefined,
      };
    }
  }
}

function listInside(value: Readonly<Record<string, unknown>>, file: string): unknown[] {
  for (const name of ENVELOPES) if (Array.isArray(value[name])) return value[name] as unknown[];
  throw new Problem("json-invalid", `${file} is neither a list of calls nor an object that holds one.`, {
    at: { file },
    hint: `Write a list, an object with ${ENVELOPES.join(", ")}, or one object a line.`,
  });
}

async function* csvRows(text: Readable, file: string): AsyncGenerator<PlacedRow> {
  const parser = text.pipe(
    parse({
      bom: true,
      columns: (names: string[]) => onlyOnce(names, file),
      info: true,
      relax_column_count: true,
      max_record_size: MOST_ROW_BYTES,
    }),
  );
  text.on("error", (cause) => parser.destroy(cause));
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: Row }>)
      yield { line: info.lines, row: record };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    if (!(cause instanceof CsvError)) throw broken(file, cause);
    if (cause.code === "CSV_MAX_RECORD_SIZE") throw tooLong(file, Number(cause["lines"]));
    throw new Problem("csv-malformed", `${file}: ${cause.code}.`, {
      at: { file, line: Number(cause["lines"]) },
    });
  } finally {
    text.destroy();
  }
}

/** Of two columns of one name nobody knows which is meant. */
function onlyOnce(names: string[], file: string): string[] {
  const trimmed = names.map((name) => name.trim());
  const twice = trimmed.find((name, index) => trimmed.indexOf(name) !== index);
  if (twice === undefined) return trimmed;
  throw new Problem(
    "column-duplicate",
    `${file}: the column ${twice === "" ? "without a name" : twice} occurs twice.`,
    { at: { file, line: 1, column: twice } },
  );
}

const tooLong = (file: string, line: number): Problem =>
  new Problem(
    "input-too-large",
    `${file}, line ${line}: the row is longer than ${MOST_ROW_BYTES / 2 ** 20} MiB.`,
    {
      at: { file, line },
      hint: "Export the calls without their prompts and answers.",
    },
  );

const broken = (file: string, cause: unknown): Problem =>
  new Problem("compression-broken", `${file} can't be read to its end.`, { at: { file }, cause });
