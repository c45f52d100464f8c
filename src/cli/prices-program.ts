import { type Command, Option } from "commander";
import { addModels } from "./models-program.ts";
import { purchaseOptions } from "#facts/price.ts";

/** Adds `prices` with `models`, `refresh` and `accelerators`; each loads what it needs when it runs. */
export function addPrices(program: Command, dataOption: readonly [string, string, string]): void {
  const prices = program
    .command("prices")
    .description("show what a thing costs, who says so and since when")
    .argument("[sku]", "instance type or SKU; without it what a provider or region has")
    .option(...dataOption)
    .option("--provider <name>", "aws, gcp, azure, nebius, lambda or another one of your bill or contract")
    .option("--region <id>", "region as the provider spells it, such as us-east-1")
    .option("--purchase <option>", `how it is bought: ${purchaseOptions.join(", ")}`)
    .option("--currency <code>", "only prices in this currency; nothing is converted")
    .option("--at <date>", "price at that time (default: now)")
    .option("--guest <type=count...>", "GPUs attached to the machine, such as K80=4")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .option("--explain", "show the layers that were read, their files and the SQL of the rate you paid")
    .enablePositionalOptions()
    .addHelpText(
      "after",
      `
Examples:
  plimsoll prices p5.48xlarge
  plimsoll prices a3-highgpu-8g --region us-central1 --purchase spot
  plimsoll prices n1-standard-8 --region us-central1 --guest K80=4
  plimsoll prices --provider gcp --region us-central1 --csv
  plimsoll prices refresh --from azure --region eastus
  plimsoll prices accelerators H100
  plimsoll prices models claude-sonnet-4-5 --input 20000 --cached 18000 --output 500

Who is believed first: your contract table (prices/contract.csv in the data folder), what you paid in the last 30 days,
refreshed public prices, the public prices that came with Plimsoll. What nobody prices is "unpriced", never 0.`,
    )
    .action(async (sku: string | undefined, options: Record<string, unknown>) => {
      const { pricesCommand } = await import("./commands/prices-command.ts");
      await pricesCommand(sku, options);
    });

  prices
    .command("accelerators")
    .description("list what accelerators can do, and whether each figure was seen in its source")
    .argument("[name]", "one of them, in any spelling")
    .option("--json", "one JSON object")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .action(async (name: string | undefined, options: Record<string, unknown>) => {
      const { acceleratorsCommand } = await import("./commands/accelerators-command.ts");
      await acceleratorsCommand(name, options);
    });

  addModels(prices, dataOption);

  prices
    .command("refresh")
    .description("fetch public prices into a dated file; earlier ones are never changed")
    .requiredOption("--from <source>", "azure, or file:<path> of an AWS price list in CSV, gzipped or not")
    .option(...dataOption)
    .option("--region <ids...>", "regions to fetch (default for azure: eastus)")
    .option("--accept", "take prices that jump by more than 30 %, and far fewer than before, as they are")
    .addOption(new Option("--url <address>", "address of a mirror of the Azure Retail Prices API"))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll prices refresh --from azure --region eastus westeurope
  plimsoll prices refresh --from file:AmazonEC2-us-east-1.csv.gz

Every refresh is compared with the public prices in force: a price that jumps by more than 30 % is held for review, and the
former one stays. Exit codes: 0 done, 1 far fewer prices than before (nothing was changed), 3 the source could not be reached.`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { refreshCommand } = await import("./commands/refresh-command.ts");
      await refreshCommand(options);
    });
}
