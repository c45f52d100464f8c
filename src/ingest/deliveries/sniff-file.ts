import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { createGunzip, constants, gunzip } from "node:zlib";
import type { Layout } from "#facts/source-mapping.ts";
import { Problem } from "#units/problems.ts";
import { csvHeader } from "./csv-header.ts";
import { type FoundFile, unreadable } from "./find-files.ts";

/** What the first bytes of a file tell. */
export interface SniffedFile extends FoundFile {
  readonly layout: Layout;
  readonly gzip: boolean;
  readonly bytes: number;
  /** Last change, ms; together with `bytes` it shows whether the file was written to while it was read. */
  readonly modified: number;
  /** Column names of a CSV; empty for other layouts, whose columns the engine reads. */
  readonly columns: readonly string[];
  /** The first part of the text, for looking at values. Empty for Parquet. */
  readonly head: string;
}

const HEAD_BYTES = 1 << 18;

/**
 * Recognises layout, compression and columns from the first 256 KiB.
 * @throws Problem "source-empty", "source-unreadable", "encoding-unsupported", "compression-broken", "csv-malformed"
 */
export async function sniffFile(found: FoundFile): Promise<SniffedFile> {
  const file = found.path;
  const { bytes, modified, start } = await readStart(file);
  if (bytes === 0) throw new Problem("source-empty", `${file} is empty.`, { at: { file } });
  const base = { ...found, bytes, modified };
  if (start.subarray(0, 4).toString("latin1") === "PAR1") {
    return { ...base, layout: "parquet", gzip: false, columns: [], head: "" };
  }
  const gzip = start[0] === 0x1f && start[1] === 0x8b;
  const text = gzip ? await unzipStart(file) : start;
  if (gzip && text.length === 0) await refuseCutOff(file, start);
  if (text.length === 0)
    throw new Problem("source-empty", `${file} is empty inside its compression.`, { at: { file } });
  const head = decode(text, file);
  const layout = layoutOf(head);
  const columns = layout === "csv" ? csvHeader(head, file, text.length < HEAD_BYTES) : [];
  return { ...base, layout, gzip, columns, head };
}

async function readStart(file: string): Promise<{ bytes: number; modified: number; start: Buffer }> {
  try {
    const info = await stat(file);
    const handle = await open(file, "r");
    try {
      const buffer = Buffer.alloc(Math.min(HEAD_BYTES, info.size));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return { bytes: info.size, modified: info.mtimeMs, start: buffer.subarray(0, bytesRead) };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** The first unpacked bytes; a cut-off end is not noticed here but when the whole file is read. */
async function unzipStart(file: string): Promise<Buffer> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  const source = createReadStream(file, { end: HEAD_BYTES });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source.pipe(gunzip)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= HEAD_BYTES) break;
    }
  } catch (cause) {
    throw new Problem("compression-broken", `${file}: the gzip file is damaged.`, { at: { file }, cause });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

/** A gzip file of nothing is sound to its end; one that was cut off in its first bytes is not. */
async function refuseCutOff(file: string, packed: Buffer): Promise<void> {
  await promisify(gunzip)(packed).catch((cause: unknown) => {
    throw new Problem("compression-broken", `${file}: the gzip file ends before its end.`, {
      at: { file },
      cause,
    });
  });
}

/** Archives and office files that are mistaken for bills, by their first bytes. */
const containers: readonly (readonly [magic: string, what: string])[] = [
  ["504b0304", "a ZIP archive or a workbook"],
  ["28b52ffd", "packed with zstd"],
  ["425a68", "packed with bzip2"],
  ["fd377a58", "packed with xz"],
  ["377abcaf", "a 7-Zip archive"],
];

function decode(bytes: Buffer, file: string): string {
  const start = bytes.subarray(0, 4).toString("hex");
  const container = containers.find(([magic]) => start.startsWith(magic));
  if (container !== undefined) {
    throw new Problem("encoding-unsupported", `${file} is ${container[1]}.`, {
      at: { file },
      hint: "Unpack it, or export it as CSV, and import the CSV files in it; of archives only gzip is read.",
    });
  }
  // UTF-16 with its mark, or without it: then every other byte of a header in Latin letters is zero.
  if (start.startsWith("fffe") || start.startsWith("feff") || bytes.subarray(0, 64).includes(0)) {
    const what = start.startsWith("f") || /^(00..|..00)/.test(start) ? "UTF-16" : "binary";
    throw new Problem("encoding-unsupported", `${file} is ${what}, not UTF-8 text.`, {
      at: { file, line: 1 },
    });
  }
  const headerEnd = bytes.indexOf(0x0a);
  if (!isUtf8(headerEnd < 0 ? wholeCharacters(bytes) : bytes.subarray(0, headerEnd))) {
    throw new Problem("encoding-unsupported", `${file}, line 1: the header is not UTF-8 text.`, {
      at: { file, line: 1 },
    });
  }
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** Without the character that the end of the sample may have cut. */
function wholeCharacters(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 3 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end > 0 && (bytes[end - 1] ?? 0) >= 0xc0 ? end - 1 : bytes.length);
}

function layoutOf(head: string): Layout {
  const trimmed = head.trimStart();
  if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) return "csv";
  const firstLine = trimmed.slice(0, trimmed.indexOf("\n") === -1 ? undefined : trimmed.indexOf("\n")).trim();
  try {
    const value: unknown = JSON.parse(firstLine);
    // A whole object on a line is JSON Lines, unless it is a page of an API's answer.
    return Array.isArray(value) || (typeof value === "object" && value !== null && "data" in value)
      ? "json"
      : "jsonl";
  } catch {
    return "json";
  }
}
