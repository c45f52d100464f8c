import type { CellFunction } from "#facts/requirement.ts";
import { isoCurrencies } from "#facts/iso-currencies.ts";

/**
 * SQL over one cell's text `x`: true where it is as the function asks, null where the cell is null, since a null cell has no format.
 * @param typed true if the delivery has types of its own (Parquet): its times and numbers were never text, and their text here is
 * the engine's, with a blank in a time and `e+20` in a number
 */
export function cellSql(fn: CellFunction, x: string, typed: boolean): string {
  switch (fn) {
    case "TypeString":
      return "true"; // Everything delivered is kept as text.
    case "TypeDecimal":
    case "CheckDecimalValue":
      return `case when ${numeric(x, typed)} then true else regexp_full_match(${x}, '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?') end`;
    case "TypeDateTime":
      return `case when ${dateTime(x, typed)} then true when ${x} is not null then try_cast(${x} as timestamp) is not null end`;
    case "FormatString":
      // No text that is empty or of blanks alone begins at or after "!"; that decides nearly every cell by one comparison.
      return `case when ${x} >= '!' then true else trim(${x}) <> '' end`;
    case "FormatNumeric":
      return numeric(x, typed);
    case "FormatDateTime":
      return dateTime(x, typed);
    case "FormatUnit":
      return `regexp_full_match(${x}, '${UNIT}')`;
    case "FormatCurrency":
      // A virtual currency has any name, but a national one is written as ISO 4217 writes it.
      return `trim(${x}) <> '' and (${x} = upper(${x}) or not regexp_full_match(upper(${x}), '${CURRENCIES}'))`;
    case "CheckNationalCurrency":
      return `regexp_full_match(${x}, '${CURRENCIES}')`;
    case "FormatKeyValue":
      return keyValue(x);
  }
}

/**
 * Integer, decimal or E notation; no plus sign, separators or blanks.
 * @see FOCUS NumericFormat attribute
 */
function numeric(x: string, typed: boolean): string {
  return `regexp_full_match(${x}, '-?([0-9]*\\.)?[0-9]+([eE]${typed ? "[+-]" : "-"}?[0-9]+)?')`;
}

/** @see FOCUS DateTimeFormat attribute: YYYY-MM-DDTHH:mm:ssZ */
function dateTime(x: string, typed: boolean): string {
  const iso = `[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z`;
  const engine = `[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([+-][0-9]{2})?)?`;
  return `regexp_full_match(${x}, '${typed ? `${iso}|${engine}` : iso}')`;
}

const WORDS = "[A-Za-z][A-Za-z0-9]*( [A-Za-z][A-Za-z0-9]*)*";
const SPAN = "(Year|Month|Day|Hour|Minute|Second)";

/** @see FOCUS UnitFormat attribute: unit, unit-hours, unit/hour, 1000 units, units/3 months */
const UNIT = `([0-9]+ )?${WORDS}|${WORDS}-${SPAN}s|${WORDS}/${SPAN}|${WORDS}/[0-9]+ ${SPAN}s`;

// A pattern, since a long list of values would be a join of its own.
const CURRENCIES = isoCurrencies.join("|");

/**
 * A JSON object, flat, each key once.
 * @see FOCUS KeyValueFormat attribute
 */
export function keyValue(x: string): string {
  return `case when not json_valid(${x}) then false when json_type(${x}) <> 'OBJECT' then false
    else len(list_distinct(json_keys(${x}))) = len(json_keys(${x}))
      and not list_bool_or(list_transform(json_extract(${x}, '$.*'), v -> json_type(v) in ('OBJECT', 'ARRAY'))) is true end`;
}
