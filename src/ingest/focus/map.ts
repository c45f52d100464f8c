import { addedColumnNames, decidedColumnNames, idleKinds } from "#facts/charge-columns.ts";
import {
  columnAliases,
  type FocusColumn,
  focusColumnNames,
  focusColumns,
  requiredColumns,
  valueAliases,
} from "#facts/focus-columns.ts";
import {
  type Layout,
  literal,
  quoted,
  type Refusal,
  type SourceMapping,
  type TimeStyle,
} from "#facts/source-mapping.ts";

/** Names that only FOCUS 0.5 has. */
const firstNames = ["amortizedcost", "chargetype"];

/**
 * Which FOCUS version a header is, judged by the newest column it has; undefined if it is not FOCUS at all.
 * Providers may deliver any subset of columns, so the answer is the oldest version that knows all of them.
 */
export function focusVersion(columns: readonly string[]): string | undefined {
  const names = new Set(columns.map((name) => name.toLowerCase()));
  const has = (name: string): boolean => names.has(name.toLowerCase());
  if (!has("BilledCost") && !has("EffectiveCost")) return undefined;
  if (!has("ChargePeriodStart") && !has("BillingPeriodStart") && !has("ChargeCategory")) return undefined;
  const newest = focusColumnNames
    .filter(has)
    .map((column) => focusColumns[column].since)
    .reduce((a, b) => (a > b ? a : b), "0.5");
  if (newest > "1.0") return newest;
  return firstNames.some(has) ? "0.5" : "1.0";
}

/**
 * Maps FOCUS 0.5 to 1.5 onto the names of 1.4: older names and values by their aliases, unknown columns kept as they are. Names are
 * found whatever their case, since catalogues such as Glue and Snowflake change it.
 * @param columns as delivered, in order
 * @param spaceTimes true if the file writes every time as `YYYY-MM-DD hh:mm:ss` without zone, as the published FOCUS 1.0 files do
 */
export function mapFocus(columns: readonly string[], layout: Layout, spaceTimes: boolean): SourceMapping {
  const version = focusVersion(columns) ?? "1.0";
  const delivered = new Map(columns.map((name) => [name.toLowerCase(), name]));
  const spelled = (column: FocusColumn): string[] => {
    const names = [column, ...(columnAliases[column] ?? [])];
    return [...new Set(names.flatMap((name) => delivered.get(name.toLowerCase()) ?? []))];
  };

  const sources = focusColumnNames.flatMap((column) => {
    const [source, ...others] = spelled(column);
    return source === undefined ? [] : [{ column, source, others }];
  });
  const idleKind = delivered.get("x_idlekind");
  const used = new Set([
    ...sources.map(({ source }) => source),
    ...(idleKind === undefined ? [] : [idleKind]),
  ]);
  const extra = columns.filter((column) => !used.has(column));
  const own = isOwnExport(
    extra,
    sources.flatMap(({ others }) => others),
  );
  const style: TimeStyle = spaceTimes || layout === "parquet" ? "utc" : "iso";

  return {
    format: "focus",
    version,
    layout,
    amounts: sources
      .filter(({ column }) => focusColumns[column].type === "decimal")
      .map(({ source }) => source),
    times: Object.fromEntries(
      sources
        .filter(({ column }) => focusColumns[column].type === "time")
        .map(({ source }) => [source, style]),
    ),
    spellings: Object.fromEntries(
      sources.filter(({ others }) => others.length > 0).map(({ source, others }) => [source, others]),
    ),
    charges: [
      {
        columns: {
          ...Object.fromEntries(sources.map(({ column, source }) => [column, valueOf(column, source)])),
          ...(idleKind === undefined ? {} : { x_IdleKind: quoted(idleKind) }),
        },
      },
    ],
    extra: own ? extra.filter((column) => column.toLowerCase() === "x_extra") : extra,
    required: requiredColumns.map((column) => spelled(column)[0] ?? column),
    ...(idleKind === undefined ? {} : { refusals: [unknownIdle(idleKind)] }),
    mode: "overwrite",
    notes: [
      ...(spaceTimes
        ? ["Times carry no zone; they are read as UTC, which FOCUS requires of every time."]
        : []),
      ...(own
        ? [
            "An export of Plimsoll: its x_ columns are made anew from tags, price details and the rules in force here.",
          ]
        : []),
    ],
  };
}

/** Rollups are kept by the kinds of idle, so that anything else must not come in by the column's name. */
const unknownIdle = (column: string): Refusal => ({
  condition: `${quoted(column)} <> '' and ${quoted(column)} not in (${idleKinds.map(literal).join(", ")})`,
  column,
  code: "value-unknown",
  what: `is not one of ${idleKinds.join(", ")}`,
  hint: "x_IdleKind is Plimsoll's own column: correct the value, or give a column of yours another name.",
});
/**
 * True of a file that `plimsoll export` wrote: the columns that FOCUS does not know are ours. They say whose a charge was where it was exported;
 * here tags and rules decide, as for every bill.
 * @param others older names of columns, which hold the same once more
 */
function isOwnExport(extra: readonly string[], others: readonly string[]): boolean {
  const names = extra.filter((column) => !others.includes(column)).map((column) => column.toLowerCase());
  return (
    ["x_source", "x_import"].every((name) => names.includes(name)) && names.every((name) => ours.has(name))
  );
}

const ours: ReadonlySet<string> = new Set(
  // Staging has columns of these two names itself.
  [...addedColumnNames, ...decidedColumnNames, "x_FileDelivered", "x_RowDelivered"].map((name) =>
    name.toLowerCase(),
  ),
);

function valueOf(column: FocusColumn, source: string): string {
  if (column === "ContractApplied") return renamedKeys(quoted(source));
  const aliases = valueAliases[column];
  if (aliases === undefined) return quoted(source);
  const cases = Object.entries(aliases).map(([old, now]) => `when ${literal(old)} then ${literal(now)}`);
  return `case ${quoted(source)} ${cases.join(" ")} else ${quoted(source)} end`;
}

/** FOCUS 1.3 spelled two keys of ContractApplied with ID. */
const renamedKeys = (json: string): string =>
  `replace(replace(${json}, '"ContractID"', '"ContractId"'), '"ContractCommitmentID"', '"ContractCommitmentId"')`;
