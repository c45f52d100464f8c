import type { Charged } from "#facts/rate-card.ts";
import { allCharged } from "#facts/rate-card.ts";
import { strengths } from "#facts/token-price.ts";
import type { RateTableRow } from "#facts/rate-table.ts";
import { inputParts } from "#facts/token-usage.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Row } from "#lake/engines/duckdb.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { formatInstant, type Instant } from "#units/instant.ts";

/**
 * Calls as a relation with the columns of the partition (`uncached_text` and so on, null or 0 where there were none), `web_search`,
 * `file_search`, the time `at` in UTC, and what rates are looked up by: provider, model, tier, region.
 */
export interface TokenCosts {
  readonly calls: Sql;
  /** The name that `rateTableStatements` was given. */
  readonly table: string;
  /** The rows in it: what is in none is not asked for. */
  readonly rows: readonly RateTableRow[];
  /** What any call used, as `usedParts` tells: the rest is nothing in every call, and no work. */
  readonly used: readonly Charged[];
  /** Where rows may sum up several calls: of the call `c`, its input tokens if they are told apart from the row's, and how many it is, both in SQL. */
  readonly perCall?: { readonly input: Sql; readonly count: Sql };
}

/** The most that any call used of each part. */
export const mostOfParts = (calls: Sql): Sql =>
  sql`select ${join(
    counted.map((each) => raw(`cast(max("${each}") as varchar) as "${each}"`)),
    ", ",
  )} from ${calls}`;

/** Parts that some call used, by the answer of `mostOfParts`. */
export const usedParts = (row: Row | undefined): Charged[] =>
  counted.filter((each) => typeof row?.[each] === "string" && row[each] !== "0");

const counted = allCharged.filter((each) => each !== "request");

/** What calls are looked up by. Each distinct one is resolved once, in TypeScript. */
export const callKeys = (calls: Sql): Sql => sql`
  select coalesce(provider, '') as provider, model, tier, coalesce(region, '') as region, count(*) as calls,
    cast(epoch_ms(min("at")) as varchar) as first, cast(epoch_ms(max("at")) as varchar) as last
  from ${calls} group by all order by all`;

/** The names of a key, as `callKeys` gives them. */
export interface KeyNames {
  readonly key: number;
  readonly provider: string;
  readonly model: string;
  readonly tier: string;
  readonly region: string;
  /** Why it has no rates; none where it has some. */
  readonly reason?: string;
}

/** Statements that put a rate table into the engine as `name` and its keys as `name`_keys, a thousand rows at a time. */
export function rateTableStatements(
  name: string,
  keys: readonly KeyNames[],
  rows: readonly RateTableRow[],
): string[] {
  const table = quoted(name);
  const keyTable = quoted(`${name}_keys`);
  return [
    `create or replace temp table ${keyTable} ("key" integer, provider varchar, model varchar, tier varchar, region varchar, reason varchar)`,
    ...inserts(
      keyTable,
      keys.map((each) => [
        each.key,
        literal(each.provider),
        literal(each.model),
        literal(each.tier),
        literal(each.region),
        each.reason === undefined ? "null" : literal(each.reason),
      ]),
    ),
    `create or replace temp table ${table} ("key" integer, "from" timestamp, "until" timestamp, second_from integer, second_until integer,
      input_above bigint, input_up_to bigint, charged varchar, part_above bigint, rate decimal(38, 18), currency varchar, layer tinyint)`,
    ...inserts(
      table,
      rows.map((row) => [
        row.key,
        time(row.from),
        time(row.until),
        row.secondFrom,
        row.secondUntil,
        row.inputAbove,
        row.inputUpTo,
        literal(row.charged),
        row.partAbove,
        row.rate,
        literal(row.currency),
        strengths.indexOf(row.layer),
      ]),
    ),
  ];
}

function inserts(table: string, rows: readonly (readonly (string | number)[])[]): string[] {
  return Array.from({ length: Math.ceil(rows.length / 1000) }, (_, at) => {
    const some = rows.slice(at * 1000, at * 1000 + 1000).map((row) => `(${row.join(", ")})`);
    return `insert into ${table} values ${some.join(", ")}`;
  });
}

const time = (at: Instant): string =>
  `timestamp ${literal(formatInstant(at).replace("T", " ").replace("Z", ""))}`;

/**
 * Every call with its exact `cost` and `currency`, null where it has none, the `layer` of its weakest rate (a place in `strengths`), and the `reason` of
 * its key for having no rates. The rates of a key, span and size stand side by side in one row, so that a call
 * is joined once and the rest is multiplication: tokens are whole, rates have 18 decimals, nothing is rounded.
 */
export function tokenCosts({ calls, table, rows, used, perCall }: TokenCosts): Sql {
  const rated = [...used, "request" as const].filter((each) => rows.some(({ charged }) => charged === each));
  const isMixed = hasMixed(rows);
  const steps = stepsIn(rows).filter(({ charged }) => used.includes(charged));
  const hours = rows.some(({ secondFrom, secondUntil }) => secondFrom > 0 || secondUntil < 86_400);
  const spread = [
    // So that a table without rates is one too.
    raw("count(*) as rates"),
    ...rated.map(
      (each) =>
        sql`max(rate) filter (where charged = ${raw(literal(each))} and part_above = 0) as ${column("r", each)}`,
    ),
    ...(isMixed ? rated : []).map(
      (each) => sql`max(currency) filter (where charged = ${raw(literal(each))}) as ${column("c", each)}`,
    ),
    ...rated.map(
      (each) => sql`max(layer) filter (where charged = ${raw(literal(each))}) as ${column("l", each)}`,
    ),
    ...steps.map(
      ({ charged, above }, index) =>
        sql`max(rate) filter (where charged = ${raw(literal(charged))} and part_above = ${raw(String(above))}) as ${raw(`s_${index}`)}`,
    ),
  ];
  const terms = [
    ...rated.map((each) => (each === "request" ? requestTerm(perCall?.count) : term(each))),
    ...steps.map(({ charged, above }, index) => stepTerm(charged, above, index)),
    ...unrated(used.filter((each) => !rated.includes(each))),
    raw("0"),
  ];
  // Where a model is charged in several currencies, a call has a price if what it used is charged in one.
  const currencies = rated.map((each) =>
    raw(each === "request" ? "w.c_request" : `case when coalesce(c."${each}", 0) <> 0 then w.c_${each} end`),
  );
  const [currency, isOne] = isMixed
    ? [
        sql`coalesce(least(${join(currencies, ", ")}), w.currency)`,
        sql`least(${join(currencies, ", ")}) is not distinct from greatest(${join(currencies, ", ")})`,
      ]
    : [raw("w.currency"), raw("true")];
  const layers = rated.map((each) =>
    raw(
      each === "request"
        ? "coalesce(w.l_request, 0)"
        : `case when coalesce(c."${each}", 0) = 0 then 0 else w.l_${each} end`,
    ),
  );
  const summed = join(
    [
      raw("0"),
      ...inputParts.filter((each) => used.includes(each)).map((each) => raw(`coalesce(c."${each}", 0)`)),
    ],
    " + ",
  );
  const input = perCall === undefined ? summed : sql`coalesce(${perCall.input}, ${summed})`;
  return sql`
  with wide as (
    select "key", "from", "until", second_from, second_until, input_above, input_up_to, max(currency) as currency, ${join(spread, ", ")}
    from ${raw(quoted(table))} group by "key", "from", "until", second_from, second_until, input_above, input_up_to)
  select c.*, ${currency} as currency,
    coalesce(k.reason, case when w."key" is null then 'not-valid-then' when not (${isOne}) then 'currencies-mixed' end) as reason,
    case when w."key" is null or not (${isOne}) then null else ${join(terms, " + ")} end as cost,
    case when w."key" is null then null else greatest(${join([raw("0"), ...layers], ", ")}) end as layer
  from ${calls} as c left join ${raw(quoted(`${table}_keys`))} as k
    on k.provider = coalesce(c.provider, '') and k.model = c.model and k.tier = c.tier and k.region = coalesce(c.region, '')
  left join wide as w
    on w."key" = k."key" and c."at" >= w."from" and c."at" < w."until"
    ${hours ? raw(`and epoch(c."at") % 86400 >= w.second_from and epoch(c."at") % 86400 < w.second_until`) : raw("")}
    and ${input} > w.input_above and ${input} <= w.input_up_to`;
}

const hasMixed = (rows: readonly RateTableRow[]): boolean => {
  const currencyOf = new Map<number, string>();
  return rows.some(({ key, currency }) => {
    const known = currencyOf.get(key) ?? currency;
    currencyOf.set(key, known);
    return known !== currency;
  });
};

const column = (letter: string, charged: Charged): Sql => raw(`${letter}_${charged}`);

/** Nothing of a part costs nothing, whether it has a rate or not; something without a rate has no cost. */
const term = (charged: Charged): Sql =>
  raw(`case when coalesce(c."${charged}", 0) = 0 then 0 else c."${charged}" * w.r_${charged} end`);

/** A rate per call, of as many as there are; of nobody knows how many it has no cost. */
const requestTerm = (count: Sql | undefined): Sql =>
  count === undefined
    ? raw("coalesce(w.r_request, 0)")
    : sql`case when w.r_request is null then 0 else w.r_request * ${count} end`;

const stepTerm = (charged: Charged, above: number, index: number): Sql =>
  raw(`coalesce(greatest(coalesce(c."${charged}", 0) - ${above}, 0) * w.s_${index}, 0)`);

const unrated = (left: readonly Charged[]): Sql[] =>
  left.length === 0
    ? []
    : [raw(`case when ${left.map((each) => `coalesce(c."${each}", 0)`).join(" + ")} = 0 then 0 end`)];

function stepsIn(rows: readonly RateTableRow[]): { readonly charged: Charged; readonly above: number }[] {
  const steps = new Map<string, { charged: Charged; above: number }>();
  for (const { charged, partAbove: above } of rows)
    if (above > 0) steps.set(`${charged} ${above}`, { charged, above });
  return [...steps.values()];
}
