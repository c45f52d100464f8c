import { readFile } from "node:fs/promises";
import { Problem } from "#units/problems.ts";

/** Secrets come from files: what stands on a command line can be seen by every user of the machine. */
export async function secretOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Problem("source-unreadable", `${file} can't be read.`, { at: { file }, cause });
  });
  return text.trim();
}
