import type { SourceMapping } from "#facts/source-mapping.ts";
import { Problem } from "#units/problems.ts";
import { type Format, formats, type Recognizable } from "./formats.ts";
import { missingNames } from "./source-columns.ts";

/**
 * Finds the format of a file.
 * @param name of a format that the person insists on
 * @throws Problem "format-unknown", naming what the nearest format lacks
 */
export function recognize(found: Recognizable, fileName: string, name?: string): SourceMapping {
  const file = found.layout === "jsonl" ? { ...found, columns: firstMembers(found.head) } : found;
  const candidates = name === undefined ? formats : formats.filter((format) => format.name === name);
  if (candidates.length === 0) {
    throw new Problem(
      "format-unknown",
      `There is no format "${name}". Formats: ${formats.map((format) => format.name).join(", ")}.`,
    );
  }
  for (const format of candidates) {
    const mapping = format.layouts.includes(file.layout) ? format.map(file) : undefined;
    if (mapping !== undefined) return mapping;
  }
  const why = name === undefined ? unrecognised(file) : notThat(file, candidates);
  throw new Problem("format-unknown", `${fileName} ${why}`, { at: { file: fileName } });
}

/** What may have been meant: another report of the same source, or a format of which some columns are there. */
function unrecognised(file: Recognizable): string {
  const other = otherReports.find(({ is }) => is(file));
  if (other !== undefined) return other.what;
  const [nearest] = formats
    .map((format) => ({ format, missing: missingOf(format, file) }))
    .filter(({ format, missing }) => format.needs.length > 0 && missing.length * 2 <= format.needs.length)
    .sort((a, b) => a.missing.length / a.format.needs.length - b.missing.length / b.format.needs.length);
  if (nearest === undefined) return `is not in a format that is read.${firstColumns(file)}`;
  const { format, missing } = nearest;
  if (missing.length > 0) return `looks like ${format.title} but lacks ${missing.join(", ")}.`;
  return `looks like ${format.title} but is ${layoutNames[file.layout]}; that format is read as ${format.layouts.map((layout) => layoutNames[layout]).join(" or ")}.`;
}

function notThat(file: Recognizable, [format]: readonly Format[]): string {
  if (format === undefined || format.needs.length === 0) return `is not ${format?.title ?? ""}.`;
  if (!format.layouts.includes(file.layout)) {
    return `is ${layoutNames[file.layout]}; ${format.name} is read as ${format.layouts.map((layout) => layoutNames[layout]).join(" or ")}.`;
  }
  return `is not ${format.title}: it lacks ${missingOf(format, file).join(", ")}.`;
}

const layoutNames = { csv: "CSV", parquet: "Parquet", jsonl: "JSON Lines", json: "JSON" } as const;

const missingOf = (format: Format, { columns }: Recognizable): string[] =>
  missingNames(format.needs, columns, format.spelling);

function firstColumns({ columns }: Recognizable): string {
  const shown = columns.slice(0, 6).join(", ");
  return shown === "" ? "" : ` Its columns begin with ${shown}.`;
}

/** Reports of known sources that hold no charges. */
const otherReports: readonly { is: (file: Recognizable) => boolean; what: string }[] = [
  {
    is: ({ columns }) => columns.includes("ContractCommitmentId") && !columns.includes("BilledCost"),
    what: "is FOCUS's Contract Commitment dataset, which holds no charges; import the Cost and Usage dataset.",
  },
  {
    is: ({ head }) => /"object"\s*:\s*"organization\.usage\./.test(head),
    what: "is an OpenAI usage report, which has tokens and no cost; import pages of /organization/costs.",
  },
  {
    is: ({ head }) =>
      /"allocations"\s*:/.test(head) && /"cpuCost"\s*:/.test(head) && !/"properties"\s*:/.test(head),
    what: "is a summary of allocations, which does not say whose they are; import answers of GET /allocation.",
  },
  {
    is: ({ head }) => /"starting_at"\s*:/.test(head) && /"uncached_input_tokens"\s*:/.test(head),
    what: "is an Anthropic usage report, which has tokens and no cost; import pages of /v1/organizations/cost_report.",
  },
];

/** Members of the first line; none if it is not a whole object. */
function firstMembers(head: string): string[] {
  const line = head.trimStart().split("\n", 1)[0] ?? "";
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
