import { outcomeCost, type OutcomeCost } from "#analysis/bridge/outcome-cost.ts";
import { type UnitCost, unitCost } from "#analysis/bridge/unit-cost.ts";
import type { UnitCostDefinition } from "#facts/unit-cost-definition.ts";
import { configurationText } from "#ingest/configuration/configuration-text.ts";
import { readSplits } from "#ingest/configuration/read-splits.ts";
import { readUnitCosts } from "#ingest/configuration/read-unit-costs.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { Problem } from "#units/problems.ts";
import { costAmounts, type PiecesAsked, volumeAmounts } from "./amounts.ts";

/** What one of something cost in a piece of time, in one currency. */
export interface UnitCostLine {
  readonly definition: UnitCostDefinition;
  readonly bucket: string | undefined;
  readonly currency: string | undefined;
  /** At the 18th decimal; undefined where there was no cost at all. */
  readonly cost: bigint | undefined;
  /** At the 18th decimal; undefined where nobody counted. */
  readonly volume: bigint | undefined;
  readonly unitCost: UnitCost;
  /** Of what is known to have gone well; undefined where nobody says of anything how it went. */
  readonly success: OutcomeCost | undefined;
  readonly succeeded: bigint | undefined;
}

/** @throws Problem "config-invalid"; "option-invalid" for an id that is not defined, or where nothing is */
export async function answerUnitCosts(
  asked: PiecesAsked,
  config: string | undefined,
  ids: readonly string[],
): Promise<UnitCostLine[]> {
  const text = config === undefined ? "" : await configurationText(config);
  const all = config === undefined ? [] : readUnitCosts(text, config);
  if (all.length === 0)
    throw new Problem("option-invalid", "No unit cost is defined.", {
      hint: "Define one under unitCosts in plimsoll.yaml, looked for here and in the data folder; docs/unit-cost.md shows how.",
    });
  const names = all.map(({ id }) => id);
  const stray = ids.find((id) => !names.includes(id));
  if (stray !== undefined)
    throw new Problem("option-invalid", `No unit cost is called ${stray}.${didYouMean(stray, names)}`, {
      hint: `Defined are ${names.join(", ")}.`,
    });
  const splits = config === undefined ? [] : readSplits(text, config);
  const lines: UnitCostLine[] = [];
  for (const definition of all.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    const costs = await costAmounts(asked, definition.cost, splits);
    const volumes = await volumeAmounts(asked, definition.per);
    const buckets = [...new Set([...costs, ...volumes].map(({ bucket }) => bucket))].sort((a = "", b = "") =>
      a < b ? -1 : 1,
    );
    for (const bucket of buckets) {
      const volume = volumes.find((each) => each.bucket === bucket);
      const own = costs.filter((each) => each.bucket === bucket);
      for (const cost of own.length === 0 ? [undefined] : own)
        lines.push(lineOf(definition, bucket, cost, volume));
    }
  }
  return lines;
}

function lineOf(
  definition: UnitCostDefinition,
  bucket: string | undefined,
  cost: Awaited<ReturnType<typeof costAmounts>>[number] | undefined,
  amount: Awaited<ReturnType<typeof volumeAmounts>>[number] | undefined,
): UnitCostLine {
  const { unit: per } = definition;
  const { volume, succeeded, failed } = amount ?? {};
  const incomplete = cost?.incomplete ?? false;
  // Where nobody said of some how they went, nobody knows by how many successes to divide.
  const said = (succeeded ?? 0n) + (failed ?? 0n);
  const told = said > 0n && said === volume;
  const work = {
    cost: cost?.cost,
    incomplete,
    failedCost: cost?.failed,
    retriedCost: cost?.retried,
    successes: succeeded,
  };
  return {
    definition,
    bucket,
    currency: cost?.currency,
    cost: cost?.cost,
    volume,
    unitCost: unitCost({ cost: cost?.cost, incomplete, volume, per }),
    success: told ? outcomeCost(work, per) : undefined,
    succeeded: told ? succeeded : undefined,
  };
}
