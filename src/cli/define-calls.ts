import type { Command } from "commander";
import { defineRemove } from "./define-remove.ts";
import { optionsOf } from "./options-of.ts";

type DataOption = readonly [flags: string, what: string, value: string];

/** The commands that bring calls to models in, price them and tell of them; what they do is loaded when they run. */
export function defineCalls(program: Command, dataOption: DataOption): void {
  const calls = program
    .command("calls")
    .description("show calls to models: how many, failed, repeated, tokens, latency, cost")
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
    .addHelpText("after", reportHelp)
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { callsCommand } = await import("./commands/calls-command.ts");
      await callsCommand(period, options);
    });
  const action = (name: string, description: string, help: string): Command =>
    calls
      .command(name)
      .description(description)
      .option(...dataOption)
      .option("--json", "print what was done as JSON")
      .addHelpText("after", `\n${help}`);
  action("import", "bring files of calls into the lake, priced, each call once", importHelp)
    .argument(
      "[files...]",
      "LiteLLM's SpendLogs, Langfuse's observations, usage reports of OpenAI and Anthropic, batches of your own; gzipped or not",
    )
    .option("--source <name>", "who delivered them; calls of the same source and id are one", "files")
    .option(
      "--litellm <url>",
      "LiteLLM's own PostgreSQL database instead of files; better in PLIMSOLL_LITELLM_URL",
    )
    .option("--since <date>", "of the database, calls that began then or later")
    .action(async (files: string[], _, command: Command) => {
      const { importCallsCommand } = await import("./commands/calls-import-command.ts");
      await importCallsCommand(files, optionsOf(command));
    });
  action("compact", "make what was received part of the lake now, priced", compactHelp).action(
    async (_, command: Command) => {
      const { compactCallsCommand } = await import("./commands/calls-command.ts");
      await compactCallsCommand(optionsOf(command));
    },
  );
  action("reprice", "price kept calls by what says now what tokens cost", repriceHelp)
    .argument("[period]", "whole days that begin in it; all without it")
    .option("--dry-run", "say what would change, and change nothing")
    .action(async (period: string | undefined, _, command: Command) => {
      const { repriceCommand } = await import("./commands/calls-reprice-command.ts");
      await repriceCommand(period, optionsOf(command));
    });
  defineRemove(calls, dataOption, async () => (await import("#facts/call-columns.ts")).callsTable);
}

const reportHelp = `
Examples:
  plimsoll calls yesterday
  plimsoll calls 2026-07 --by team,model --where provider=anthropic
  plimsoll calls last-7-days --by workload --granularity day --csv
  plimsoll calls --by unpriced,model                # what has no price, and why
  plimsoll calls --by tag:feature --where status=error --json

Cost is Σ tokens × price, exact; stated cost is what the sources say. Times are in UTC.`;

const importHelp = `Examples:
  plimsoll calls import spend-logs.csv.gz --source litellm
  plimsoll calls import traces-*.jsonl
  plimsoll calls import openai-usage-*.json anthropic-usage.json --source usage
  PLIMSOLL_LITELLM_URL=postgresql://reader@db/litellm plimsoll calls import --source gateway --since 2026-07-01

All of it or nothing; to import it again changes nothing. Rows that can't be taken are told with their reason.`;

const compactHelp = `Example:
  plimsoll calls compact`;

const repriceHelp = `Examples:
  plimsoll calls reprice --dry-run                  # after prices/tokens.csv has changed
  plimsoll calls reprice 2026-07

What calls cost before stays in former versions of the lake.`;
