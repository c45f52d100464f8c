import { configurationText } from "#ingest/configuration/configuration-text.ts";
import { readAttribution } from "#ingest/configuration/read-attribution.ts";
import type { Attribution } from "#facts/attribution.ts";
import type { Filter } from "#facts/cost-question.ts";
import { duckdbDialect } from "#lake/dialect.ts";
import { type Engine, openDuckdb } from "#lake/engines/duckdb.ts";
import { storedFilterSql } from "#lake/queries/filter-sql.ts";
import { refusePatterns } from "#lake/refuse-patterns.ts";
import { Problem } from "#units/problems.ts";

/**
 * The attribution rules of a `plimsoll.yaml`, every pattern tried on the engine.
 * @throws Problem "config-invalid" with the line, "source-not-found"
 */
export async function loadRules(file: string): Promise<Attribution> {
  const { attribution, lineOfCondition } = readAttribution(await configurationText(file), file);
  const engine = await openDuckdb({ folders: [], memoryMiB: 256 });
  try {
    for (const [index, rule] of attribution.rules.entries()) {
      for (const [condition, filter] of rule.when.entries()) {
        await usable(engine, filter).catch((cause: unknown) => {
          if (!(cause instanceof Problem)) throw cause;
          const line = lineOfCondition(index, condition);
          const place = line === undefined ? file : `${file}, line ${line}`;
          throw new Problem("config-invalid", `${place}: rule ${rule.id}: ${cause.message}`, {
            at: { file, ...(line === undefined ? {} : { line }) },
            hint: cause.hint,
            cause,
          });
        });
      }
    }
  } finally {
    engine.close();
  }
  return attribution;
}

const dialect = duckdbDialect(() => []);

/** A filter that names a number or a time is refused where its value is none, before any rule is in force. */
async function usable(engine: Engine, filter: Filter): Promise<void> {
  storedFilterSql(dialect, filter);
  await refusePatterns(engine, [filter]);
}
