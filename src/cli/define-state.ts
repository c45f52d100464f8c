import type { Command } from "commander";

/** The shape of `plimsoll state …`; what it does is loaded when it runs. */
export function defineState(program: Command, dataOption: readonly [string, string, string]): void {
  const state = program
    .command("state")
    .description(
      "back up, restore and check what people decided: decisions, rules, closed statements, baselines",
    )
    .addHelpText(
      "after",
      `
The state lies in <data>/state/plimsoll.db, or in the PostgreSQL database that PLIMSOLL_STATE_URL or --state names.`,
    );
  const action = (name: string, description: string, example: string): Command =>
    state
      .command(name)
      .description(description)
      .option(...dataOption)
      .option(
        "--state <url>",
        "PostgreSQL database that holds the state; better in PLIMSOLL_STATE_URL, where no list of processes shows it",
      )
      .option("--json", "print the result as JSON")
      .addHelpText("after", `\n${example}`);
  const file = ["<file>", "the backup: JSON lines, the same for both databases"] as const;

  action("backup", "write all of the state to a new file, while others go on", backupHelp)
    .argument(...file)
    .action(async (name: string, options: Record<string, unknown>) => {
      const { backupCommand } = await import("./commands/state-command.ts");
      await backupCommand(name, options);
    });
  action("restore", "bring a backup into a state that holds nothing", restoreHelp)
    .argument(...file)
    .action(async (name: string, options: Record<string, unknown>) => {
      const { restoreCommand } = await import("./commands/state-command.ts");
      await restoreCommand(name, options);
    });
  action("audit", "show who changed what, or check that nothing was changed since", auditHelp)
    .option("--verify", "walk the audit from its first row and compare it with the tables")
    .option(
      "--expect <row:hash>",
      "the audit's end as you noted it elsewhere: verify, and say if it was written anew since",
    )
    .option("--limit <n>", "changes to show, the newest first", "20")
    .action(async (options: Record<string, unknown>) => {
      const { auditCommand } = await import("./commands/state-command.ts");
      await auditCommand(options);
    });
}

const backupHelp = `Examples:
  plimsoll state backup state-2026-11-24.jsonl
  PLIMSOLL_STATE_URL=postgresql://plimsoll:…@db/finops plimsoll state backup team.jsonl`;

const restoreHelp = `Examples:
  plimsoll state restore state-2026-11-24.jsonl --data /srv/plimsoll
  PLIMSOLL_STATE_URL=postgresql://plimsoll:…@db/finops plimsoll state restore state-2026-11-24.jsonl   # a move to PostgreSQL

A file that was cut off or altered is refused, and so is a state that holds anything.`;

const auditHelp = `Examples:
  plimsoll state audit --limit 50
  plimsoll state audit --verify --json
  plimsoll state audit --expect 12:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

Exit codes: 0 the audit is whole, 1 it is broken.`;
