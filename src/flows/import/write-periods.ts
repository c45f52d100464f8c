import { controlRollups, controlWritten } from "#lake/import/control-written.ts";
import { lookupTables } from "#lake/import/derive-sql.ts";
import { readRules } from "#lake/period-rules.ts";
import { type Target, writePeriod, writeRollups } from "#lake/import/write-charges.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import type { Writer } from "#lake/writer.ts";
import type { Before } from "./delivery-identity.ts";
import { gpuInstances } from "./gpu-instances.ts";
import type { ImportProgress, ImportRequest } from "./import-request.ts";
import { livePeriod } from "./live-period.ts";
import type { Change } from "./plan-change.ts";
import type { Delivery } from "./read-delivery.ts";
import { type Remaining, withoutPart } from "./without-part.ts";

/**
 * Writes the periods that a delivery changes beside what is there, reads each back and compares it with what was delivered.
 * @param rules name of the rules that the charges are attributed by
 * @returns the periods as they will be in the lake; not yet in force
 * @throws Problem "totals-differ"
 */
export async function writePeriods(
  writer: Writer,
  { source, now, part }: ImportRequest,
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
    const held = before.periods.find((live) => live.billingPeriod === period.billingPeriod);
    const left: Remaining | undefined =
      held === undefined || part === undefined ? undefined : withoutPart(held, part, before.records);
    const old = left?.period ?? held;
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
    const live = livePeriod(fresh, period, old, mode);
    written.push(left?.rollupsMixed === true ? await withRollups(writer, live, target) : live);
  }
  onProgress({ step: "verifying", done: total, total, unit: "rows" });
  return written;
}

/** The period with rollups made of all its charges. */
async function withRollups({ db, lake }: Writer, live: LakePeriod, target: Target): Promise<LakePeriod> {
  const rollups = await writeRollups(db, live.files.charges, {
    ...target,
    importId: `${target.importId}-joined`,
  });
  await controlRollups(db, lake, rollups, live);
  return { ...live, files: { ...live.files, ...rollups } };
}
