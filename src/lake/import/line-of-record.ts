import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Layout } from "#facts/source-mapping.ts";
import { scanCsv } from "./scan-csv.ts";

/**
 * The line on which the n-th data record of a text file begins, counting from 1 with a CSV's header as line 1. Quoted cells may hold
 * line ends, and empty lines are not records, so the file is read from its start; it is asked only for an error message.
 * @returns undefined where a record has no line of its own: in Parquet and in a JSON document
 */
export async function lineOfRecord(
  file: string,
  layout: Layout,
  record: number,
): Promise<number | undefined> {
  if (layout === "jsonl") return lineOfObject(file, record);
  if (layout !== "csv") return undefined;
  let line = 0;
  await scanCsv(file, (found) => {
    ({ line } = found);
    return found.number === record;
  });
  return line;
}

async function lineOfObject(file: string, record: number): Promise<number> {
  let [line, objects] = [0, 0];
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  for await (const text of lines) {
    line++;
    if (text.trim() !== "" && ++objects === record) break;
  }
  lines.close();
  return line;
}
