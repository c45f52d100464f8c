import { quoted } from "#facts/source-mapping.ts";
import { jsonObject } from "#ingest/json-object.ts";

/** A legacy tag column (CSV or Athena) and the tag's key; the prefix of a tag that AWS itself made stays. */
function tagKey(column: string): string | undefined {
  const csv = /^resourceTags\/(user|aws):(.+)$/s.exec(column);
  if (csv?.[2] !== undefined) return csv[1] === "user" ? csv[2] : `aws:${csv[2]}`;
  const athena = /^resource_tags_(user|aws)_(.+)$/s.exec(column);
  if (athena?.[2] !== undefined) return athena[1] === "user" ? athena[2] : `aws:${athena[2]}`;
  return undefined;
}

/** The columns that hold tags, and SQL of FOCUS Tags. */
export function curTags(columns: readonly string[]): { columns: string[]; Tags: string } {
  const tagged = columns.flatMap((column) => {
    const key = tagKey(column);
    return key === undefined ? [] : [{ column, key }];
  });
  if (tagged.length > 0) {
    return {
      columns: tagged.map(({ column }) => column),
      Tags: jsonObject(Object.fromEntries(tagged.map(({ column, key }) => [key, quoted(column)]))),
    };
  }
  const map = columns.find((column) => column === "resource_tags");
  if (map === undefined) return { columns: [], Tags: "null::varchar" };
  // CUR 2.0 writes {"user_team": "…", "aws_created_by": "…"}; only the prefix of a key is changed, values may hold anything.
  const renamed = `map_from_entries(list_transform(map_entries(try(from_json(${quoted(map)}, '"MAP(VARCHAR,VARCHAR)"'))),
    lambda e: {'key': regexp_replace(regexp_replace(e.key, '^user[_:]', ''), '^aws_', 'aws:'), 'value': e.value}))`;
  return { columns: [map], Tags: `nullif(to_json(try(${renamed}))::varchar, '{}')` };
}
