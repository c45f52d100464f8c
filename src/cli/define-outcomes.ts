import type { Command } from "commander";
import { defineRemove } from "./define-remove.ts";
import { optionsOf } from "./options-of.ts";

type DataOption = readonly [flags: string, what: string, value: string];

/** The commands that bring outcomes in, tell of them, and divide cost by them; what they do is loaded when they run. */
export function defineOutcomes(program: Command, dataOption: DataOption): void {
  const outcomes = program
    .command("outcomes")
    .description("show what workloads achieved: conversations, resolved tickets, conversions, tasks, …")
    .argument("[period]", "2026-07, 2026-07-14, yesterday, last-7-days, …; all there are without it")
    .option(...dataOption)
    .option("--by <columns>", "team, workload, model, customer, environment, source, success or tag:label")
    .option("--where <filter...>", "Column=value, Column=a|b, Column!=value, Column~part, Column?, !Column?")
    .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
    .option("--to <date>", "end, not included")
    .option("--granularity <unit>", "hour, day, week, month, quarter or year")
    .option("--json", "one JSON object; counts are exact decimal strings")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .addHelpText("after", reportHelp)
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { outcomesCommand } = await import("./commands/outcomes-command.ts");
      await outcomesCommand(period, options);
    });
  outcomes
    .command("import")
    .description("bring outcomes into the lake, each once: from files, or from a query")
    .argument("[files...]", "CSV, JSON or JSON lines, gzipped or not; docs/outcomes.md has the columns")
    .option(...dataOption)
    .option("--source <name>", "who delivers them; outcomes of the same source and id are one", "files")
    .option("--query <sql>", "a select of a PostgreSQL database, with the same columns")
    .option("--database <url>", "postgresql://user@host/database; better in PLIMSOLL_OUTCOMES_URL")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", importHelp)
    .action(async (files: string[], _, command: Command) => {
      const { importOutcomesCommand } = await import("./commands/outcomes-command.ts");
      await importOutcomesCommand(files, optionsOf(command));
    });
  defineRemove(outcomes, dataOption, async () => (await import("#facts/outcome-columns.ts")).outcomesTable);
}

const reportHelp = `
Examples:
  plimsoll outcomes last-7-days --by team
  plimsoll outcomes 2026-07 --where kind=resolved-ticket --by workload,success
  plimsoll outcomes 2026-07 --granularity week --csv

A webhook is POST /api/v1/outcomes of plimsoll up. What one of them costs: plimsoll unit-cost.`;

const importHelp = `
Examples:
  plimsoll outcomes import tickets.csv --source helpdesk
  PLIMSOLL_OUTCOMES_URL=postgresql://reader@db/helpdesk plimsoll outcomes import --source helpdesk \\
    --query "select id::text, closed_at as time, 'resolved-ticket' as kind, solved as success, team from tickets"

All of it or nothing; to import it again changes nothing. A query is read in a transaction that may only read.`;
