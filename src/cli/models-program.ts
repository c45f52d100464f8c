import type { Command } from "commander";

/** Adds `prices models`. */
export function addModels(prices: Command, dataOption: readonly [string, string, string]): void {
  prices
    .command("models")
    .description("show what tokens of a model cost, and what one call does, part by part")
    .argument("[model]", "a model by any of its names; without it what a provider lists, or the providers")
    .option(...dataOption)
    .option("--provider <name>", "openai, anthropic, aws, azure, google, openrouter or another one")
    .option("--region <id>", "region, for contract prices and paid rates that name one")
    .option("--tier <name>", "how calls are bought: standard, batch, flex, priority", "standard")
    .option("--at <date>", "price at that time (default: now)")
    .option("--input <tokens>", "one call: all of its input, cached tokens among it")
    .option("--cached <tokens>", "input that was read from a cache")
    .option("--cache-write <tokens>", "input that was written to a cache for 5 minutes")
    .option("--cache-write-1h <tokens>", "input that was written to a cache for an hour")
    .option("--input-audio <tokens>", "input that is audio")
    .option("--input-image <tokens>", "input that is images")
    .option("--output <tokens>", "all of its output, reasoning among it")
    .option("--reasoning <tokens>", "output that is reasoning")
    .option("--output-audio <tokens>", "output that is audio")
    .option("--output-image <tokens>", "output that is images")
    .option("--web-searches <number>", "web searches that the call made")
    .option("--file-searches <number>", "file searches that the call made")
    .option("--json", "one JSON object; amounts are exact decimal strings")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .option("--explain", "show the layers that were read, their files and the SQL of the rates you paid")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll prices models
  plimsoll prices models --provider anthropic
  plimsoll prices models claude-sonnet-4-5 --input 20000 --cached 18000 --output 500
  plimsoll prices models us.anthropic.claude-sonnet-4-5-20250929-v1:0 --provider bedrock
  plimsoll prices models o3 --at 2025-06-01
  plimsoll prices models chat-prod --provider azure --json

Who is believed first: your contract (prices/tokens.csv in the data folder), what you paid in the last 30 days, the list
that came with Plimsoll. A call with a part that nobody prices is "unpriced", never 0. A name that only you know, such as an
Azure deployment, needs its line in prices/deployments.csv.`,
    )
    .action(async (model: string | undefined, options: Record<string, unknown>) => {
      const { modelsCommand } = await import("./commands/models-command.ts");
      await modelsCommand(model, options);
    });
}
