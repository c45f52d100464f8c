import { keywordRank } from "#facts/requirement.ts";
import type { ImportRecord } from "#lake/import-record.ts";
import { judgeRules } from "#lake/validate/judge-rules.ts";
import { modelFor, readRequirements } from "#lake/validate/read-requirements.ts";

/** One FOCUS requirement that live deliveries break, over all of them. */
export interface RuleSummary {
  readonly ruleId: string;
  readonly column: string;
  readonly keyword: string;
  readonly requirement: string;
  /** Rows that break it. */
  readonly count: number;
  readonly sources: readonly string[];
  /** The first place found: its source, file, record and cell. */
  readonly first: {
    readonly source: string;
    readonly file: string | null;
    readonly row: number | null;
    readonly value: string | null;
  };
}

/** How much of the live deliveries was judged. */
export interface Judged {
  readonly rows: number;
  /** Rows of deliveries in formats that are not judged, since they aren't FOCUS. */
  readonly rowsNotJudged: number;
  readonly rules: readonly RuleSummary[];
  /** Per model that judged: what it asks and no machine can check. */
  readonly notCheckable: readonly {
    readonly model: string;
    readonly rules: readonly {
      readonly ruleId: string;
      readonly keyword: string;
      readonly requirement: string;
    }[];
  }[];
}

/**
 * The findings of live imports, summed by rule and column: the strongest keyword and the most rows first.
 * @param records of live imports
 */
export async function conformance(records: readonly ImportRecord[]): Promise<Judged> {
  const rules = new Map<string, RuleSummary>();
  let rows = 0;
  let all = 0;
  for (const { source, findings, validation, files } of records) {
    rows += validation.reduce((sum, each) => sum + each.rows, 0);
    all += files.reduce((sum, file) => sum + file.rows, 0);
    for (const { ruleId, column, keyword, requirement, count, file, firstRow, firstValue } of findings) {
      const key = `${ruleId} ${column}`;
      const before = rules.get(key);
      rules.set(key, {
        ruleId,
        column,
        keyword,
        requirement,
        count: (before?.count ?? 0) + count,
        sources: [...new Set([...(before?.sources ?? []), source])],
        first: before?.first ?? { source, file, row: firstRow, value: firstValue },
      });
    }
  }
  const versions = [...new Set(records.flatMap(({ validation }) => validation.map(({ model }) => model)))];
  return {
    rows,
    rowsNotJudged: all - rows,
    rules: [...rules.values()].sort(byWeight),
    notCheckable: await Promise.all(versions.sort().map(notCheckableOf)),
  };
}

async function notCheckableOf(version: string): Promise<Judged["notCheckable"][number]> {
  const model = await readRequirements(modelFor(version));
  const rules = judgeRules(model, [], version).notCheckable;
  return {
    model: version,
    rules: rules.map(({ id, keyword, text }) => ({ ruleId: id, keyword, requirement: text })),
  };
}

function byWeight(a: RuleSummary, b: RuleSummary): number {
  return (
    keywordRank(a.keyword) - keywordRank(b.keyword) || b.count - a.count || (a.ruleId < b.ruleId ? -1 : 1)
  );
}
