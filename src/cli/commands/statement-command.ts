import { writeFile } from "node:fs/promises";
import { attributionKeyNames } from "#facts/attribution.ts";
import { loadSplits } from "#flows/statements/load-splits.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
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
  const statement = await monthStatement(data, { month, key, splits });
  const html = optionalText(options["html"]);
  if (html !== undefined) {
    await writeFile(html, statementHtml(statement));
    process.stdout.write(`Wrote ${html}.\n`);
  } else if (options["json"] === true)
    process.stdout.write(`${JSON.stringify(statementJson(statement), null, 2)}\n`);
  else if (options["csv"] === true) process.stdout.write(statementCsv(statement));
  else process.stdout.write(statementText(statement, optionalText(options["scope"])));
}
