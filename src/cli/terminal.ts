/** Columns of the terminal, else what COLUMNS says; without limit where output goes to a file or a pipe. */
export function terminalWidth(): number {
  const stated = Number(process.env["COLUMNS"]);
  return process.stdout.columns ?? (stated > 0 ? stated : Number.POSITIVE_INFINITY);
}
