import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { didYouMean } from "#facts/nearest-names.ts";
import type { PriceRow } from "#facts/price.ts";
import { Problem } from "#units/problems.ts";
import { type ContractColumn, contractColumns, type ContractLine, contractRows } from "./contract-rows.ts";

const NAMES = ["contract.csv", "contract.yaml", "contract.yml"];
const MOST_BYTES = 16 << 20;

/** A contract table that was read. */
export interface Contract {
  readonly file: string;
  readonly rows: readonly PriceRow[];
}

/**
 * Reads `contract.csv`, or `contract.yaml`, of a folder; undefined if there is none.
 * @throws Problem "price-file-invalid" with file, line, column and value of everything that is wrong, "input-too-large", "source-unreadable"
 */
export async function readContract(folder: string): Promise<Contract | undefined> {
  const present = (await Promise.all(NAMES.map((name) => sizeOf(path.join(folder, name))))).flatMap(
    (found) => found ?? [],
  );
  const [found, second] = present;
  if (found === undefined) return undefined;
  if (second !== undefined)
    throw invalid(found.file, undefined, `${second.file} is there too; keep one of them`);
  if (found.bytes > MOST_BYTES)
    throw new Problem("input-too-large", `${found.file} is larger than ${MOST_BYTES >> 20} MiB.`, {
      at: { file: found.file },
    });
  const text = await readFile(found.file, "utf8");
  const lines = found.file.endsWith(".csv") ? csvLines(text, found.file) : yamlLines(text, found.file);
  const { rows, problems } = contractRows(lines, found.file);
  const [first, ...others] = problems;
  if (first !== undefined) throw new Problem(first.code, first.message, { at: first.at ?? {}, others });
  return { file: found.file, rows };
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

function csvLines(text: string, file: string): ContractLine[] {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      comment: "#",
      comment_no_infix: true,
      skip_empty_lines: true,
    });
    const made = records as unknown as { record: string[]; info: { lines: number } }[];
    const columns = (made[0]?.record ?? []).map((name) => columnNamed(name, file, made[0]?.info.lines ?? 1));
    const twice = columns.find((name, index) => columns.indexOf(name) !== index);
    if (twice !== undefined) throw invalid(file, 1, `the column ${twice} occurs twice`);
    return made.slice(1).map(({ record, info }) => ({
      line: info.lines,
      cells: Object.fromEntries(columns.map((name, index) => [name, record[index] ?? ""])),
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

/** A list of prices, or a mapping with `prices:`. Scalars are read as text, so that 0.10 stays 0.10. */
function yamlLines(text: string, file: string): ContractLine[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: counter, prettyErrors: false });
  const lineOf = (offset: number | undefined): number => counter.linePos(offset ?? 0).line;
  const [error] = document.errors;
  if (error !== undefined) throw invalid(file, lineOf(error.pos[0]), error.message, error);
  const root = document.contents;
  const list = isMap(root) ? root.get("prices") : root;
  if (!isSeq(list)) throw invalid(file, 1, "there is no list of prices");
  return list.items.map((item) => {
    if (!isMap(item)) throw invalid(file, lineOf(item.range?.[0]), "a price is no mapping of its columns");
    return yamlLine(item, file, lineOf);
  });
}

function yamlLine(item: YAMLMap, file: string, lineOf: (offset: number | undefined) => number): ContractLine {
  const cells: Partial<Record<ContractColumn, string>> = {};
  const lines: Partial<Record<ContractColumn, number>> = {};
  for (const { key, value } of item.items) {
    const at = isScalar(key) ? lineOf(key.range?.[0]) : lineOf(item.range?.[0]);
    const name = columnNamed(isScalar(key) ? String(key.value) : "", file, at);
    if (!isScalar(value) || typeof value.value !== "string")
      throw invalid(file, at, `${name} is no plain value`);
    cells[name] = value.value;
    lines[name] = lineOf(value.range?.[0]);
  }
  return { line: lineOf(item.range?.[0]), cells, lines };
}

function columnNamed(name: string, file: string, line: number): ContractColumn {
  const found = contractColumns.find((column) => column === name.trim());
  if (found !== undefined) return found;
  throw invalid(
    file,
    line,
    `there is no column "${name.slice(0, 80)}".${didYouMean(name, contractColumns)} The columns are ${contractColumns.join(", ")}`,
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
