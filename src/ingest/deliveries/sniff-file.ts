import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip, constants } from "node:zlib";
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
  if (text.length === 0)
    throw new Problem("source-empty", `${file} is empty inside its compression.`, { at: { file } });
  const head = decode(text, file);
  const layout = layoutOf(head);
  const columns = layout === "csv" ? csvHeader(head, file) : [];
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
    throw new Problem("compression-broken", `${file} is not a sound gzip file.`, { at: { file }, cause });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

function decode(bytes: Buffer, file: string): string {
  const [a, b] = bytes;
  // UTF-16 with its mark, or without it: then every other byte of a header in Latin letters is zero.
  const utf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || bytes.subarray(0, 64).includes(0);
  if (utf16) {
    const what =
      bytes.subarray(0, 2).toString("hex") === "fffe" || bytes[1] === 0 ? "UTF-16" : "UTF-16 or binary";
    throw new Problem("encoding-unsupported", `${file} is ${what}, not UTF-8 text.`, { at: { file } });
  }
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
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
