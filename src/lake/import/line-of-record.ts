import { createReadStream } from "node:fs";

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;

/**
 * The line on which the n-th data record of a CSV begins, counting from 1 with the header as line 1. Quoted cells may hold line
 * ends, and empty lines are not records, so the file is read from its start; it is asked only for an error message.
 */
export async function lineOfRecord(file: string, record: number): Promise<number> {
  let line = 1;
  let records = -1; // the header is not a record
  let inQuotes = false;
  let startLine = 0;
  let empty = true;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    for (const byte of chunk as Buffer) {
      if (empty && byte !== LINE_FEED && byte !== RETURN) {
        empty = false;
        startLine = line;
      }
      if (byte === QUOTE) inQuotes = !inQuotes;
      if (byte !== LINE_FEED) continue;
      line++;
      if (inQuotes || empty) continue;
      records++;
      if (records === record) return startLine;
      empty = true;
    }
  }
  return startLine;
}
