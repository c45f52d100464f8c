import { freezeKpis, frozenBaselines, frozenKpis } from "#flows/kpis/baselines.ts";
import { kpiKeys } from "#flows/kpis/kpi-row.ts";
import { baselineJson, baselinesText, baselineText, frozenText } from "#cli/baseline-text.ts";
import { actor, stateUrl } from "#cli/environment.ts";
import { choice, optionalText } from "#cli/options.ts";
import { Problem } from "#units/problems.ts";

type Options = Readonly<Record<string, unknown>>;

const whereOf = (options: Options) => ({
  data: String(options["data"]),
  url: optionalText(options["state"]) ?? stateUrl(),
});

const print = (options: Options, json: object, text: string): void => {
  process.stdout.write(options["json"] === true ? `${JSON.stringify(json, null, 2)}\n` : text);
};

/** `plimsoll baseline freeze`. */
export async function freezeCommand(name: string, period: string, options: Options): Promise<void> {
  const where = whereOf(options);
  const now = Date.now();
  const note = optionalText(options["note"]);
  const { baseline, frozen } = await freezeKpis(
    where,
    {
      data: where.data,
      now,
      period,
      by: choice("--by", options["by"], kpiKeys),
      name,
      ...(note === undefined ? {} : { note }),
    },
    { actor: optionalText(options["actor"]) ?? actor(), at: now },
  );
  print(options, { frozen, ...baselineJson(baseline) }, frozenText(baseline, frozen));
}

/** `plimsoll baseline list`. */
export async function listCommand(options: Options): Promise<void> {
  const all = await frozenBaselines(whereOf(options));
  print(options, { baselines: all }, baselinesText(all));
}

/** `plimsoll baseline show`. */
export async function showCommand(reference: string, options: Options): Promise<void> {
  const whole = await frozenKpis(whereOf(options), reference);
  const only = optionalText(options["only"]);
  const rows = whole.rows.filter(({ key }) => only === undefined || key === only);
  if (rows.length === 0)
    throw new Problem("option-invalid", `${reference} has no row ${only ?? ""}.`, {
      hint: `It has ${whole.rows
        .map(({ key }) => key ?? "(none)")
        .slice(0, 20)
        .join(", ")}.`,
    });
  const baseline = { ...whole, rows };
  print(options, baselineJson(baseline), baselineText(baseline, only !== undefined));
}
