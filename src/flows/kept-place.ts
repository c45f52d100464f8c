import { realpath } from "node:fs/promises";
import path from "node:path";
import { Problem } from "#units/problems.ts";

/** Folders of the data folder whose files only Plimsoll writes. */
const keptFolders = ["lake", "state", "prices"] as const;

/**
 * Refuses a file to be written where Plimsoll keeps its own, whatever is forced: a month's export over a file of the lake would be the end of the lake.
 * @throws Problem "data-unwritable"
 */
export async function refuseKeptPlace(data: string, file: string): Promise<void> {
  const real = await realPlace(path.resolve(file));
  for (const folder of keptFolders) {
    const kept = await realPlace(path.resolve(data, folder));
    const below = path.relative(kept, real);
    if (below === ".." || below.startsWith(`..${path.sep}`) || path.isAbsolute(below)) continue;
    throw new Problem(
      "data-unwritable",
      `${file} is in ${kept}, where only Plimsoll's own files are written.`,
      {
        at: { file },
        hint: "Name a file in another folder; nothing was written.",
      },
    );
  }
}

/** Where a path leads once links are followed, also of what is not there yet. */
async function realPlace(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch {
    const folder = path.dirname(place);
    return folder === place ? place : path.join(await realPlace(folder), path.basename(place));
  }
}
