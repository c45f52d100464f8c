import type { Command } from "commander";

/** `plimsoll bridge`; loaded when it runs. */
export function defineBridge(program: Command, dataOption: readonly [string, string, string]): void {
  program
    .command("bridge")
    .description("say why cost changed between two periods: volume, mix, efficiency or price, exactly")
    .argument("<period>", "2026-07, 2026-07-14, last-month, last-7-days, …")
    .option(...dataOption)
    .option(
      "--compare <with>",
      "previous, year-ago, same-weekdays, a period such as 2026-06, or FROM..TO",
      "previous",
    )
    .option("--of <what>", "charges of bills, or calls to models", "charges")
    .option(
      "--by <column>",
      "what is compared: service, model, workload, instanceType, … or tag:key (default: service, of calls model)",
    )
    .option(
      "--where <filter...>",
      "only charges or calls that pass; as plimsoll report and plimsoll calls take them",
    )
    .option(
      "--units <measure>",
      "the resource of charges: GpuHours, Tokens or Charges; calls have their tokens",
      "GpuHours",
    )
    .option(
      "--volume <what>",
      "what there was to do: items (each model's calls), units, calls, tokens, outcome:<kind>, signal:<name> (default: units, of calls items)",
    )
    .option("--volume-where <filter...>", "only outcomes, signals or calls of that volume that pass")
    .option("--method <name>", "lmdi, or shapley, which also divides what costs nothing or less", "lmdi")
    .option(
      "--history <n>",
      "periods before this one that a judgement of savings is drawn from; 0 for none",
      "0",
    )
    .option("--top <n>", "items to show; the rest is one line", "10")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .option("--csv", "CSV with every item, exact, safe to open in a spreadsheet")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll bridge 2026-07 --of calls
  plimsoll bridge 2026-07 --of calls --by team --volume outcome:resolved-ticket
  plimsoll bridge 2026-07 --by instanceType --where 'GpuHours?' --compare 2026-05
  plimsoll bridge 2026-07 --of calls --history 6                  # efficiency, or only less use? With ranges

Every row adds up to its change and the columns to theirs, to the last unit. docs/unit-economics.md has the formulae.`,
    )
    .action(async (period: string, options: Record<string, unknown>) => {
      const { bridgeCommand } = await import("./commands/bridge-command.ts");
      await bridgeCommand(period, options);
    });
}
