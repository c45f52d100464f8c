import { formats } from "#ingest/formats.ts";

/** The formats that are read, in the order in which they are tried. */
export function listFormats(): { name: string; what: string }[] {
  return formats.map(({ name, what }) => ({ name, what }));
}
