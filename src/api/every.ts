/** Runs a job again and again, never twice at once, until it is stopped. */
export function every(milliseconds: number, job: () => Promise<void>): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = (): void => {
    timer = setTimeout(() => {
      running = job().then(() => {
        if (!stopped) next();
      });
    }, milliseconds);
  };
  next();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
