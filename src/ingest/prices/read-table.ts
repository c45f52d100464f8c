import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { didYouMean } from "#facts/nearest-names.ts";
import { Problem } from "#units/problems.ts";

const MOST_BYTES = 16 << 20;

/** What may stand in a table of prices, and under which name it lies in its folder: `<name>.csv`, `.yaml` or `.yml`. */
export interface TableShape<Column extends string> {
  readonly name: string;
  readonly columns: readonly Column[];
  /** What a line is called: a price. */
  readonly item: string;
  /** The key that holds the list in YAML, where the list is not the whole document. */
  readonly key: string;
}

/** A line as written, and where each of its cells stands. */
export interface TableLine<Column extends string> {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<Column, string>>>;
  /** The line of a cell, where it has one of its own. */
  readonly lines?: Readonly<Partial<Record<Column, number>>>;
}

/** A table that was found. */
export interface Table<Column extends string> {
  readonly file: string;
  readonly lines: readonly TableLine<Column>[];
}

/**
 * Reads a table that people write, CSV or YAML; undefined if the folder has none.
 * @throws Problem "price-file-invalid" with file and line for what is no such table, "input-too-large", "source-unreadable"
 */
export async function readTable<Column extends string>(
  folder: string,
  shape: TableShape<Column>,
): Promise<Table<Column> | undefined> {
  const names = ["csv", "yaml", "yml"].map((end) => path.join(folder, `${shape.name}.${end}`));
  const present = (await Promise.all(names.map(sizeOf))).flatMap((found) => found ?? []);
  const [found, second] = present;
  if (found === undefined) return undefined;
  if (second !== undefined)
    throw invalid(found.file, undefined, `${second.file} is there too; keep one of them`);
  if (found.bytes > MOST_BYTES)
    throw new Problem("input-too-large", `${found.file} is larger than ${MOST_BYTES >> 20} MiB.`, {
      at: { file: found.file },
    });
  const text = await readFile(found.file, "utf8");
  const read = found.file.endsWith(".csv") ? csvLines : yamlLines;
  return { file: found.file, lines: read(text, found.file, shape) };
}

async function sizeOf(file: string): Promise<{ file: string; bytes: number } | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new Problem("source-unreadable", `${file} is no file.`, { at: { file } });
    return { file, bytes: found.size };
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Problem("source-unreadable", `${file} can't be read.`, { at: { file }, cause });
  }
}

function csvLines<Column extends string>(
  text: string,
  file: string,
  shape: TableShape<Column>,
): TableLine<Column>[] {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      comment: "#",
      comment_no_infix: true,
      skip_empty_lines: true,
    });
    const made = records as unknown as { record: string[]; info: { lines: number } }[];
    const columns = (made[0]?.record ?? []).map((name) =>
      columnNamed(name, file, made[0]?.info.lines ?? 1, shape),
    );
    const twice = columns.find((name, index) => columns.indexOf(name) !== index);
    if (twice !== undefined) throw invalid(file, 1, `the column ${twice} occurs twice`);
    return made.slice(1).map(({ record, info }) => ({
      line: info.lines,
      cells: Object.fromEntries(columns.map((name, index) => [name, record[index] ?? ""])) as Record<
        Column,
        string
      >,
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw invalid(
      file,
      typeof cause["lines"] === "number" ? cause["lines"] : undefined,
      cause.message,
      cause,
    );
  }
}

/** A list, or a mapping that holds one. Scalars are read as text, so that 0.10 stays 0.10. */
function yamlLines<Column extends string>(
  text: string,
  file: string,
  shape: TableShape<Column>,
): TableLine<Column>[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: counter, prettyErrors: false });
  const lineOf = (offset: number | undefined): number => counter.linePos(offset ?? 0).line;
  const [error] = document.errors;
  if (error !== undefined) throw invalid(file, lineOf(error.pos[0]), error.message, error);
  const root = document.contents;
  const list = isMap(root) ? root.get(shape.key) : root;
  if (!isSeq(list)) throw invalid(file, 1, `there is no list of ${shape.key}`);
  return list.items.map((item) => {
    if (!isMap(item))
      throw invalid(file, lineOf(item.range?.[0]), `a ${shape.item} is no mapping of its columns`);
    return yamlLine(item, file, lineOf, shape);
  });
}

function yamlLine<Column extends string>(
  item: YAMLMap,
  file: string,
  lineOf: (offset: number | undefined) => number,
  shape: TableShape<Column>,
): TableLine<Column> {
  const cells: Partial<Record<Column, string>> = {};
  const lines: Partial<Record<Column, number>> = {};
  for (const { key, value } of item.items) {
    const at = isScalar(key) ? lineOf(key.range?.[0]) : lineOf(item.range?.[0]);
    const name = columnNamed(isScalar(key) ? String(key.value) : "", file, at, shape);
    if (!isScalar(value) || typeof value.value !== "string")
      throw invalid(file, at, `${name} is no plain value`);
    cells[name] = value.value;
    lines[name] = lineOf(value.range?.[0]);
  }
  return { line: lineOf(item.range?.[0]), cells, lines };
}

function columnNamed<Column extends string>(
  name: string,
  file: string,
  line: number,
  { columns }: TableShape<Column>,
): Column {
  const found = columns.find((column) => column === name.trim());
  if (found !== undefined) return found;
  throw invalid(
    file,
    line,
    `there is no column "${name.slice(0, 80)}".${didYouMean(name, columns)} The columns are ${columns.join(", ")}`,
  );
}

const invalid = (file: string, line: number | undefined, what: string, cause?: unknown): Problem =>
  new Problem(
    "price-file-invalid",
    `${file}${line === undefined ? "" : `, line ${line}`}: ${what.replace(/\.$/, "")}.`,
    {
      at: { file, ...(line === undefined ? {} : { line }) },
      cause,
    },
  );
