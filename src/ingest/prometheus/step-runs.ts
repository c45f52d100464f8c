/** Steps as runs, few numbers for a pod that lives long: starts at even, ends (not included) at odd places. Grows in order of time. */
export type StepRuns = number[];

/** Adds a step; one that is not later than the last is there already. */
export function addStep(runs: StepRuns, step: number): void {
  const end = runs[runs.length - 1];
  if (end === undefined || step > end) runs.push(step, step + 1);
  else if (step === end) runs[runs.length - 1] = step + 1;
}

export const firstStep = (runs: StepRuns): number => runs[0] ?? 0;
export const endStep = (runs: StepRuns): number => runs[runs.length - 1] ?? 0;

export function hasStep(runs: StepRuns, step: number): boolean {
  for (let at = 0; at < runs.length; at += 2)
    if (step >= (runs[at] ?? 0) && step < (runs[at + 1] ?? 0)) return true;
  return false;
}

/** 1 in the steps of the runs; index 0 is the step `from`. */
export function fillSteps(runs: StepRuns, column: Uint8Array, from = 0): Uint8Array {
  for (let at = 0; at < runs.length; at += 2)
    column.fill(1, Math.max(0, (runs[at] ?? 0) - from), Math.max(0, (runs[at + 1] ?? 0) - from));
  return column;
}
