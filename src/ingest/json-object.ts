import { literal } from "#facts/source-mapping.ts";

/**
 * SQL of a flat JSON object; a member whose value is null is left out, and an object without members is null, as FOCUS has it.
 * @param texts key to SQL of its text
 * @param numbers key to SQL of a text that is written as a number; left out where it is none
 */
export function jsonObject(
  texts: Readonly<Record<string, string>>,
  numbers: Readonly<Record<string, string>> = {},
): string {
  const member = (key: string, value: string): string => `${literal(`${JSON.stringify(key)}:`)} || ${value}`;
  const parts = [
    ...Object.entries(texts).map(([key, sql]) => member(key, `to_json((${sql})::varchar)::varchar`)),
    ...Object.entries(numbers).map(([key, sql]) =>
      member(key, `case when regexp_full_match(${sql}, '[0-9]+([.][0-9]+)?') then ${sql} end`),
    ),
  ];
  return parts.length === 0
    ? "null::varchar"
    : `nullif('{' || concat_ws(',', ${parts.join(", ")}) || '}', '{}')`;
}

/**
 * SQL of a JSON object made of arrays of {"key", "value"}; where a key is in several, the last array wins. A tag without a value
 * carries "true", as FOCUS asks.
 * @param arrays SQL of JSON texts, each an array or null
 */
export function jsonObjectOfPairs(arrays: readonly string[]): string {
  const maps = arrays.map(
    (
      sql,
    ) => `try(map_from_entries(list_transform(list_filter(from_json(${sql}, '[{"key":"VARCHAR","value":"VARCHAR"}]'), lambda e: e.key is not null),
      lambda e: {'key': e.key, 'value': coalesce(nullif(e.value, ''), 'true')})))`,
  );
  return `nullif(to_json(map_concat(${maps.join(", ")}))::varchar, '{}')`;
}
