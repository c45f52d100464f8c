import type { Command } from "commander";

/** `plimsoll unit-cost`; loaded when it runs. */
export function defineUnitCosts(program: Command, dataOption: readonly [string, string, string]): void {
  program
    .command("unit-cost")
    .description("divide cost by what was achieved or done: per resolved ticket, request, million tokens, …")
    .argument("[period]", "2026-07, 2026-07-14, yesterday, last-7-days, …; all there is without it")
    .option(...dataOption)
    .option("--id <ids>", "only these of the unit costs that plimsoll.yaml defines, comma-separated")
    .option(
      "--config <file>",
      "the file that defines them (default: plimsoll.yaml here, else in the data folder)",
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
  plimsoll unit-cost 2026-07
  plimsoll unit-cost last-30-days --id cost-per-ticket --granularity week
  plimsoll unit-cost 2026-07 --json

In plimsoll.yaml:
  unitCosts:
    - id: cost-per-ticket
      cost: { where: ["Team=assistant"] }
      per: { outcome: resolved-ticket, where: ["Team=assistant"] }
    - id: calls-per-1k
      cost: { from: calls }
      per: { count: calls }
      unit: 1k

Per successful outcome all cost counts, also of what failed or was done again.`,
    )
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { unitCostCommand } = await import("./commands/unit-cost-command.ts");
      await unitCostCommand(period, options);
    });
}
