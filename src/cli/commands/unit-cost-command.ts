import { denominatorName } from "#facts/unit-cost-definition.ts";
import { answerUnitCosts, type UnitCostLine } from "#flows/unit-costs/answer-unit-costs.ts";
import { formatDecimal, ONE } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { bold, dim } from "#cli/colors.ts";
import { configurationFile } from "#cli/configuration-file.ts";
import { csv } from "#cli/csv.ts";
import { amount, rate, share } from "#cli/format.ts";
import { choice, nameList, optionalText } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { table } from "#cli/table.ts";

/** `plimsoll unit-cost`: what one of something costs. */
export async function unitCostCommand(
  period: string | undefined,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (options["json"] === true && options["csv"] === true)
    throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const data = String(options["data"]);
  const [from, to] = [optionalText(options["from"]), optionalText(options["to"])];
  const unit = options["granularity"];
  const lines = await answerUnitCosts(
    {
      data,
      now: Date.now(),
      ...(period === undefined ? {} : { period }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(unit === undefined ? {} : { granularity: choice("--granularity", unit, granularities) }),
    },
    configurationFile(data, options["config"]),
    nameList(options["id"]),
  );
  const rows = lines.map(rowOf);
  process.stdout.write(
    options["json"] === true
      ? `${JSON.stringify({ rows }, null, 2)}\n`
      : options["csv"] === true
        ? csv(Object.keys(rows[0] ?? {}), rows)
        : unitCostsText(lines),
  );
}

type UnitCost = UnitCostLine["unitCost"];

/** The same for programs and for spreadsheets; null is unknown. */
function rowOf({
  definition,
  bucket,
  currency,
  cost,
  volume,
  unitCost,
  success,
  succeeded,
}: UnitCostLine): Record<string, string | null> {
  const exact = (units: bigint | undefined): string | null =>
    units === undefined ? null : formatDecimal(units);
  const costOf = (each: UnitCost | undefined): string | null =>
    each === undefined || each.kind === "unknown" ? null : formatDecimal(each.cost);
  const shares = success?.shares.kind === "known" ? success.shares.ratios : undefined;
  return {
    id: definition.id,
    bucket: bucket ?? null,
    currency: currency ?? null,
    cost: exact(cost),
    volume: exact(volume),
    of: denominatorName(definition.per),
    per: String(definition.unit),
    unitCost: costOf(unitCost),
    known: unitCost.kind === "unknown" ? unitCost.why : unitCost.kind,
    succeeded: exact(succeeded),
    perSuccess: costOf(success?.perSuccess),
    perSuccessAlone: costOf(success?.perSuccessAlone),
    failedShare: exact(shares?.failed),
    retriedShare: exact(shares?.retried),
  };
}

const heads = ["Cost", "Number", "Each", "Went well", "Each of these", "Failed", "Done again"] as const;

function unitCostsText(lines: readonly UnitCostLine[]): string {
  if (lines.length === 0) return "There is neither cost nor anything to divide it by in this time.\n";
  const isCut = lines.some(({ bucket }) => bucket !== undefined);
  const rows = lines.map((line) => {
    const { definition, bucket = "", currency, cost, volume, unitCost, success, succeeded } = line;
    const shares = success?.shares.kind === "known" ? success.shares.ratios : undefined;
    return [
      printable(definition.id),
      `per ${definition.unit === 1n ? "" : `${definition.unit.toLocaleString("en-US")} `}${printable(denominatorName(definition.per))}`,
      ...(isCut ? [bucket.replace("T00:00:00Z", "")] : []),
      cost === undefined ? dim("none") : `${amount(cost)} ${currency ?? ""}`,
      volume === undefined ? dim("unknown") : number(volume),
      costText(unitCost),
      succeeded === undefined ? "" : number(succeeded),
      success === undefined ? "" : costText(success.perSuccess),
      shares === undefined ? "" : part(shares.failed),
      shares === undefined ? "" : part(shares.retried),
    ];
  });
  const labels = ["Unit cost", "Of", ...(isCut ? ["Bucket"] : [])];
  const notes = [
    ...(lines.some(({ unitCost }) => unitCost.kind === "at-least")
      ? ["≥: some of the cost is unknown, so it is that or more."]
      : []),
    ...(lines.some(({ success }) => success !== undefined)
      ? ["Each of these: all cost, also of what failed or was done again, per outcome that went well."]
      : []),
  ];
  return `${bold("Unit costs")}\n\n${table([...labels, ...heads], rows, [...labels.map(() => false), ...heads.map(() => true)])}${notes.map((note) => `\n${dim(note)}`).join("")}${notes.length === 0 ? "" : "\n"}`;
}

const number = (units: bigint): string => amount(units).replace(/\.00$/, "");
const part = (units: bigint): string => share(Number((units * 1_000_000n) / ONE) / 1_000_000);

const whyNot = {
  "cost-unknown": "no cost",
  "volume-unknown": "not counted",
  "volume-zero": "none happened",
  "volume-negative": "below zero",
} as const;

function costText(unitCost: UnitCost): string {
  if (unitCost.kind === "unknown") return dim(whyNot[unitCost.why]);
  return `${unitCost.kind === "at-least" ? "≥ " : ""}${rate(unitCost.cost)}`;
}
