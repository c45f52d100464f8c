import { createReadStream } from "node:fs";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import type { PriceRow } from "#facts/price.ts";
import { instant, type Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { type OfferCells, offerColumns, offerRow } from "./aws-rows.ts";

/** Bytes of an unpacked price list; the largest region of EC2 has a tenth of it. */
const MOST_BYTES = 8 * 2 ** 30;

/**
 * Prices of an AWS price list in CSV (`offers/v1.0/aws/AmazonEC2/current/<region>/index.csv`), gzipped or not, read as a stream:
 * its first lines say what it is and when it was published, then come the columns.
 * @throws Problem "source-not-found", "source-unreadable", "price-file-invalid" with the line, "compression-broken", "input-too-large"
 */
export async function readAws(file: string, onLines: (lines: number) => void): Promise<PriceRow[]> {
  const found = new Map<string, PriceRow>();
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: 1 << 20 });
  const list = new PriceList(file);
  const reading = pipeline([
    createReadStream(file),
    ...(file.endsWith(".gz") ? [createGunzip()] : []),
    limited(file),
    parser,
  ]);
  // Told by the loop below, or by the wait after it.
  reading.catch(() => {});
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      const row = list.take(record);
      if (row !== undefined) found.set([row.sku, row.region, row.purchase, row.validFrom].join("\0"), row);
      if (list.lines % 50_000 === 0) onLines(list.lines);
    }
    await reading;
  } catch (cause) {
    throw problemOf(file, cause);
  }
  list.refuseIncomplete();
  return [...found.values()];
}

/** Reads line after line: what the list is, its columns, its prices. */
class PriceList {
  lines = 0;
  readonly #file: string;
  readonly #about = new Map<string, string>();
  #columns: Map<string, number> | undefined;
  #asOf: Instant = 0;

  constructor(file: string) {
    this.#file = file;
  }

  take(record: readonly string[]): PriceRow | undefined {
    this.lines++;
    const columns = this.#columns;
    if (columns === undefined) {
      this.#head(record);
      return undefined;
    }
    if (record.length !== columns.size)
      throw invalid(
        this.#file,
        this.lines,
        `the columns are ${columns.size}, this line has ${record.length}`,
      );
    const cells = Object.fromEntries(
      offerColumns.map((name) => [name, record[columns.get(name) ?? -1] ?? ""]),
    );
    try {
      return offerRow(
        cells as OfferCells,
        `AWS price list ${this.#about.get("Version") ?? ""}`.trim(),
        this.#asOf,
      );
    } catch (cause) {
      throw invalid(
        this.#file,
        this.lines,
        `column EffectiveDate: "${cells["EffectiveDate"]}" is no date`,
        cause,
      );
    }
  }

  refuseIncomplete(): void {
    if (this.#columns === undefined) throw invalid(this.#file, Math.max(1, this.lines), NO_LIST);
  }

  #head(record: readonly string[]): void {
    if (record[0] !== "SKU") {
      if (record.length > 2 || this.lines > 20) throw invalid(this.#file, this.lines, NO_LIST);
      this.#about.set(record[0] ?? "", record[1] ?? "");
      return;
    }
    const published = this.#about.get("Publication Date") ?? "";
    try {
      this.#asOf = instant(published);
    } catch (cause) {
      throw invalid(this.#file, this.lines, `Publication Date "${published}" is no date`, cause);
    }
    const columns = new Map(record.map((name, index) => [name, index]));
    const missing = offerColumns.find((name) => !columns.has(name));
    if (missing !== undefined || columns.size !== record.length)
      throw invalid(
        this.#file,
        this.lines,
        `the column ${missing ?? "of one name"} is ${missing === undefined ? "there twice" : "missing"}`,
      );
    this.#columns = columns;
  }
}

const NO_LIST = "this is no price list of AWS in CSV";

function limited(file: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) done(null, chunk);
      else
        done(
          new Problem("input-too-large", `${file} is larger than ${MOST_BYTES / 2 ** 30} GiB unpacked.`, {
            at: { file },
          }),
        );
    },
  });
}

function problemOf(file: string, cause: unknown): unknown {
  if (cause instanceof Problem) return cause;
  if (cause instanceof CsvError)
    return invalid(
      file,
      typeof cause["lines"] === "number" ? cause["lines"] : 1,
      cause.message.replace(/\.$/, ""),
      cause,
    );
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT")
    return new Problem("source-not-found", `${file} does not exist.`, { at: { file }, cause });
  if (code === "EACCES" || code === "EISDIR")
    return new Problem("source-unreadable", `${file} can't be read.`, { at: { file }, cause });
  if (code?.startsWith("Z_") === true)
    return new Problem("compression-broken", `${file} is no whole gzip file.`, { at: { file }, cause });
  return cause;
}

const invalid = (file: string, line: number, what: string, cause?: unknown): Problem =>
  new Problem("price-file-invalid", `${file}, line ${line}: ${what}.`, {
    at: { file, line },
    cause,
    hint: "Give the price list of one region as AWS publishes it: offers/v1.0/aws/AmazonEC2/current/<region>/index.csv.",
  });
