import { answerKpis, compareKpiRows } from "#flows/kpis/answer-kpis.ts";
import { type AgainstBaseline, compareWithBaseline } from "#flows/kpis/baselines.ts";
import { kpiKeys } from "#flows/kpis/kpi-row.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "#cli/csv.ts";
import { changeRows, changesText, kpiRowsOf, kpisJson, kpisText } from "#cli/kpis-text.ts";
import { stateUrl } from "#cli/environment.ts";
import { choice, optionalText } from "#cli/options.ts";

/** `plimsoll kpis`: a row per workload, team, …, or what moved in it. */
export async function kpisCommand(period: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const by = choice("--by", options["by"], kpiKeys);
  const asked = { data: String(options["data"]), now: Date.now(), period, by };
  const [compare, only] = [optionalText(options["compare"]), optionalText(options["only"])];
  const reference = optionalText(options["baseline"]);
  refuseBoth(compare, reference);
  if (reference === undefined && optionalText(options["state"]) !== undefined)
    throw new Problem("option-invalid", "--state is where a baseline is, and there is no --baseline.");
  if (compare === undefined && reference === undefined) {
    const answer = await answerKpis({ ...asked, withMix: only !== undefined });
    const rows = answer.rows.filter(({ key }) => only === undefined || key === only);
    refuseUnknown(only, rows.length, answer.rows);
    const told = { ...answer, rows };
    if (is("json")) process.stdout.write(`${JSON.stringify(kpisJson(told, by), null, 2)}\n`);
    else if (is("csv"))
      process.stdout.write(csv(["key", "kpi", "value", "unit", "currency", "per"], kpiRowsOf(told)));
    else process.stdout.write(kpisText(told, by, only !== undefined));
    return;
  }
  const where = { data: asked.data, url: optionalText(options["state"]) ?? stateUrl() };
  const answer =
    reference === undefined
      ? await compareKpiRows({ ...asked, withMix: only !== undefined }, compare ?? "previous")
      : against(await compareWithBaseline(where, asked, reference));
  const changes = answer.changes.filter(({ key }) => only === undefined || key === only);
  refuseUnknown(only, changes.length, answer.changes);
  const told = { ...answer, changes };
  const rows = changeRows(told);
  if (is("json")) process.stdout.write(`${JSON.stringify({ rows }, null, 2)}\n`);
  else if (is("csv")) process.stdout.write(csv(Object.keys(rows[0] ?? {}), rows));
  else process.stdout.write(changesText(told, by));
}

/** What is held against a baseline, as what is held against a time, with what to know of the baseline. */
const against = ({ baseline, restated, ...answer }: AgainstBaseline) => ({
  ...answer,
  compared: baseline.window,
  baseline,
  restated,
});

/** @throws Problem "option-invalid" */
export function refuseBoth(compare: string | undefined, baseline: string | undefined): void {
  if (compare !== undefined && baseline !== undefined)
    throw new Problem("option-invalid", "Give --compare or --baseline, not both.");
}

function refuseUnknown(
  only: string | undefined,
  found: number,
  all: readonly { readonly key: string | null }[],
): void {
  if (only === undefined || found > 0) return;
  throw new Problem("option-invalid", `There is no row ${only} in this time.`, {
    hint: `There are ${all
      .map(({ key }) => key ?? "(none)")
      .slice(0, 20)
      .join(", ")}.`,
  });
}
