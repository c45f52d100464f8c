import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { targetFault } from "./export-target.ts";

const PREFIX = "plimsoll-export-";
/** No export takes a day: what lies untouched for one is of a process that was killed. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * A folder for what an export makes on its way, in the system's folder for such files; what killed exports left there a day ago or longer is removed.
 * @throws Problem "data-unwritable", "disk-full"
 */
export async function scratchFolder(): Promise<string> {
  const place = path.join(tmpdir(), PREFIX);
  try {
    const made = await mkdtemp(place);
    await sweep(path.dirname(made));
    return made;
  } catch (cause) {
    throw targetFault(cause, `${place}…`);
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const left = path.join(folder, name);
    const { mtimeMs, uid } = await stat(left).catch(() => ({ mtimeMs: Infinity, uid: -1 }));
    if (Date.now() - mtimeMs < ABANDONED_MS || uid !== process.getuid?.()) continue;
    await rm(left, { recursive: true, force: true }).catch(() => undefined);
  }
}
