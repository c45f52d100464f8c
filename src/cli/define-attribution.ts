import type { Command } from "commander";
import { rolesInWords } from "#facts/role.ts";

type DataOption = readonly [flags: string, what: string, value: string];

/** The commands that say who owns a charge and who bears it. */
export function defineAttribution(program: Command, dataOption: DataOption): void {
  program
    .command("attribution")
    .description("give every charge an owner: what rules would change, and putting them in force")
    .argument(
      "<action>",
      "preview, publish, suggest (the rules that would attribute the most) or show (those in force, as JSON)",
    )
    .option(...dataOption)
    .option(
      "--config <file>",
      "the file that holds the rules (default: plimsoll.yaml here, else in the data folder)",
    )
    .option("--key <name>", "whose moves a preview shows: team, owner, environment, workload, …", "team")
    .option("--from <date>", "preview charges from this day on")
    .option("--to <date>", "and before this one")
    .option("--period <period>", "2026-07, last-month, … instead of --from and --to")
    .option("--role <role>", rolesInWords, "invoice")
    .option("--limit <n>", "what a preview lists (20) or how many rules to suggest (10) at most")
    .option("--note <text>", "with publish: why, for those who read it later")
    .option("--actor <name>", "who publishes, for the audit (default: PLIMSOLL_ACTOR, else your login)")
    .option("--state <url>", "PostgreSQL database that holds the audit; better in PLIMSOLL_STATE_URL")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll attribution suggest
  plimsoll attribution preview
  plimsoll attribution preview --key environment --period 2026-07 --json
  plimsoll attribution publish --config finops/plimsoll.yaml

A preview changes nothing. Publishing attributes open billing periods anew; closed ones keep what they were closed with.`,
    )
    .action(async (action: string, _options: unknown, command: Command) => {
      const { attributionCommand } = await import("./commands/attribution-command.ts");
      await attributionCommand(action, command);
    });

  program
    .command("statement")
    .description(
      "say who bears what of a month's invoices: own cost, shared cost, credits, and what nobody owns",
    )
    .argument("<month>", "a month such as 2026-07: the billing periods whose middle lies in it")
    .option(...dataOption)
    .option(
      "--by <key>",
      "team, owner, environment, workload, workloadType, model, costCenter or customer",
      "team",
    )
    .option(
      "--config <file>",
      "the file that holds the splits (default: plimsoll.yaml here, else in the data folder)",
    )
    .option(
      "--close",
      "close the statement for ever; what is restated later is a correction in the next month's",
    )
    .option("--actor <name>", "who closes it, for the audit (default: PLIMSOLL_ACTOR, else your login)")
    .option("--state <url>", "PostgreSQL database that holds the state; better in PLIMSOLL_STATE_URL")
    .option("--scope <name>", "only this team, cost centre, … with its lines, as it may be sent to it")
    .option("--unallocated", "only what nobody owns, with its lines")
    .option("--csv", "every line as CSV, safe to open in a spreadsheet")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .option("--html <file>", "write a page to print or to send; an earlier statement there is overwritten")
    .option("--force", "with --html: overwrite any file that is there")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll statement 2026-07
  plimsoll statement 2026-07 --by costCenter --csv > july.csv
  plimsoll statement 2026-07 --close
  plimsoll statement 2026-07 --scope search --html search.html
  plimsoll statement 2026-07 --unallocated                 # what nobody owns, line by line

While a billing period of the month is open, its statement is provisional and says so.`,
    )
    .action(async (month: string, options: Record<string, unknown>) => {
      const { statementCommand } = await import("./commands/statement-command.ts");
      await statementCommand(month, options);
    });
}
