/** The tables of the newest schema, as rows have them; `migrations` make them. Times are milliseconds, texts in JSON canonical. */
export interface Tables {
  readonly schema_version: { readonly id: number; readonly version: number };
  /** One row: the newest audit row. Writers lock it, and truncation shows against it. */
  readonly audit_head: AuditHeadRow;
  readonly audit: AuditRow;
  readonly decisions: DecisionRow;
  readonly rule_versions: RuleVersionRow;
  readonly statements: StatementRow;
  readonly baselines: BaselineRow;
}

export interface AuditHeadRow {
  readonly id: number;
  readonly seq: number;
  readonly hash: string;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly hash: string;
}

/** `seq`, here and below: the audit row of the change, which says who and when. */
export interface DecisionRow {
  readonly seq: number;
  readonly workload: string;
  readonly field: string;
  readonly value: string | null;
  readonly reason: string;
}

export interface RuleVersionRow {
  readonly seq: number;
  readonly number: number;
  readonly rules: string;
  readonly hash: string;
  readonly note: string;
}

export interface StatementRow {
  readonly seq: number;
  readonly scope: string;
  readonly period: string;
  readonly content: string;
  readonly hash: string;
}

export interface BaselineRow {
  readonly seq: number;
  readonly name: string;
  readonly number: number;
  readonly content: string;
  readonly hash: string;
  readonly note: string;
}

/** Tables that a backup holds, in an order in which each row finds those it refers to. */
export const keptTables = [
  "audit",
  "audit_head",
  "decisions",
  "rule_versions",
  "statements",
  "baselines",
] as const satisfies readonly (keyof Tables)[];
