import type { Filter } from "#facts/cost-question.ts";
import { Problem } from "#units/problems.ts";
import type { Engine } from "./engines/duckdb.ts";
import { sql } from "./sql.ts";

/** What a person writes is shorter; a longer pattern is machine-made and can be a list. */
const MAX_LENGTH = 1000;

/**
 * Refuses regular expressions that the engine can't use. It looks for them with RE2, which needs time in proportion to the text whatever
 * the pattern; what can't be had that way (references to groups, looking ahead or behind) or grows too large is refused.
 * @see https://github.com/google/re2/wiki/Syntax
 * @throws Problem "filter-invalid"
 */
export async function refusePatterns(engine: Engine, filters: readonly Filter[]): Promise<void> {
  for (const filter of filters) {
    if (filter.kind !== "matches") continue;
    const { pattern } = filter;
    if (pattern.length > MAX_LENGTH) throw refused(pattern, `it has more than ${MAX_LENGTH} characters`);
    try {
      await engine.query(sql`select regexp_matches('', ${pattern})`);
    } catch (cause) {
      throw refused(pattern, (cause as Error).message.replace(/^[\w ]*Error: /, ""), cause);
    }
  }
}

function refused(pattern: string, why: string, cause?: unknown): Problem {
  const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern;
  return new Problem("filter-invalid", `The pattern ${shown} can't be used: ${why}.`, {
    at: { value: shown },
    cause,
    hint: "Patterns are RE2 regular expressions: no references to groups, no looking ahead or behind, at most 1,000 repetitions.",
  });
}
