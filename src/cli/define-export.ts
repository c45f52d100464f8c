import type { Command } from "commander";
import { exportVersions } from "#facts/export-columns.ts";
import { rolesInWords } from "#facts/role.ts";

/** The shape of `plimsoll export`; what it does is loaded when it runs. */
export function defineExport(program: Command, dataOption: readonly [string, string, string]): void {
  program
    .command("export")
    .description("write charges as a FOCUS file, CSV or Parquet, with their owners and shared cost divided")
    .argument(
      "[period]",
      "2026-07, 2026-Q3, 2026, last-month, …; without it and --from or --to, all that was imported",
    )
    .option(...dataOption)
    .option(
      "-o, --output <file>",
      "file to write: .csv, .csv.gz or .parquet; - is CSV on standard output (required)",
    )
    .option("--format <form>", "csv, csv.gz or parquet, whatever the file is called")
    .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
    .option("--to <date>", "end, not included: 2026-08-01 for all of July")
    .option(
      "--time <time>",
      "charge (when it was used, the default) or billing (the period it was invoiced in)",
    )
    .option(
      "--where <filter...>",
      String.raw`Column=value, Column=a|b, Column!=value, Column~part, Column=~pattern, Column?, !Column?; \| is a bar of a value`,
    )
    .option("--without <categories>", "charge categories to leave out, such as Tax,Credit")
    .option("--role <role>", `${rolesInWords} (default: invoice)`)
    .option(
      "--columns <names>",
      "columns in the order given, comma-separated (default: those of FOCUS, then Plimsoll's x_ columns)",
    )
    .option("--focus <version>", `${exportVersions.join(", ")}: whose columns and names`, "1.4")
    .option(
      "--split <key>",
      "divide a month's shared cost as its statement does, a row for each who bears it: team, costCenter, …",
    )
    .option(
      "--config <file>",
      "the file that holds the splits (default: plimsoll.yaml here, else in the data folder)",
    )
    .option("--state <url>", "PostgreSQL database that holds closed statements; better in PLIMSOLL_STATE_URL")
    .option("--manifest", "write beside the file what it holds: rows, sums, filters, versions, its SHA-256")
    .option("--force", "replace a file that is there")
    .option("--json", "print the manifest instead of a sentence")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll export 2026-07 -o july.csv
  plimsoll export 2026-07 --split team -o july-by-team.parquet --manifest
  plimsoll export 2026-07 --split team --where Team=search -o search.csv
  plimsoll export --from 2026-07-01 --to 2026-07-08 --where "ServiceCategory=Compute" -o week.csv.gz
  plimsoll export last-month --columns ChargePeriodStart,Team,ServiceName,EffectiveCost,BillingCurrency -o - | head

Amounts are exact decimals. The file is there whole or not at all, and nothing is overwritten without --force.`,
    )
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { exportCommand } = await import("./commands/export-command.ts");
      await exportCommand(period, options);
    });
}
