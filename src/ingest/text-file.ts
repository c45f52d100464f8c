import { open } from "node:fs/promises";
import { Problem } from "#units/problems.ts";

/** A text with what had to be done to read it. */
export interface TextFile {
  readonly text: string;
  /** utf-16 where the file said so by its byte order mark, as a redirect in PowerShell 5 writes it. */
  readonly encoding: "utf-8" | "utf-16";
}

/**
 * Reads a text file whole.
 * @param maxBytes larger files are refused before they are read
 * @throws Problem "source-not-found", "source-unreadable", "source-empty", "input-too-large", "encoding-unsupported"
 */
export async function readTextFile(file: string, maxBytes: number): Promise<TextFile> {
  const bytes = await readBytes(file, maxBytes);
  if (bytes.length === 0) throw new Problem("source-empty", `${file} is empty.`, { at: { file } });
  const decoded = (encoding: string): string => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new Problem(
        "encoding-unsupported",
        `${file} is neither UTF-8 nor UTF-16 with a byte order mark.`,
        {
          at: { file },
          cause,
        },
      );
    }
  };
  const mark = bytes.subarray(0, 2).toString("hex");
  if (mark === "fffe") return { text: decoded("utf-16le"), encoding: "utf-16" };
  if (mark === "feff") return { text: decoded("utf-16be"), encoding: "utf-16" };
  return { text: decoded("utf-8"), encoding: "utf-8" };
}

async function readBytes(file: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(file).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT"
      ? new Problem("source-not-found", `${file} does not exist.`, { at: { file } })
      : new Problem("source-unreadable", `${file} can't be opened.`, { at: { file }, cause });
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Problem("source-unreadable", `${file} is not a file.`, { at: { file } });
    if (stat.size > maxBytes) {
      const mebibytes = Math.round(maxBytes / 2 ** 20);
      throw new Problem("input-too-large", `${file} is larger than ${mebibytes} MiB.`, { at: { file } });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
