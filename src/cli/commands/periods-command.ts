import { closePeriods, livePeriods } from "#flows/close-periods.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim, green } from "#cli/colors.ts";
import { anewLines } from "#cli/division-text.ts";
import { count, exactCost, many } from "#cli/format.ts";
import { choice, nameList, optionalText } from "#cli/options.ts";
import { progressLine } from "#cli/progress-line.ts";
import { table } from "#cli/table.ts";

type Period = Awaited<ReturnType<typeof livePeriods>>[number];

/** `plimsoll periods`: the billing periods in the lake; `close` and `reopen` say whether imports may change them. */
export async function periodsCommand(
  action: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const data = String(options["data"]);
  const source = optionalText(options["source"]);
  const billingPeriods = nameList(options["period"]);
  const json = options["json"] === true;
  if (action === undefined) {
    const asked = (await livePeriods(data)).filter(
      (period) =>
        (source === undefined || period.source === source) &&
        (billingPeriods.length === 0 || billingPeriods.includes(period.billingPeriod)),
    );
    process.stdout.write(
      json ? `${JSON.stringify({ rows: asked.map(jsonRow) }, null, 2)}\n` : listText(asked),
    );
    return;
  }
  const closed = choice("periods", action, ["close", "reopen"]) === "close";
  if (source === undefined || billingPeriods.length === 0) {
    throw new Problem("option-invalid", `plimsoll periods ${action} needs --source and --period.`, {
      hint: `Write plimsoll periods ${action} --source aws --period 2026-07; plimsoll periods lists what there is.`,
    });
  }
  const waiting = progressLine(process.stderr);
  const { periods, changed, divided } = await closePeriods(
    { data, source, billingPeriods, closed, now: Date.now() },
    (waited, seconds) => waiting.show("waiting", waited, seconds, "seconds"),
  ).finally(() => waiting.end());
  if (json) process.stdout.write(`${JSON.stringify({ rows: periods.map(jsonRow), changed }, null, 2)}\n`);
  else process.stdout.write(doneText(source, periods, changed, closed, anewLines(divided)));
}

function doneText(
  source: string,
  periods: readonly Period[],
  changed: readonly string[],
  closed: boolean,
  divided: readonly string[],
): string {
  const state = closed ? "closed" : "open";
  const lines = periods.map(({ billingPeriod, rows, totals }) => {
    const sums = Object.entries(totals).map(
      ([currency, sum]) => `${exactCost(sum["BilledCost"])} ${currency}`,
    );
    const what = `${bold(`${source} ${billingPeriod}`)} (${many(rows, "charge")}, BilledCost ${sums.join(", ")})`;
    return changed.includes(billingPeriod)
      ? `${green(closed ? "Closed" : "Reopened")} ${what}.`
      : `${what} was ${state} already.`;
  });
  const meaning = closed
    ? "An import that would change it is refused with exit code 1 unless it says --force."
    : "The next import may change it.";
  return `${[...lines, ...divided, dim(meaning)].join("\n")}\n`;
}

function listText(periods: readonly Period[]): string {
  if (periods.length === 0) return "No billing period matches.\n";
  const rows = periods.flatMap((period) =>
    Object.entries(period.totals).map(([currency, sums], index) => {
      const first = (text: string): string => (index === 0 ? text : "");
      return [
        first(period.source),
        first(period.billingPeriod),
        first(period.role),
        first(count(period.rows)),
        currency,
        exactCost(sums["BilledCost"]),
        exactCost(sums["EffectiveCost"]),
        first(period.closed ? "closed" : "open"),
        first(`${formatInstant(period.updatedAt).slice(0, 16).replace("T", " ")} UTC`),
      ];
    }),
  );
  const head = [
    "Source",
    "Period",
    "Role",
    "Charges",
    "Currency",
    "BilledCost",
    "EffectiveCost",
    "State",
    "Last import",
  ];
  return table(head, rows, [false, false, false, true, false, true, true]);
}

const jsonRow = (period: Period): Record<string, unknown> => ({
  source: period.source,
  billingPeriod: period.billingPeriod,
  role: period.role,
  closed: period.closed,
  charges: period.rows,
  totals: period.totals,
  imports: period.imports,
  lastImport: formatInstant(period.updatedAt),
});
