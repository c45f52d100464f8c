import { literal, type TimeStyle } from "#facts/source-mapping.ts";

/**
 * SQL that reads text strictly. The engine's own casts are too kind (`1_000`, `+3`, `4/1/25`, an ignored zone) and, for wide
 * decimals, about 100 times slower than for narrow ones; so a cell is looked at first and then cast by the narrowest type
 * that holds it without loss. Every function answers null for a text that is not what it should be.
 */

/** A plain text: digits, a point, a minus, none of the signs and blanks that a cast would forgive, no exponent. */
const plain = (x: string): string =>
  `ascii(${x}) between 45 and 57 and ascii(${x}[-1]) between 46 and 57 and not contains(${x}, '_') and not contains(${x}, 'e') and not contains(${x}, 'E')`;

/**
 * First step: a decimal text without its exponent; null if the cell is empty or not a decimal. It is a step of its own, with a
 * column of its own, because the second step names its argument many times.
 */
export const plainText = (x: string): string =>
  `case when ${x} is null then null
    when strlen(${x}) - instr(${x}, '.') <= 12 and ${plain(x)} and try_cast(${x} as decimal(18,12)) is not null then ${x}
    when not is_decimal(${x}) then null
    when contains(lower(${x}), 'e') then expand_exponent(${x}[1] = '-', point_digits(${x}), point_place(${x}))
    else ${x} end`;

/**
 * Second step: plain text to DECIMAL(38,18), exact, digits beyond the 18th decimal rounded half to even; null if out of range.
 * At most 6 digits before and 12 after the point fit a machine word; others are cast in two halves.
 */
export const parsePlain = (p: string): string =>
  `case when ${p} is null then null
    when strlen(${p}) - instr(${p}, '.') <= 12 and (case when instr(${p}, '.') = 0 then strlen(${p}) else instr(${p}, '.') end) <= 6
      then ${p}::decimal(18,12)::decimal(38,18)
    else wide_amount(${p}) end`;

/** True where a plain text has digits that are rounded away. */
export const losesDigits = (p: string): string =>
  `(strlen(${p}) - instr(${p}, '.') > 18 and strlen(rtrim(split_part(${p}, '.', 2), '0')) > 18)`;

/**
 * A plain text as whole units of the 18th decimal, by a way of its own (digits without the point, scaled), so that sums of it are
 * an independent control of the typed sums. HUGEINT; null if there is no text.
 */
export const textUnits = (p: string): string =>
  `case when ${p} is null then null
    when strlen(${p}) <= 19 and try_cast(replace(${p}, '.', '') as bigint) is not null
      then try_cast(replace(${p}, '.', '') as bigint)::hugeint
        * getvariable('power_of_ten')[19 - (case when instr(${p}, '.') = 0 then 0 else strlen(${p}) - instr(${p}, '.') end)]
    when ${losesDigits(p)} then replace(wide_amount(${p})::varchar, '.', '')::hugeint
    else replace(try_cast(${p} as decimal(38,18))::varchar, '.', '')::hugeint end`;

/** Macros that the expressions above call; run once per connection. */
export const parseMacros: readonly string[] = [
  `create or replace temp macro is_decimal(x) as regexp_full_match(x, '-?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?')`,
  // Digits and the place of the point, for a text with an exponent: 1.81E-8 has digits 181 and its point at -7.
  `create or replace temp macro point_digits(x) as replace(ltrim(split_part(lower(x), 'e', 1), '-'), '.', '')`,
  `create or replace temp macro point_place(x) as
     strlen(split_part(ltrim(split_part(lower(x), 'e', 1), '-'), '.', 1)) + split_part(lower(x), 'e', 2)::integer`,
  `create or replace temp macro expand_exponent(negative, d, p) as (case when negative then '-' else '' end) || case
     when p <= 0 then '0.' || repeat('0', least(-p, 60)) || d
     when p >= strlen(d) then d || repeat('0', least(p - strlen(d), 60))
     else left(d, p) || '.' || substr(d, p + 1) end`,
  // Whole digits and decimals apart, each cast as a machine word where it fits; the 19th decimal decides, half to even.
  `create or replace temp macro unsigned_amount(whole, decimals) as
     (case when strlen(ltrim(whole, '0')) <= 18 then coalesce(nullif(whole, ''), '0')::decimal(18,0)::decimal(38,18)
           else whole::decimal(38,18) end)
     + ('0.' || left(decimals || '0', 18))::decimal(18,18)::decimal(38,18)
     + (case when strlen(decimals) > 18 and (decimals[19] > '5' or (decimals[19] = '5'
               and (rtrim(substr(decimals, 20), '0') <> '' or contains('13579', decimals[18]))))
             then 0.000000000000000001 else 0 end)::decimal(38,18)`,
  `create or replace temp macro wide_amount(p) as try(case when p[1] = '-' then -unsigned_amount(ltrim(split_part(p, '.', 1), '-'), split_part(p, '.', 2))
     else unsigned_amount(split_part(p, '.', 1), split_part(p, '.', 2)) end)`,
  // OCI writes the start of an interval without seconds, which the engine's cast refuses.
  `create or replace temp macro with_seconds(x) as regexp_replace(x, '^([0-9-]{10}[T ][0-9]{2}:[0-9]{2})(Z|[+-].*)$', '\\1:00\\2')`,
  `create or replace temp macro in_zone(t, zone) as (t at time zone zone) at time zone zone`,
  // The engine moves a local time that the clocks skipped; only what is written back alike was one. Midnight means the start of the
  // day, which is a later hour where clocks are put forward at midnight. Of a time that occurs twice the engine takes the second.
  `create or replace temp macro instant_of(t, zone) as case when in_zone(t, zone) = t or (t = t::date and in_zone(t, zone)::date = t::date)
     then (t at time zone zone) at time zone 'UTC' end`,
  `set variable power_of_ten = [${Array.from({ length: 19 }, (_, k) => `1${"0".repeat(k)}::hugeint`).join(", ")}]`,
];

// The engine's cast takes 24:00 for the next midnight; ISO 8601-1:2019 and FOCUS know hours 00 to 23 only.
const HOUR = "([01][0-9]|2[0-3])";
const ISO = `[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]${HOUR}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?( ?UTC|Z|[+-][0-9]{2}(:?[0-9]{2})?)`;
const ISO_NO_ZONE = `[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]${HOUR}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?)?`;

const isoParts = (x: string): string =>
  `${x}[5] = '-' and ${x}[8] = '-' and ${x}[14] = ':' and ${x}[17] = ':' and ${x}[12:13] <> '24' and ascii(${x}) between 48 and 57`;

/**
 * Text to TIMESTAMP in UTC; null if it is not a time of that style.
 * @param zone named zone for times that carry none; without it they are refused unless the style says UTC. A local time that its clocks
 *   skipped is null, one that occurs twice is the second.
 */
export function parseTime(x: string, style: TimeStyle, zone?: string): string {
  switch (style) {
    case "us-date":
      return `case when regexp_full_match(${x}, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}') then try_strptime(${x}, '%m/%d/%Y') end`;
    case "month":
      return `try_strptime(${x} || '01', '%Y%m%d')`;
    case "unix":
      return `case when regexp_full_match(${x}, '[0-9]{1,11}') then make_timestamp(${x}::bigint * 1000000) end`;
    default: {
      const zoned = `case when regexp_full_match(${x}, '${ISO}') then try_cast(with_seconds(replace(${x}, ' UTC', 'Z')) as timestamptz) at time zone 'UTC' end`;
      const noZone = zone ?? (style === "utc" ? "UTC" : undefined);
      const bare =
        noZone === undefined
          ? "null::timestamp"
          : `case when regexp_full_match(${x}, '${ISO_NO_ZONE}') then instant_of(try_cast(${x} as timestamp), ${literal(noZone)}) end`;
      return `case when strlen(${x}) = 20 and ${x}[20] = 'Z' and ${x}[11] = 'T' and ${isoParts(x)} then try_cast(left(${x}, 19) as timestamp) else coalesce(${zoned}, ${bare}) end`;
    }
  }
}
