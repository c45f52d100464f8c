import path from "node:path";

/** True for the names that providers give to the list of a delivery's files. */
export const isManifest = (file: string): boolean => /(^|-)manifest\.json$/i.test(path.basename(file));
