import type { Workbench } from "#lake/engines/workbench.ts";
import { sumsWritten, writeExport } from "#lake/export/write-export.ts";
import type { OpenLake } from "#lake/open-lake.ts";
import type { ExportedCharges } from "#lake/queries/exported-charges.ts";
import { formatDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { ExportSum } from "./export-sums.ts";
import type { Target } from "./export-target.ts";

/**
 * Writes the rows and compares what was written with what was to be.
 * @throws Problem "totals-differ"
 */
export async function writeRows(
  { engine, dialect }: OpenLake<Workbench>,
  exported: ExportedCharges,
  as: Parameters<typeof writeExport>[3],
  { file, partial }: Target,
  { rows, sums }: { readonly rows: number; readonly sums: readonly ExportSum[] },
): Promise<void> {
  const differ = (what: string): Problem =>
    new Problem("totals-differ", `${file}: ${what}.`, {
      hint: "Nothing was written. Run the export again; if it happens twice, please report it.",
    });
  const written = await writeExport(engine, dialect, exported, as, partial);
  if (written !== rows) throw differ(`${rows} rows were to be written, and ${written} were`);
  if (as.form !== "parquet") return;
  for (const [name, sum] of Object.entries(await sumsWritten(engine, dialect, as.columns, partial))) {
    const known = sums.flatMap((each) => each.sums[name as keyof ExportSum["sums"]] ?? []);
    const meant = known.length === 0 ? null : formatDecimal(known.reduce((a, b) => a + b, 0n));
    if (sum !== meant)
      throw differ(`${name} adds up to ${sum ?? "nothing"}, and should to ${meant ?? "nothing"}`);
  }
}
