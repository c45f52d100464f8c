/**
 * Runs a job again and again, never twice at once, until it is stopped.
 * @param atOnce true to begin without waiting
 */
export function every(
  milliseconds: number,
  job: () => Promise<void>,
  atOnce = false,
): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = (wait: number): void => {
    timer = setTimeout(() => {
      running = job().then(() => {
        if (!stopped) next(milliseconds);
      });
    }, wait);
  };
  next(atOnce ? 0 : milliseconds);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
