import { controlWritten } from "#lake/import/control-written.ts";
import { lookupTables } from "#lake/import/derive-sql.ts";
import { readRules } from "#lake/period-rules.ts";
import { writePeriod } from "#lake/import/write-charges.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import type { Writer } from "#lake/writer.ts";
import type { Before } from "./delivery-identity.ts";
import { gpuInstances } from "./gpu-instances.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";
import { livePeriod } from "./live-period.ts";
import type { Change } from "./plan-change.ts";
import type { Delivery } from "./read-delivery.ts";

/**
 * Writes the periods that a delivery changes beside what is there, reads each back and compares it with what was delivered.
 * @param rules name of the rules that the charges are attributed by
 * @returns the periods as they will be in the lake; not yet in force
 * @throws Problem "totals-differ"
 */
export async function writePeriods(
  writer: Writer,
  { source, now }: ImportRequest,
  { charges }: Delivery,
  { id, role, mode, news }: Change,
  before: Before,
  rules: string | undefined,
  onProgress: (progress: ImportProgress) => void,
): Promise<LakePeriod[]> {
  for (const statement of lookupTables(`(${charges})`, await gpuInstances())) await writer.db.run(statement);
  const total = news.reduce((sum, period) => sum + period.rows, 0);
  const written: LakePeriod[] = [];
  let done = 0;
  onProgress({ step: "writing", done, total, unit: "rows" });
  for (const period of news) {
    const old = before.periods.find((live) => live.billingPeriod === period.billingPeriod);
    // What is added to a period is attributed as the rest of it, and a closed one as it was closed.
    const itsRules = old !== undefined && (mode === "append" || old.closed) ? old.rules : rules;
    const attribution = await readRules(writer.lake, itsRules);
    const target = { lake: writer.lake, source, role, importId: id, period, attribution };
    const paths = await writePeriod(writer.db, charges, target, (rows) => {
      done += rows;
      onProgress({ step: "writing", done, total, unit: "rows" });
    });
    await controlWritten(writer.db, writer.lake, paths, period);
    const fresh = {
      source,
      role,
      imports: [id],
      files: paths,
      updatedAt: now,
      ...(itsRules === undefined ? {} : { rules: itsRules }),
    };
    written.push(livePeriod(fresh, period, old, mode));
  }
  onProgress({ step: "verifying", done: total, total, unit: "rows" });
  return written;
}
