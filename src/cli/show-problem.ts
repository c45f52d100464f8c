import { Problem } from "#units/problems.ts";
import { problemCodes } from "#units/problem-codes.ts";
import { bold, dim, red } from "./colors.ts";
import { printable } from "./printable.ts";

/**
 * Prints a problem to standard error: what is wrong, where, and what to do.
 * @returns the exit code: 1 violated, 2 bad input, 3 internal
 */
export function showProblem(cause: unknown): number {
  if (!(cause instanceof Problem)) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    process.stderr.write(`${red("Error")} internal: ${text}\n${problemCodes.internal.hint}\n`);
    return problemCodes.internal.exit;
  }
  process.stderr.write(`${red("Error")} ${bold(cause.code)}: ${printable(cause.message)}\n`);
  for (const other of cause.others.slice(0, 9))
    process.stderr.write(`  also ${other.code}: ${printable(other.message)}\n`);
  if (cause.others.length > 9) process.stderr.write(`  and ${cause.others.length - 9} more\n`);
  process.stderr.write(`${dim(cause.hint)}\n`);
  return problemCodes[cause.code].exit;
}
