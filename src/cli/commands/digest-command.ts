import { digest } from "#flows/kpis/digest.ts";
import { baselineBy } from "#flows/kpis/baselines.ts";
import { kpiKeys } from "#flows/kpis/kpi-row.ts";
import { digestHtml, digestMarkdown } from "#cli/digest-pages.ts";
import { stateUrl } from "#cli/environment.ts";
import { refuseBoth } from "#cli/commands/kpis-command.ts";
import { choice, optionalText, positiveInteger } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { refuseUnwritable, writePage } from "#cli/write-page.ts";

/** `plimsoll digest`: which KPI moved, and why, as Markdown or as a page. */
export async function digestCommand(
  period: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const data = String(options["data"]);
  const html = optionalText(options["html"]);
  if (html !== undefined) await refuseUnwritable(data, html, "digest", options["force"] === true);
  const asked = { data, now: Date.now(), period, by: choice("--by", options["by"], kpiKeys) };
  const [compare, baseline] = [optionalText(options["compare"]), optionalText(options["baseline"])];
  refuseBoth(compare, baseline);
  const where = { data, url: optionalText(options["state"]) ?? stateUrl() };
  const against = baseline === undefined ? (compare ?? "previous") : await baselineBy(where, asked, baseline);
  const told = await digest(asked, against, positiveInteger("--top", String(options["top"])));
  if (html === undefined) {
    process.stdout.write(digestMarkdown(told));
    return;
  }
  await writePage(html, digestHtml(told));
  process.stdout.write(`Wrote ${printable(html)}.\n`);
}
