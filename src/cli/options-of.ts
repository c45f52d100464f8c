import type { Command } from "commander";
import { Problem } from "#units/problems.ts";

/** The options of a command, with those that were written before its name, where its parent takes them too: what was written is never passed over. */
export function optionsOf(command: Command): Record<string, unknown> {
  const { parent } = command;
  const options: Record<string, unknown> = { ...command.opts() };
  if (parent === null) return options;
  for (const [name, value] of Object.entries(parent.opts()))
    if (parent.getOptionValueSource(name) === "cli" && command.getOptionValueSource(name) !== "cli")
      options[name] = value;
  return options;
}

/**
 * Refuses options that were written and that an action of a command has no use for: what would be passed over in silence is a misunderstanding.
 * @param taken names of the options that the action takes, as commander calls them
 * @throws Problem "option-invalid"
 */
export function refuseUnused(command: Command, action: string, taken: readonly string[]): void {
  const stray = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === "cli" &&
      !taken.includes(option.attributeName()),
  );
  if (stray === undefined) return;
  throw new Problem(
    "option-invalid",
    `plimsoll ${command.name()} ${action} takes no ${stray.long ?? stray.flags}.`,
    {
      hint: `It takes ${taken.map((name) => `--${name}`).join(", ")}.`,
    },
  );
}
