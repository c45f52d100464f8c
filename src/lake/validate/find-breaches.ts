import type { Check } from "#facts/requirement.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import { collectCells, isEmpty } from "./collect-cells.ts";
import { checkColumns, type JudgedRule } from "./judge-rules.ts";
import { isPathCheck, jsonSql } from "./json-sql.ts";
import { type Cells, rowSql } from "./row-sql.ts";

/** Rows that break a rule. */
export interface Breach {
  readonly broken: JudgedRule;
  readonly count: number;
  /** File number and row of the first, as one number: file × 10¹² + row. */
  readonly first: number;
}

/** File and row of a delivered row as one number, so that the smallest is the first. */
const POSITION = "(x_File::bigint * 1000000000000 + x_Row)";

/**
 * Which rules the rows of a relation break. Rules about single cells and their neighbours are judged together in one pass; rules
 * about JSON once per different object, since that takes long and objects repeat; rules about the values that go with another
 * value in a pass each.
 * @param relation the delivered cells as text, with x_File and x_Row
 */
export async function findBreaches(
  db: Duckdb,
  relation: string,
  judged: readonly JudgedRule[],
  typed: boolean,
): Promise<Breach[]> {
  const kinds = { rows: [] as JudgedRule[], objects: [] as JudgedRule[], groups: [] as JudgedRule[] };
  for (const rule of judged) kinds[kindOf(rule)].push(rule);
  const breaches = await breachesOfRows(db, relation, kinds.rows, typed);
  const bySubject = new Map<string, JudgedRule[]>();
  for (const rule of kinds.objects) {
    const subject = [...new Set([rule.check, ...rule.when].flatMap(checkColumns))].map(quoted).join(", ");
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), rule]);
  }
  for (const [subject, rules] of bySubject)
    breaches.push(...(await breachesOfObjects(db, relation, subject, rules, typed)));
  for (const rule of kinds.groups) breaches.push(...(await breachOfGroups(db, relation, rule, typed)));
  return breaches;
}

function kindOf({ check }: JudgedRule): "rows" | "objects" | "groups" {
  if (check.fn === "CheckDistinctCount" || check.fn === "JSONCheckPathDistinctParent") return "groups";
  const parts = check.fn === "AND" || check.fn === "OR" ? (check.items ?? []) : [check];
  return parts.some((part) => part.fn === "FormatKeyValue" || isPathCheck(part)) ? "objects" : "rows";
}

/** Cells as they are, for passes that use each of them a few times. */
const directCells = (typed: boolean): Cells => ({
  typed,
  isNull: (column) => `(${isEmpty(column)})`,
  text: (column) => `nullif(${quoted(column)}, '')`,
  test: (sql) => `(${sql})`,
});

async function breachesOfObjects(
  db: Duckdb,
  relation: string,
  subject: string,
  rules: readonly JudgedRule[],
  typed: boolean,
): Promise<Breach[]> {
  const cells = directCells(typed);
  const objects = `(select ${subject}, count(*) as n, min(${POSITION}) as first from (${relation}) group by all)`;
  return countBroken(
    db,
    objects,
    rules,
    rules.map((rule) => brokenSql(rule, cells)),
  );
}

async function breachesOfRows(
  db: Duckdb,
  relation: string,
  judged: readonly JudgedRule[],
  typed: boolean,
): Promise<Breach[]> {
  const cells = collectCells(
    judged.flatMap(({ check, when }) => [check, ...when]),
    typed,
  );
  const broken = judged.map((rule) => brokenSql(rule, cells));
  const columns = cells.columns();
  if (columns.length === 0) return [];
  await db.run(
    `create or replace temp table alike as select ${columns.join(", ")}, count(*) as n, min(${POSITION}) as first from (${relation}) group by all`,
  );
  const breaches = await countBroken(db, "alike", judged, broken);
  await db.run("drop table alike");
  return breaches;
}

/** Rows and first row, per rule, of what is alike and counted. */
async function countBroken(
  db: Duckdb,
  counted: string,
  rules: readonly JudgedRule[],
  broken: readonly string[],
): Promise<Breach[]> {
  // The number of each broken rule as a row of its own: hundreds of sums beside each other take the planner a second.
  const numbers = broken.map((sql, index) => `case when ${sql} then ${index} end`);
  const rows = await db.run(`select rule, sum(n) as n, min(first) as first
    from (select n, first, unnest([${numbers.join(", ")}]) as rule from ${counted}) where rule is not null group by rule order by rule`);
  return rows.flatMap((row) => {
    const rule = rules[Number(row["rule"])];
    return rule === undefined ? [] : breach(rule, row["n"], row["first"]);
  });
}

/** A condition that is true of the rows that break a rule. */
function brokenSql({ check, when }: JudgedRule, cells: Cells): string {
  if (!isPathCheck(check)) {
    return [...when.map((each) => rowSql(each, cells, false)), `not ${rowSql(check, cells, true)}`].join(
      " and ",
    );
  }
  // Conditions on the same cell are asked of each element, as is the check.
  const inside = when.filter(isPathCheck).filter(({ column }) => column === check.column);
  const around = when.filter((each) => !(inside as readonly Check[]).includes(each));
  const good = cells.test(jsonSql(check, inside));
  return [...around.map((each) => rowSql(each, cells, false)), `not ${good}`].join(" and ");
}

/** Rows whose value goes with more or fewer other values than a rule asks for. */
async function breachOfGroups(
  db: Duckdb,
  relation: string,
  rule: JudgedRule,
  typed: boolean,
): Promise<Breach[]> {
  const direct = directCells(typed);
  const { check, when } = rule;
  const where = when.map((each) => rowSql(each, direct, false));
  const conditions = where.length === 0 ? "" : `where ${where.join(" and ")}`;
  let pairs: string;
  let count: number;
  if (check.fn === "CheckDistinctCount") {
    count = check.count;
    pairs = `select nullif(${quoted(check.column)}, '') as a, nullif(${quoted(check.other)}, '') as b, count(*) as n, min(${POSITION}) as first
      from (${relation}) ${conditions} group by all`;
  } else if (check.fn === "JSONCheckPathDistinctParent") {
    count = check.count;
    const [base, ...keys] = [check.path, check.parentPath].map((each) => each.split("[*]."));
    const [child, parent] = [base, ...keys].map((parts) => literal(`$.${parts?.[1] ?? ""}`));
    const elements = `select unnest(json_extract(${quoted(check.column)}, ${literal(`${base?.[0] ?? "$"}[*]`)})) as e, ${POSITION} as p
      from (${relation}) ${[conditions === "" ? "where true" : conditions, `json_valid(${quoted(check.column)})`].join(" and ")}`;
    pairs = `select e ->> ${child} as a, e ->> ${parent} as b, count(*) as n, min(p) as first from (${elements}) group by all`;
  } else return [];
  const [row = {}] = await db.run(`with pairs as (${pairs}),
    groups as (select sum(n) as n, min(first) as first, count(distinct b) as others from pairs where a is not null group by a)
    select sum(n) as n, min(first) as first from groups where others <> ${count}`);
  return breach(rule, row["n"], row["first"]);
}

function breach(broken: JudgedRule, count: Row[string], first: Row[string]): Breach[] {
  return Number(count ?? 0) === 0 ? [] : [{ broken, count: Number(count), first: Number(first) }];
}
