import type { Command } from "commander";

type DataOption = readonly [flags: string, what: string, value: string];

/** The command that tells of calls to models, and makes what waits in the journal part of the lake. */
export function defineCalls(program: Command, dataOption: DataOption): void {
  program
    .command("calls")
    .description("show calls to models: how many, failed, repeated, tokens, latency, stated cost")
    .argument("[period]", "2026-07, 2026-07-14, yesterday, last-7-days, …; all there are without it")
    .option(...dataOption)
    .option(
      "--by <columns>",
      "model, provider, team, workload, customer, … or tag:key, comma-separated (default: model)",
    )
    .option(
      "--where <filter...>",
      String.raw`Column=value, Column=a|b, Column!=value, Column~part, Column?, !Column?; \| is a bar of a value`,
    )
    .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
    .option("--to <date>", "end, not included")
    .option("--granularity <unit>", "hour, day, week, month, quarter or year")
    .option("--json", "one JSON object; sums are exact, latencies come with their ranges")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .option("--explain", "show the SQL and the tables behind the numbers")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll calls yesterday
  plimsoll calls 2026-07 --by team,model --where provider=anthropic
  plimsoll calls last-7-days --by workload --granularity day --csv
  plimsoll calls --by tag:feature --where status=error --json
  plimsoll calls compact                # make what was received part of the lake now

Costs are what the sources state, not prices of ours. Times are in UTC.`,
    )
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { callsCommand } = await import("./commands/calls-command.ts");
      await callsCommand(period, options);
    });
}
