import type { Command } from "commander";

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
