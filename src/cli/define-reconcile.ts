import type { Command } from "commander";

/** `plimsoll reconcile`; loaded when it runs. */
export function defineReconcile(program: Command, dataOption: readonly [string, string, string]): void {
  program
    .command("reconcile")
    .description(
      "compare what calls cost by their prices with what providers billed, and name why they differ",
    )
    .argument("<period>", "2026-07, 2026-07-14, last-month, last-7-days, …")
    .option(...dataOption)
    .option("--by-project", "tell projects apart: the bill's sub account, and the workload that calls name")
    .option("--source <name>", "only calls of this source, where several tell of the same ones")
    .option("--days", "day by day")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .option("--csv", "CSV, a line per cause, model and day, safe to open in a spreadsheet")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll reconcile 2026-07
  plimsoll reconcile last-7-days --days
  plimsoll reconcile 2026-07 --source usage         # what providers count, against what they bill
  plimsoll reconcile 2026-07 --by-project --csv

The causes of each day add up to its difference, to the last unit; docs/reconciliation.md says what each is.`,
    )
    .action(async (period: string, options: Record<string, unknown>) => {
      const { reconcileCommand } = await import("./commands/reconcile-command.ts");
      await reconcileCommand(period, options);
    });
}
