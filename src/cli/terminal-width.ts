import { statedColumns } from "./environment.ts";

/** Columns of the terminal, else what COLUMNS says; without limit where output goes to a file or a pipe. */
export function terminalWidth(): number {
  return process.stdout.columns ?? statedColumns() ?? Number.POSITIVE_INFINITY;
}
