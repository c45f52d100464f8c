import { compareModels, type ModelsCompared } from "#flows/self-hosted/compare-models.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { csv } from "#cli/csv.ts";
import { comparisonColumns, comparisonJson, comparisonRows } from "#cli/models-compare-json.ts";
import { comparisonText } from "#cli/models-compare-text.ts";
import { choice, optionalText } from "#cli/options.ts";

/** `plimsoll models`. */
export async function modelsCompareCommand(
  period: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const answer = await compareModels(askedOf(period, options));
  process.stdout.write(
    is("json")
      ? `${JSON.stringify(comparisonJson(answer), null, 2)}\n`
      : is("csv")
        ? csv(comparisonColumns, comparisonRows(answer))
        : comparisonText(answer),
  );
}

function askedOf(period: string | undefined, options: Record<string, unknown>): ModelsCompared {
  const text = Object.fromEntries(
    ["against", "by", "from", "to"].flatMap((name) => {
      const value = optionalText(options[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const unit = options["granularity"];
  return {
    data: String(options["data"]),
    now: Date.now(),
    ...(period === undefined ? {} : { period }),
    ...text,
    ...(unit === undefined ? {} : { granularity: choice("--granularity", unit, granularities) }),
  };
}
