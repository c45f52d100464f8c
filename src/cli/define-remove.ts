import type { Command } from "commander";
import type { EventTable } from "#facts/event-table.ts";
import { optionsOf } from "./options-of.ts";

/** Adds `remove` to the command of a kind of events. */
export function defineRemove(
  events: Command,
  dataOption: readonly [flags: string, what: string, value: string],
  table: () => Promise<EventTable>,
): void {
  const name = events.name();
  events
    .command("remove")
    .description(`take the ${name} of a source out of the lake`)
    .argument("[period]", "whole days that begin in it; all without it")
    .option(...dataOption)
    .requiredOption("--source <name>", "who delivered them")
    .option("--dry-run", "say how many there are, and change nothing")
    .option("--json", "print what was done as JSON")
    .addHelpText("after", helpOf(name))
    .action(async (period: string | undefined, _, command: Command) => {
      const { removeCommand } = await import("./commands/remove-command.ts");
      await removeCommand(await table(), period, optionsOf(command));
    });
}

const helpOf = (name: string): string => `
Examples:
  plimsoll ${name} remove --source test --dry-run
  plimsoll ${name} remove 2026-07 --source test

All of it or nothing. What is sent or imported again comes in again; what waits in the journal of plimsoll up is not touched.`;
