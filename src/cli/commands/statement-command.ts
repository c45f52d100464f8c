import { writeFile } from "node:fs/promises";
import { attributionKeyNames } from "#facts/attribution.ts";
import { loadSplits } from "#flows/statements/load-splits.ts";
import { closeMonth } from "#flows/statements/close-statement.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
import { actor, stateUrl } from "#cli/environment.ts";
import { configurationFile } from "#cli/configuration-file.ts";
import { choice, optionalText } from "#cli/options.ts";
import { statementCsv, statementJson } from "#cli/statement-json.ts";
import { statementHtml } from "#cli/statement-html.ts";
import { statementText } from "#cli/statement-text.ts";

/** `plimsoll statement`: who bears what of a month's invoices. */
export async function statementCommand(month: string, options: Record<string, unknown>): Promise<void> {
  const data = String(options["data"]);
  const key = choice("by", options["by"], attributionKeyNames);
  const config = configurationFile(data, options["config"]);
  const splits = config === undefined ? [] : await loadSplits(config);
  const where = { data, url: optionalText(options["state"]) ?? stateUrl() };
  const asked = { month, key, splits };
  const by = { actor: optionalText(options["actor"]) ?? actor(), at: Date.now() };
  const statement =
    options["close"] === true
      ? (await closeMonth(where, asked, by)).statement
      : await monthStatement(where, asked);
  const html = optionalText(options["html"]);
  if (html !== undefined) {
    await writeFile(html, statementHtml(statement));
    process.stdout.write(`Wrote ${html}.\n`);
  } else if (options["json"] === true)
    process.stdout.write(`${JSON.stringify(statementJson(statement), null, 2)}\n`);
  else if (options["csv"] === true) process.stdout.write(statementCsv(statement));
  else process.stdout.write(statementText(statement, optionalText(options["scope"])));
}
