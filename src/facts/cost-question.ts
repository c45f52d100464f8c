import type { Granularity, Window } from "#units/window.ts";
import { Problem } from "#units/problems.ts";
import {
  type ChargeColumn,
  chargeColumnNames,
  chargeColumnType,
  findChargeColumn,
} from "./charge-columns.ts";
import { didYouMean } from "./nearest-names.ts";
import type { Role } from "./role.ts";

/** What can be summed: amounts in BillingCurrency, quantities in their unit, derived hours and tokens, and the number of charges. */
export const measures = [
  "BilledCost",
  "EffectiveCost",
  "ContractedCost",
  "ListCost",
  "ConsumedQuantity",
  "PricingQuantity",
  "x_Tokens",
  "x_GpuHours",
  "x_Charges",
] as const;
/** The name of a measure. */
export type Measure = (typeof measures)[number];

/** Quantities and the column that holds their unit: they are only added within one unit. */
export const unitOf: Partial<Record<Measure, "ConsumedUnit" | "PricingUnit">> = {
  ConsumedQuantity: "ConsumedUnit",
  PricingQuantity: "PricingUnit",
};

/** What charges are grouped and filtered by: a column, a tag, a key of SkuPriceDetails, or a delivered column FOCUS does not know. */
export type Dimension =
  | { readonly kind: "column"; readonly column: ChargeColumn }
  | { readonly kind: "tag"; readonly key: string }
  | { readonly kind: "detail"; readonly key: string }
  | { readonly kind: "extra"; readonly key: string };

/** A condition on rows; those without a value pass `is-not` and `missing` only. */
export type FilterOf<D> =
  | { readonly kind: "is" | "is-not"; readonly dimension: D; readonly values: readonly string[] }
  | { readonly kind: "contains"; readonly dimension: D; readonly part: string }
  | { readonly kind: "matches"; readonly dimension: D; readonly pattern: string }
  | { readonly kind: "exists" | "missing"; readonly dimension: D };
/** A condition on charges. */
export type Filter = FilterOf<Dimension>;

/** What is asked: which sums, of which charges, grouped how. */
export interface CostQuestion {
  /** The first one orders the rows. */
  readonly measures: readonly Measure[];
  readonly by: readonly Dimension[];
  readonly where: readonly Filter[];
  readonly window: Window;
  /** Buckets of time; none sums the whole window. */
  readonly granularity?: Granularity;
  /** charge: when it was used; billing: the billing period it was invoiced in. */
  readonly time: "charge" | "billing";
  /** Charges that last longer than a bucket are spread over it evenly in time, every unit kept. */
  readonly spread: boolean;
  readonly role: Role;
  /** Keep the largest groups and sum the rest. */
  readonly top?: number;
}

/** The name of a dimension in results: the column's own, or `tag:team`. */
export function dimensionName(dimension: Dimension): string {
  return dimension.kind === "column" ? dimension.column : `${dimension.kind}:${dimension.key}`;
}

const groupable = chargeColumnNames.filter((name) => chargeColumnType(name) !== "map");

/**
 * Reads a dimension: a column in any case (`serviceName`, `Team` for x_Team), `tag:key`, `detail:key` or `extra:key`.
 * @throws Problem "column-unknown" with the nearest name
 */
export function parseDimension(text: string): Dimension {
  const match = /^(tag|detail|extra):(.+)$/.exec(text);
  if (match !== null) return { kind: match[1] as "tag" | "detail" | "extra", key: match[2] ?? "" };
  const column = findChargeColumn(text);
  if (column !== undefined && chargeColumnType(column) !== "map") return { kind: "column", column };
  const hint =
    column === undefined
      ? `Write tag:${text} for the tag of that name; plimsoll report --columns lists all columns.`
      : "Write tag:team for one of its tags.";
  throw new Problem("column-unknown", `There is no column "${text}".${didYouMean(text, groupable)}`, {
    at: { column: text },
    hint,
  });
}

/** @throws Problem "measure-unknown" */
export function parseMeasure(text: string): Measure {
  const found = measures.find(
    (name) => name.toLowerCase() === text.toLowerCase() || name.toLowerCase() === `x_${text.toLowerCase()}`,
  );
  if (found !== undefined) return found;
  throw new Problem("measure-unknown", `There is no measure "${text}".${didYouMean(text, measures)}`, {
    hint: `The measures are ${measures.join(", ")}.`,
  });
}

/** A filter for one value of a column, whatever it holds; `parseFilter` and its kin read it. */
export const filterText = (column: string, value: string): string =>
  `${column}=${value.replaceAll("|", String.raw`\|`).replace(/^~/, String.raw`\~`)}`;

/**
 * Reads a filter: `Column=value`, `Column=a|b` (one of them), `Column!=value`, `Column~part` (contains, in any case), `Column=~pattern`
 * (an RE2 regular expression finds something), `Column?` (has a value), `!Column?` (has none). Values are compared as they are written; `\|` is a bar that belongs to the value,
 * `\~` at its start a tilde.
 * @throws Problem "filter-invalid", "column-unknown"
 */
export const parseFilter = (text: string): Filter => parseFilterOf(text, parseDimension);

/**
 * Reads a filter on what the dimensions are of.
 * @throws Problem "filter-invalid", and what `parse` throws for a dimension
 */
export function parseFilterOf<D>(text: string, parse: (dimension: string) => D): FilterOf<D> {
  const exists = /^(!?)([^=~?]+)\?$/.exec(text);
  if (exists !== null) {
    return { kind: exists[1] === "!" ? "missing" : "exists", dimension: parse(exists[2] ?? "") };
  }
  const match = /^(.+?)(!=|=~|=|~)(.*)$/s.exec(text);
  if (match === null)
    throw new Problem("filter-invalid", `"${text}" is not a filter.`, { at: { value: text } });
  const [, name = "", sign, value = ""] = match;
  const dimension = parse(name.trim());
  const plain = (each: string): string => each.replaceAll("\\|", "|").replace(/^\\~/, "~");
  if (sign === "=~") return { kind: "matches", dimension, pattern: value };
  if (sign === "~") return { kind: "contains", dimension, part: plain(value) };
  const values = value.split(/(?<!\\)\|/).map(plain);
  return { kind: sign === "!=" ? "is-not" : "is", dimension, values };
}
