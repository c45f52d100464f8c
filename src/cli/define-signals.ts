import type { Command } from "commander";
import { defineRemove } from "./define-remove.ts";
import { optionsOf } from "./options-of.ts";

type DataOption = readonly [flags: string, what: string, value: string];

/** The commands that bring signals of workloads in and tell of them; what they do is loaded when they run. */
export function defineSignals(program: Command, dataOption: DataOption): void {
  const signals = program
    .command("signals")
    .description("show what workloads did: requests, tokens, latencies, queues, GPUs, memory, network")
    .argument("[period]", "2026-07, 2026-07-14, yesterday, last-7-days, …; all there are without it")
    .option(...dataOption)
    .option("--signal <names>", "only these, such as requests_waiting,gpu_active")
    .option(
      "--by <columns>",
      "workload, model, namespace, cluster, node, device, source, comma-separated (default: workload)",
    )
    .option(
      "--where <filter...>",
      String.raw`Column=value, Column=a|b, Column!=value, Column~part, Column?, !Column?; \| is a bar of a value`,
    )
    .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
    .option("--to <date>", "end, not included")
    .option("--granularity <unit>", "hour, day, week, month, quarter or year")
    .option("--list", "say which signals there are, their kinds and units")
    .option("--json", "one JSON object; quantiles come with the range that they lie in")
    .option("--csv", "CSV, safe to open in a spreadsheet")
    .option("--explain", "show the SQL and the table behind the numbers")
    .addHelpText("after", reportHelp)
    .action(async (period: string | undefined, options: Record<string, unknown>) => {
      const { signalsCommand } = await import("./commands/signals-command.ts");
      await signalsCommand(period, options);
    });
  signals
    .command("collect")
    .description("read signals of a server that speaks Prometheus's API into the lake")
    .requiredOption(
      "--prometheus <url>",
      "such as http://prometheus:9090; Thanos, Mimir, VictoriaMetrics too",
    )
    .option(...dataOption)
    .option("--source <name>", "what the lake calls the server", "prometheus")
    .option(
      "--period <period>",
      "whole five minutes in it; without a time, from where the source ends to now",
    )
    .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
    .option("--to <date>", "end, not included")
    .option("--cluster <name>", "the name of series without a label cluster", "default")
    .option("--selector <matchers>", `added to every selector, such as 'cluster="prod"'`)
    .option("--every <minutes>", "go on, and read what is new this often, until it is stopped")
    .option("--bearer-token-file <file>", "a file that holds the token to send")
    .option("--basic-auth-file <file>", "a file that holds user:password to send")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", collectHelp)
    .action(async (_, command: Command) => {
      const { collectCommand } = await import("./commands/signals-collect-command.ts");
      await collectCommand(optionsOf(command));
    });
  signals
    .command("import")
    .description("bring files of signals into the lake, each point once")
    .argument("<files...>", "CSV or JSON lines, gzipped or not; docs/signals.md has the columns")
    .option(...dataOption)
    .option("--source <name>", "who measured them", "files")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", importHelp)
    .action(async (files: string[], _, command: Command) => {
      const { importSignalsCommand } = await import("./commands/signals-collect-command.ts");
      await importSignalsCommand(files, optionsOf(command));
    });
  defineRemove(signals, dataOption, async () => (await import("#facts/signal-columns.ts")).signalsTable);
}

const reportHelp = `
Examples:
  plimsoll signals yesterday
  plimsoll signals 2026-07 --by workload,model --signal first_token_seconds,requests_waiting
  plimsoll signals last-7-days --by node --signal gpu_active --granularity day --csv
  plimsoll signals --list

A gauge has its mean and its highest value, a counter what it grew by, a histogram its quantiles. Times are in UTC.`;

const collectHelp = `
Examples:
  plimsoll signals collect --prometheus http://prometheus:9090
  plimsoll signals collect --prometheus http://prometheus:9090 --period last-7-days --cluster prod
  plimsoll signals collect --prometheus http://prometheus:9090 --every 5

Read are vLLM, SGLang, TGI, Triton, TensorRT-LLM, Ray Serve, dcgm-exporter, cAdvisor, kube-state-metrics and OpenCost, whichever are there.
What was read before stays once; a time without samples stays a gap.`;

const importHelp = `
Example:
  plimsoll signals import exported.csv.gz --source lab

All of it or nothing; to import it again changes nothing.`;
