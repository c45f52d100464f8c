import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { unreadable } from "./find-files.ts";
import { refuseZeroByte } from "./zero-byte.ts";

/**
 * SHA-256 of a file's bytes as delivered, in hexadecimal: what makes two deliveries the same.
 * @param text true for plain text, which is looked through for bytes of zero on the way
 * @throws Problem "source-unreadable", "csv-malformed" for a byte of zero in a text
 */
export async function hashFile(file: string, text: boolean): Promise<string> {
  const hash = createHash("sha256");
  let offset = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      const zero = text ? bytes.indexOf(0) : -1;
      if (zero >= 0) await refuseZeroByte(createReadStream(file), offset + zero, file);
      hash.update(bytes);
      offset += bytes.length;
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
  return hash.digest("hex");
}
