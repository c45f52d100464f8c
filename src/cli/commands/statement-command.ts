import { attributionKeyNames } from "#facts/attribution-keys.ts";
import { loadSplits } from "#flows/statements/load-splits.ts";
import { closeMonth } from "#flows/statements/close-statement.ts";
import { narrowStatement } from "#flows/statements/narrow-statement.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
import { actor, stateUrl } from "#cli/environment.ts";
import { configurationFile } from "#cli/configuration-file.ts";
import { choice, optionalText } from "#cli/options.ts";
import { statementCsv, statementJson } from "#cli/statement-json.ts";
import { statementHtml } from "#cli/statement-html.ts";
import { printable } from "#cli/printable.ts";
import { Problem } from "#units/problems.ts";
import { statementText } from "#cli/statement-text.ts";
import { refuseUnwritable, writePage } from "#cli/write-page.ts";

/** `plimsoll statement`: who bears what of a month's invoices. */
export async function statementCommand(month: string, options: Record<string, unknown>): Promise<void> {
  const data = String(options["data"]);
  const key = choice("by", options["by"], attributionKeyNames);
  const config = configurationFile(data, options["config"]);
  const splits = config === undefined ? [] : await loadSplits(config);
  const where = { data, url: optionalText(options["state"]) ?? stateUrl() };
  const asked = { month, key, splits };
  const by = { actor: optionalText(options["actor"]) ?? actor(), at: Date.now() };
  const html = optionalText(options["html"]);
  const forms = ["html", "json", "csv"].filter((form) => options[form] !== undefined);
  if (forms.length > 1)
    throw new Problem(
      "option-invalid",
      `Give one of ${forms.map((form) => `--${form}`).join(" and ")}, not both.`,
    );
  if (options["force"] === true && html === undefined)
    throw new Problem("option-invalid", "--force overwrites the page of --html, and there is none.");
  const scope = scopeOf(options);
  // What is closed is closed for ever, so a page that can't be written and a scope that isn't there are found out before.
  if (html !== undefined) await refuseUnwritable(data, html, "statement", options["force"] === true);
  if (options["close"] === true && scope !== undefined)
    narrowStatement(await monthStatement(where, asked), scope);
  const whole =
    options["close"] === true
      ? (await closeMonth(where, asked, by)).statement
      : await monthStatement(where, asked);
  const statement = scope === undefined ? whole : narrowStatement(whole, scope);
  if (html !== undefined) {
    await writePage(html, statementHtml(statement, scope));
    process.stdout.write(`Wrote ${printable(html)}.\n`);
  } else if (options["json"] === true)
    process.stdout.write(`${JSON.stringify(statementJson(statement), null, 2)}\n`);
  else if (options["csv"] === true) process.stdout.write(statementCsv(statement));
  else process.stdout.write(statementText(statement, scope));
}

/** A team by its name, null for what nobody owns, undefined for all. */
function scopeOf(options: Record<string, unknown>): string | null | undefined {
  const named = optionalText(options["scope"]);
  if (options["unallocated"] !== true) return named;
  if (named === undefined) return null;
  throw new Problem("option-invalid", "Give one of --scope and --unallocated, not both.");
}
