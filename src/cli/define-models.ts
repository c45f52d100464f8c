import type { Command } from "commander";

/** `plimsoll models`: what a million tokens cost, wherever they ran; loaded when it runs. */
export function defineModels(program: Command, dataOption: readonly [string, string, string]): void {
  program
    .command("models")
    .description("compare what a million tokens cost: models on machines of your own beside those of APIs")
    .argument("[period]", "2026-07, 2026-07-14, yesterday, last-7-days, …; all there is without it")
    .option(...dataOption)
    .option(
      "--against <model>",
      "an API model to hold your own against, such as gpt-5-mini@openai: break-even",
    )
    .option(
      "--by <column>",
      "divide what your own cost among their users: team, customer, workload, … of calls",
    )
    .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
    .option("--to <date>", "end, not included")
    .option("--granularity <unit>", "hour, day, week, month, quarter or year")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll models last-7-days
  plimsoll models 2026-07 --against gpt-5-mini@openai
  plimsoll models 2026-07 --by customer --json
  plimsoll models 2026-07 --granularity week --csv

Needed are signals of the servers (plimsoll signals collect) and an allocation of their cluster (plimsoll allocate --keep); API models need
calls (plimsoll up, plimsoll calls import). The allocation basis adds up to the bill; the usage basis leaves out what stood idle.`,
    )
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { modelsCompareCommand } = await import("./commands/models-compare-command.ts");
      await modelsCompareCommand(period, options);
    });
}
