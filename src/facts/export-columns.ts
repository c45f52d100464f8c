import {
  addedColumnNames,
  type ChargeColumn,
  chargeColumnNames,
  chargeColumnType,
  decidedColumnNames,
} from "./charge-columns.ts";
import { focusColumns, focusColumnNames } from "./focus-columns.ts";
import { didYouMean } from "./nearest-names.ts";
import { Problem } from "#units/problems.ts";

/** Versions of FOCUS that are written; 1.5 is its working draft. */
export const exportVersions = ["1.2", "1.3", "1.4", "1.5"] as const;
/** A version of FOCUS that is written. */
export type ExportVersion = (typeof exportVersions)[number];

/** A column of an export: what it is called there, and the column of charges that it holds. */
export interface ExportColumn {
  readonly name: string;
  readonly column: ChargeColumn;
}

/** Columns that versions before 1.4 had, and what is read from them at import. */
const formerColumns: readonly ExportColumn[] = [
  { name: "ProviderName", column: "ServiceProviderName" },
  { name: "PublisherName", column: "HostProviderName" },
];

/** The columns of a FOCUS version, in FOCUS's order: that of their names. */
function focusColumnsOf(version: ExportVersion): ExportColumn[] {
  const known = focusColumnNames.filter((name) => focusColumns[name].since <= version);
  return [
    ...known.map((name): ExportColumn => ({ name, column: name })),
    ...(version < "1.4" ? formerColumns : []),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isWritten = (name: ChargeColumn): boolean => chargeColumnType(name) !== "map";

/** Our columns in an export: all but x_Tags, which is Tags over again. */
const ownColumns: readonly ExportColumn[] = [...addedColumnNames, ...decidedColumnNames]
  .filter(isWritten)
  .map((name) => ({ name, column: name }));

/**
 * The columns of an export: those of the FOCUS version and ours, or those that are named, in their order.
 * @throws Problem "column-unknown", "column-duplicate"
 */
export function exportColumns(version: ExportVersion, named: readonly string[]): ExportColumn[] {
  const standard = [...focusColumnsOf(version), ...ownColumns];
  if (named.length === 0) return standard;
  const others = chargeColumnNames.filter(isWritten).map((name): ExportColumn => ({ name, column: name }));
  const known = [...standard, ...others];
  const chosen = named.map((text) => find(text, known));
  const twice = chosen.find(({ name }, at) => chosen.findIndex((each) => each.name === name) !== at);
  if (twice !== undefined) throw new Problem("column-duplicate", `--columns names ${twice.name} twice.`);
  return chosen;
}

function find(text: string, known: readonly ExportColumn[]): ExportColumn {
  const lower = text.toLowerCase();
  const found = [lower, `x_${lower}`].flatMap(
    (name) => known.find((each) => each.name.toLowerCase() === name) ?? [],
  );
  if (found[0] !== undefined) return found[0];
  const names = [...new Set(known.map(({ name }) => name))];
  throw new Problem("column-unknown", `There is no column "${text}" to export.${didYouMean(text, names)}`, {
    at: { column: text },
    hint: "plimsoll report --columns lists them. Tags holds all tags; x_Tags, their map in the lake, is not exported.",
  });
}
