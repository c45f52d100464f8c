import type { Layout, SourceMapping } from "#facts/source-mapping.ts";
import { Problem } from "#units/problems.ts";
import { focusVersion, mapFocus } from "./focus/map.ts";

/** What is known of a file before its rows are read. */
export interface Recognizable {
  readonly layout: Layout;
  readonly columns: readonly string[];
  /** The first part of the text; empty for Parquet. */
  readonly head: string;
}

/** A format that is read: recognised by its columns or first bytes, mapped to FOCUS. */
export interface Format {
  readonly name: string;
  readonly what: string;
  /** The mapping, or undefined if the file is of another format. */
  readonly recognize: (file: Recognizable) => SourceMapping | undefined;
}

const focus: Format = {
  name: "focus",
  what: "FOCUS 1.0 to 1.4 cost and usage (CSV, CSV.gz, Parquet; AWS Data Exports and Azure exports with their manifests)",
  recognize: ({ layout, columns, head }) => {
    const version = focusVersion(columns);
    if (version === undefined) return undefined;
    return mapFocus(columns, layout, version === "1.0" && writesSpaceTimes(head));
  },
};

/** The formats in the order in which they are tried. */
export const formats: readonly Format[] = [focus];

/**
 * Finds the format of a file.
 * @param name of a format that the person insists on
 * @throws Problem "format-unknown"
 */
export function recognize(file: Recognizable, fileName: string, name?: string): SourceMapping {
  const candidates = name === undefined ? formats : formats.filter((format) => format.name === name);
  if (candidates.length === 0) {
    throw new Problem(
      "format-unknown",
      `There is no format "${name}". Formats: ${formats.map((format) => format.name).join(", ")}.`,
    );
  }
  for (const format of candidates) {
    const mapping = format.recognize(file);
    if (mapping !== undefined) return mapping;
  }
  const shown = file.columns.slice(0, 6).join(", ");
  const has = shown === "" ? "" : ` Its columns begin with ${shown}.`;
  throw new Problem(
    "format-unknown",
    `${fileName} is not in a format that is read${name === undefined ? "" : ` (${name} was asked for)`}.${has}`,
    {
      at: { file: fileName },
    },
  );
}

/** The published FOCUS 1.0 files write 2024-09-01 00:00:00; a file that writes any time in the ISO way is held to it. */
function writesSpaceTimes(head: string): boolean {
  return /\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.test(head) && !/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(head);
}
