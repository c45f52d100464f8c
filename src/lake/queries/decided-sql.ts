import {
  type Attribution,
  type AttributionRule,
  type RuleStrength,
  type TagSchema,
} from "#facts/attribution.ts";
import {
  type AttributedColumn,
  type AttributionKey,
  attributionKeyNames,
  attributionKeys,
  basisColumn,
} from "#facts/attribution-keys.ts";
import { type ChargeColumn, decidedColumnNames } from "#facts/charge-columns.ts";
import { normalName } from "#facts/normal-name.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Dialect, PeriodRules } from "#lake/dialect.ts";
import { join, raw, type Sql, sql } from "#lake/sql.ts";
import { Problem } from "#units/problems.ts";
import { storedFilterSql } from "./filter-sql.ts";

/** A column of charges with the rules in force applied; one that no rule can decide is as it was delivered. */
export function decidedSql(d: Dialect, column: ChargeColumn): Sql {
  if (!isDecided(column)) return raw(quoted(column));
  const last = d.rules.at(-1);
  const others = d.rules.slice(0, -1);
  const standard = last === undefined ? raw("null") : attributedSql(d, last.attribution, column);
  if (others.length === 0) return standard;
  const cases = others.map(
    ({ attribution, periods }) =>
      sql`when ${inPeriods(d, periods)} then ${attributedSql(d, attribution, column)}`,
  );
  return sql`case ${join(cases, " ")} else ${standard} end`;
}

/** True of a column that rules can decide. */
export const isDecided = (column: ChargeColumn): boolean => decided.has(column);

const decided: ReadonlySet<ChargeColumn> = new Set([
  ...Object.values(attributionKeys),
  ...decidedColumnNames,
]);

function inPeriods(d: Dialect, periods: PeriodRules["periods"]): Sql {
  const each = periods.map(
    ({ source, billingPeriod }) => sql`("x_Source" = ${source} and ${d.billingMonth} = ${billingPeriod})`,
  );
  return sql`(${join(each, " or ")})`;
}

/** What one set of rules makes of a column of a charge. */
export function attributedSql(d: Dialect, attribution: Attribution, column: ChargeColumn): Sql {
  if (column === "x_Stage") {
    const environment = valueSql(d, attribution, "x_Environment");
    if (attribution.production.length === 0)
      return sql`case when ${environment} is not null then 'r-and-d' end`;
    const production = join(
      attribution.production.map((name) => sql`${name}`),
      ", ",
    );
    return sql`case when ${environment} in (${production}) then 'production' when ${environment} is not null then 'r-and-d' end`;
  }
  const value = attributionKeyNames.map((key) => attributionKeys[key]).find((name) => name === column);
  if (value !== undefined) return valueSql(d, attribution, value);
  const of = attributionKeyNames
    .map((key) => attributionKeys[key])
    .find((name) => basisColumn(name) === column);
  return of === undefined ? raw(quoted(column)) : basisSql(d, attribution, of);
}

/** Overrides go before the tag, the tag before rules, rules before guesses; of each kind the first that holds. */
function valueSql(d: Dialect, attribution: Attribution, column: AttributedColumn): Sql {
  const ruled = (strength: RuleStrength): Sql[] =>
    casesSql(d, attribution, column, strength, ({ set }, key) => set[key] ?? "");
  return firstOf([
    ...ruled("override"),
    declaredSql(d, attribution, column),
    ...ruled("rule"),
    ...ruled("guess"),
  ]);
}

function basisSql(d: Dialect, attribution: Attribution, column: AttributedColumn): Sql {
  const ruled = (strength: RuleStrength): Sql[] =>
    casesSql(d, attribution, column, strength, ({ id }) => `${strength}:${id}`);
  const tag = sql`case when ${declaredSql(d, attribution, column)} is not null then 'tag' end`;
  return firstOf([...ruled("override"), tag, ...ruled("rule"), ...ruled("guess")]);
}

const firstOf = (values: readonly Sql[]): Sql =>
  values.length === 1 && values[0] !== undefined ? values[0] : sql`coalesce(${join(values, ", ")})`;

/** The tag's value where the schema lets it count; aliases are replaced, and case, blanks and hyphens don't matter to listed names. */
function declaredSql(d: Dialect, { schema }: Attribution, column: AttributedColumn): Sql {
  const delivered = raw(quoted(column));
  const names = meaningOf(schema[keyOf(column)]);
  const listed = schema[keyOf(column)]?.values !== undefined;
  if (names.size === 0) return listed ? raw("cast(null as varchar)") : delivered;
  const cases = [...names].map(([spelling, value]) => sql`when ${spelling} then ${value}`);
  const otherwise = listed ? raw("") : sql` else ${delivered}`;
  return sql`case ${d.normalName(delivered)} ${join(cases, " ")}${otherwise} end`;
}

/** The normal form of every known spelling, and the value that it means. */
function meaningOf(schema: TagSchema | undefined): Map<string, string> {
  const values = (schema?.values ?? []).map((value) => [normalName(value), value] as const);
  const aliases = Object.entries(schema?.aliases ?? {}).map(
    ([spelling, value]) => [normalName(spelling), value] as const,
  );
  return new Map([...values, ...aliases]);
}

/** One case over the rules of a strength that set the key; none if no rule does. */
function casesSql(
  d: Dialect,
  attribution: Attribution,
  column: AttributedColumn,
  strength: RuleStrength,
  result: (rule: AttributionRule, key: AttributionKey) => string,
): Sql[] {
  const key = keyOf(column);
  const rules = attribution.rules.filter((rule) => rule.strength === strength && rule.set[key] !== undefined);
  if (rules.length === 0) return [];
  const cases = rules.map((rule) => sql`when ${holdsSql(d, rule)} then ${result(rule, key)}`);
  return [sql`case ${join(cases, " ")} end`];
}

/** True of the charges that a rule holds for. */
export function holdsSql(d: Dialect, { when, from, until }: AttributionRule): Sql {
  const start = raw(`"ChargePeriodStart"`);
  const conditions = [
    ...when.map((filter) => storedFilterSql(d, filter)),
    ...(from === undefined ? [] : [sql`${start} >= ${d.instant(from)}`]),
    ...(until === undefined ? [] : [sql`${start} < ${d.instant(until)}`]),
  ];
  return join(conditions, " and ");
}

const keys = new Map(attributionKeyNames.map((key) => [attributionKeys[key], key]));

function keyOf(column: AttributedColumn): AttributionKey {
  const key = keys.get(column);
  if (key === undefined) throw new Problem("internal", `${column} is no column of the tag schema.`);
  return key;
}
