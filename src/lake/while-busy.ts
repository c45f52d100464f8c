import { setTimeout } from "node:timers/promises";
import { Problem } from "#units/problems.ts";

/** How long another writer is waited for, and who is told of it. */
export interface Patience {
  readonly seconds: number;
  /** Told of the seconds waited, once a second; nobody need know of less than one. */
  readonly onWait: (waited: number, seconds: number) => void;
}

/** Two imports that a schedule starts at once are no fault of either; one that hangs should be told of soon. */
export const PATIENCE_SECONDS = 5;

const STEPS_A_SECOND = 10;

/**
 * Tries again as long as another process writes to the lake and the patience lasts.
 * @throws Problem "lake-busy" after that, and whatever else the attempt throws at once
 */
export async function whileBusy<T>(attempt: () => Promise<T>, { seconds, onWait }: Patience): Promise<T> {
  for (let step = 0; ; step++) {
    try {
      return await attempt();
    } catch (cause) {
      const busy = cause instanceof Problem && cause.code === "lake-busy";
      if (!busy || step >= seconds * STEPS_A_SECOND) throw cause;
    }
    if (step > 0 && step % STEPS_A_SECOND === 0) onWait(step / STEPS_A_SECOND, seconds);
    await setTimeout(1000 / STEPS_A_SECOND);
  }
}
