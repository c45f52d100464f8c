import type { Command } from "commander";
import { optionsOf } from "./options-of.ts";

type DataOption = readonly [flags: string, what: string, value: string];

/** `plimsoll baseline …`; what it does is loaded when it runs. */
export function defineBaseline(program: Command, dataOption: DataOption): void {
  const baseline = program
    .command("baseline")
    .description(
      "freeze what a time looked like, to hold later ones against: cost, mix of machines, data, traffic",
    );
  const action = (name: string, description: string, help: string): Command =>
    baseline
      .command(name)
      .description(description)
      .option(...dataOption)
      .option(
        "--state <url>",
        "PostgreSQL database that holds the state; better in PLIMSOLL_STATE_URL, where no list of processes shows it",
      )
      .option("--json", "one JSON object; values are exact decimal strings")
      .addHelpText("after", `\n${help}`);
  action("freeze", "freeze the KPIs of a time as the next version of a name", freezeHelp)
    .argument("<name>", "letters, digits, points, hyphens and underscores")
    .argument("[period]", "2026-07, 2026-07-14, last-month, last-7-days, …", "last-month")
    .option("--by <key>", "workload, team, environment, model or customer", "workload")
    .option("--note <text>", "why it was frozen")
    .option(
      "--actor <name>",
      "who freezes it; PLIMSOLL_ACTOR sets the default, else the name one is logged in by",
    )
    .action(async (name: string, period: string, _, command: Command) => {
      const { freezeCommand } = await import("./commands/baseline-command.ts");
      await freezeCommand(name, period, optionsOf(command));
    });
  action("list", "show baselines and their versions", listHelp).action(async (_, command: Command) => {
    const { listCommand } = await import("./commands/baseline-command.ts");
    await listCommand(optionsOf(command));
  });
  action("show", "show a baseline as it was frozen", showHelp)
    .argument("<name>", "its name, or name@version")
    .option("--only <name>", "one row, with everything that is frozen of it")
    .action(async (name: string, _, command: Command) => {
      const { showCommand } = await import("./commands/baseline-command.ts");
      await showCommand(name, optionsOf(command));
    });
}

const freezeHelp = `Examples:
  plimsoll baseline freeze before-vllm 2026-06 --note "before we moved to vLLM"
  plimsoll baseline freeze quarter 2026-Q2 --by team
  plimsoll kpis 2026-08 --baseline before-vllm      # what moved since

What is frozen never changes. To freeze the same name again makes its next version; the same figures again change nothing.`;

const listHelp = `Example:
  plimsoll baseline list`;

const showHelp = `Examples:
  plimsoll baseline show before-vllm
  plimsoll baseline show before-vllm@1 --only assistant-chat`;
