/** A value bound to a query. Amounts are bound as their exact text. */
export type SqlValue = string | number | bigint;

/** SQL text with its values apart: `text[0] value[0] text[1] …`. The dialect decides how a value is written. */
export interface Sql {
  readonly text: readonly string[];
  readonly values: readonly SqlValue[];
}

const isSql = (value: unknown): value is Sql =>
  typeof value === "object" && value !== null && "text" in value;

/** Puts SQL together: a nested `Sql` becomes part of the text, everything else a bound value. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  const text = [strings[0] ?? ""];
  const values: SqlValue[] = [];
  parts.forEach((part, index) => {
    const after = strings[index + 1] ?? "";
    if (isSql(part)) {
      text[text.length - 1] += part.text[0] ?? "";
      text.push(...part.text.slice(1));
      values.push(...part.values);
      text[text.length - 1] += after;
    } else {
      values.push(part);
      text.push(after);
    }
  });
  return { text, values };
}

/** Trusted text, such as an identifier that was looked up in a table of names. Never a person's input. */
export const raw = (text: string): Sql => ({ text: [text], values: [] });

/** Joins parts with a separator; the empty list is the empty text. */
export function join(parts: readonly Sql[], separator: string): Sql {
  return parts.reduce<Sql>(
    (all, part, index) => (index === 0 ? part : sql`${all}${raw(separator)}${part}`),
    raw(""),
  );
}

/** The text with each value written by `placeholder`. */
export function render(query: Sql, placeholder: (value: SqlValue, index: number) => string): string {
  return query.text
    .map((text, index) => {
      const value = query.values[index];
      return value === undefined ? text : text + placeholder(value, index);
    })
    .join("");
}
