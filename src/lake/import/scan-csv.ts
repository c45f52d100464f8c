import { createReadStream } from "node:fs";
import { followUtf8, UTF8_START } from "./follow-utf8.ts";

const [QUOTE, COMMA, LINE_FEED, RETURN] = [0x22, 0x2c, 0x0a, 0x0d];
const SHOWN_BYTES = 80;

/** A record of a CSV as it stands in the file. */
export interface ScannedRecord {
  /** Counts from 0, the header; empty lines are not records. */
  readonly number: number;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** The line on which it ends. */
  readonly lastLine: number;
  readonly cells: number;
  readonly bytes: number;
  readonly ending: "\n" | "\r\n" | "\r" | "";
  /** Its first bytes, for a message. */
  readonly start: string;
  readonly fault?: "open-quote" | "text-after-quote" | "not-utf8";
  /** The line of the fault. */
  readonly faultLine: number;
}

/**
 * Reads a CSV byte by byte as the engine does (RFC 4180, comma; a quote counts only at the start of a cell) and tells where its
 * records lie. Slow beside the engine, so it is asked only for an error message, where the engine's own line counts records.
 * @param visit is given each record, and ends the reading by answering true
 * @param maxBytes a record longer than this is given as it is so far, and ends the reading
 */
export async function scanCsv(
  file: string,
  visit: (record: ScannedRecord) => boolean,
  maxBytes = Infinity,
): Promise<void> {
  let [number, line, first, cells, bytes, utf8] = [0, 1, 1, 1, 0, UTF8_START];
  let state: "cell-start" | "plain" | "quoted" | "quote-in-quotes" = "cell-start";
  let fault: ScannedRecord["fault"];
  let [faultLine, quoteLine] = [0, 0];
  let start: number[] = [];
  let returned = false; // the last byte was a return that may be followed by its line feed

  const blame = (what: ScannedRecord["fault"], where: number): void => {
    if (fault === undefined) [fault, faultLine] = [what, where];
  };
  /** Hands a record over and begins the next one. */
  const close = (ending: ScannedRecord["ending"]): boolean => {
    const empty = bytes === 0;
    const shown = Buffer.from(start).toString("utf8");
    const record = { number, line: first, lastLine: line, cells, bytes, ending, start: shown, faultLine };
    const stop = !empty && visit(fault === undefined ? record : { ...record, fault });
    if (!empty) number++;
    [cells, bytes, state, fault, faultLine, start] = [1, 0, "cell-start", undefined, 0, []];
    return stop;
  };

  let offset = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    for (const byte of chunk as Buffer) {
      if (offset++ < 3 && [0xef, 0xbb, 0xbf][offset - 1] === byte && bytes === 0) continue; // byte order mark
      const ends = state === "quoted" ? false : byte === LINE_FEED || byte === RETURN;
      if (returned) {
        returned = false;
        const stop = close(byte === LINE_FEED ? "\r\n" : "\r");
        line++;
        first = line;
        if (stop) return;
        if (byte === LINE_FEED) continue;
      }
      if (ends) {
        if (byte === RETURN) {
          returned = true;
          continue;
        }
        const stop = close("\n");
        line++;
        first = line;
        if (stop) return;
        continue;
      }
      if (start.length < SHOWN_BYTES) start.push(byte);
      if (++bytes > maxBytes) {
        close("");
        return;
      }
      if (byte >= 0x80 || utf8 !== UTF8_START) {
        const next = followUtf8(utf8, byte);
        if (next === undefined) blame("not-utf8", line);
        utf8 = next ?? UTF8_START;
      }
      if (state === "quoted") {
        if (byte === QUOTE) state = "quote-in-quotes";
        else if (byte === LINE_FEED) line++;
      } else if (byte === COMMA) {
        cells++;
        state = "cell-start";
      } else if (byte === QUOTE && state === "cell-start") [state, quoteLine] = ["quoted", line];
      else if (byte === QUOTE && state === "quote-in-quotes") state = "quoted";
      else {
        if (state === "quote-in-quotes") blame("text-after-quote", line);
        state = "plain";
      }
    }
  }
  if (state === "quoted") blame("open-quote", quoteLine);
  close(returned ? "\r" : "");
}
