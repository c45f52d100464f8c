import type { Readable } from "node:stream";
import { Problem } from "#units/problems.ts";

/**
 * A byte of zero stands in no text: it is what a copy leaves where it stopped, or a binary file.
 * @param text the text from its start, read again to count the lines
 * @throws Problem "csv-malformed" always
 */
export async function refuseZeroByte(text: Readable, offset: number, name: string): Promise<never> {
  let [line, read] = [1, 0];
  for await (const chunk of text) {
    const before = (chunk as Buffer).subarray(0, offset - read);
    for (let at = before.indexOf(0x0a); at >= 0; at = before.indexOf(0x0a, at + 1)) line++;
    read += (chunk as Buffer).length;
    if (read > offset) break;
  }
  throw new Problem("csv-malformed", `${name}, line ${line}: there is a byte of zero in the text.`, {
    at: { file: name, line, value: "\\0" },
    hint: "The file is damaged, or it was not copied to its end; copy it again.",
  });
}
