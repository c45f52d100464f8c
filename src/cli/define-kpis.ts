import type { Command } from "commander";

type DataOption = readonly [flags: string, what: string, value: string];

/** The commands that put cost beside what it did; loaded when they run. */
export function defineKpis(program: Command, dataOption: DataOption): void {
  program
    .command("kpis")
    .description(
      "one row per workload, team, …: cost with tokens, requests, latency, queue, GPU activity, outcomes",
    )
    .argument("[period]", "2026-07, 2026-07-14, last-month, last-7-days, …", "last-30-days")
    .option(...dataOption)
    .option("--by <key>", "workload, team, environment, model or customer", "workload")
    .option("--only <name>", "one row, with everything that is known of it")
    .option(
      "--compare <with>",
      "what moved against previous, year-ago, same-weekdays, a period such as 2026-06, or FROM..TO",
    )
    .option("--baseline <name>", "what moved against a baseline: its name, or name@version")
    .option(
      "--state <url>",
      "with --baseline: PostgreSQL database that holds the state; better in PLIMSOLL_STATE_URL",
    )
    .option("--json", "one JSON object; values are exact decimal strings")
    .option("--csv", "CSV, a line per KPI, safe to open in a spreadsheet")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll kpis 2026-07
  plimsoll kpis 2026-07 --by team --compare previous
  plimsoll kpis 2026-08 --baseline before-vllm     # figures that were frozen: plimsoll baseline freeze
  plimsoll kpis last-7-days --only assistant-chat
  plimsoll kpis 2026-07 --csv > kpis.csv

Charges, calls, signals and outcomes are joined by their names; what the lake has nothing of is blank. docs/kpis.md says what each KPI is.`,
    )
    .action(async (period: string, options: Record<string, unknown>) => {
      const { kpisCommand } = await import("./commands/kpis-command.ts");
      await kpisCommand(period, options);
    });
  program
    .command("digest")
    .description("say which KPI moved and why: Markdown for a channel, or a page to send")
    .argument("[period]", "2026-07, last-week, …", "last-week")
    .option(...dataOption)
    .option("--by <key>", "workload, team, environment, model or customer", "workload")
    .option(
      "--compare <with>",
      "previous, year-ago, same-weekdays, a period, or FROM..TO (default: previous)",
    )
    .option("--baseline <name>", "against a baseline instead: its name, or name@version")
    .option(
      "--state <url>",
      "with --baseline: PostgreSQL database that holds the state; better in PLIMSOLL_STATE_URL",
    )
    .option("--top <n>", "how many are told, those with the largest effect on cost first", "5")
    .option("--html <file>", "write a page; an earlier one of ours there is overwritten")
    .option("--force", "with --html: overwrite any file that is there")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll digest                                   # last week against the one before, in Markdown
  plimsoll digest last-month --by team --html july.html
  0 8 * * 1  plimsoll digest | mail -s "AI cost" team@example.com`,
    )
    .action(async (period: string, options: Record<string, unknown>) => {
      const { digestCommand } = await import("./commands/digest-command.ts");
      await digestCommand(period, options);
    });
}
