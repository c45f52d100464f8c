import { keywordRank } from "#facts/requirement.ts";
import { quoted } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import type { Finding, Validation } from "#lake/import-record.ts";
import { deliveredSql, type Group } from "#lake/import/delivery-sql.ts";
import { type Breach, findBreaches } from "./find-breaches.ts";
import { type Judgement, judgeRules } from "./judge-rules.ts";
import { modelFor, readRequirements } from "./read-requirements.ts";

/** What the requirement model says of a delivery. */
export interface Validated {
  /** What was judged, one entry per header of a FOCUS delivery; none for other formats. */
  readonly validation: Validation[];
  /** From the strongest keyword and the most rows on. */
  readonly findings: Finding[];
}

/**
 * Judges the staged text of a delivery by FOCUS's requirement model. A finding drops no row and stops no import; only deliveries
 * in FOCUS are judged, since other formats are mapped by us.
 */
export async function validateDelivery(db: Duckdb, groups: readonly Group[]): Promise<Validated> {
  const validation: Validation[] = [];
  const findings: Finding[] = [];
  for (const group of groups.filter(({ mapping }) => mapping.format === "focus")) {
    const model = await readRequirements(modelFor(group.mapping.version));
    const columns = group.files[0]?.columns ?? [];
    const judgement = judgeRules(model, columns, group.mapping.version);
    const { judged, header, notCheckable, notDelivered } = judgement;
    const relation = deliveredSql(group);
    const typed = group.mapping.layout === "parquet";
    const breaches = await findBreaches(db, relation, judged, typed);
    const rows = group.files.reduce((sum, file) => sum + file.rows, 0);
    findings.push(
      ...headerFindings(header, group, rows),
      ...(await rowFindings(db, relation, breaches, group)),
    );
    validation.push({
      model: model.version,
      version: group.mapping.version,
      files: group.files.map(({ input }) => input.name),
      rows,
      rules: judged.length,
      notDelivered: notDelivered.length,
      notCheckable: notCheckable.length,
    });
  }
  return { validation, findings: findings.sort(byWeight) };
}

function byWeight(a: Finding, b: Finding): number {
  return (
    keywordRank(a.keyword) - keywordRank(b.keyword) || b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)
  );
}

const nameOf = (group: Group, number: number): string | null =>
  group.files.find((file) => file.input.number === number)?.input.name ?? null;

/** What the header breaks, it breaks in every row. */
function headerFindings(header: Judgement["header"], group: Group, rows: number): Finding[] {
  return header.map(({ rule, column }) => ({
    ruleId: rule.id,
    column,
    keyword: rule.keyword,
    requirement: rule.text,
    count: rows,
    file: group.files[0]?.input.name ?? null,
    firstRow: null,
    firstValue: null,
  }));
}

/** Breaches with the value of their first row; values are fetched only now, for the few rules that are broken. */
async function rowFindings(
  db: Duckdb,
  relation: string,
  breaches: readonly Breach[],
  group: Group,
): Promise<Finding[]> {
  if (breaches.length === 0) return [];
  const columns = [...new Set(breaches.map(({ broken }) => broken.column))];
  const places = [...new Set(breaches.map(({ first }) => first))];
  const where = places.map((place) => `(x_File = ${fileOf(place)} and x_Row = ${rowOf(place)})`).join(" or ");
  const rows = await db.run(
    `select x_File, x_Row, ${columns.map((name) => `left(${quoted(name)}, 200) as ${quoted(name)}`).join(", ")} from (${relation}) where ${where}`,
  );
  const cells = new Map(rows.map((row) => [Number(row["x_File"]) * 1e12 + Number(row["x_Row"]), row]));
  return breaches.map(({ broken: { rule, column }, count, first }) => {
    const value = cells.get(first)?.[column];
    return {
      ruleId: rule.id,
      column,
      keyword: rule.keyword,
      requirement: rule.text,
      count,
      file: nameOf(group, fileOf(first)),
      firstRow: rowOf(first),
      firstValue: typeof value === "string" ? value : null,
    };
  });
}

const fileOf = (place: number): number => Math.floor(place / 1e12);
const rowOf = (place: number): number => place % 1e12;
