import { literal } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { allChargesSql, type Declared, type Group } from "./delivery-sql.ts";
import { engineProblem } from "./engine-problem.ts";

/** Kinds of charges of a row from which on they are made once: each later step would plan and parse its cells once for each kind. */
const MANY_KINDS = 5;

/**
 * All charges of a delivery as a relation. Of a format whose rows become many charges they are made once, into a Parquet file.
 * @param target the file, if there is need of one
 */
export async function stageCharges(
  db: Duckdb,
  groups: readonly Group[],
  declared: Declared,
  target: string,
): Promise<string> {
  const charges = allChargesSql(groups, declared);
  if (groups.every(({ mapping }) => mapping.charges.length < MANY_KINDS)) return charges;
  try {
    await db.run(`copy (${charges}) to ${literal(target)} (format parquet, compression lz4_raw)`);
  } catch (cause) {
    throw engineProblem(cause, groups[0]?.files[0]?.input.name ?? "");
  }
  return `select * from read_parquet(${literal(target)}, hive_partitioning = false)`;
}
