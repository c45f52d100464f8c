import { dim } from "./colors.ts";

/** What is counted; seconds are those that another writer is waited for. */
export type ProgressUnit = "bytes" | "rows" | "steps" | "seconds";

/** One line on standard error that is written over and over: step, share, rate and time left. Silent where nobody looks. */
export interface ProgressLine {
  show(step: string, done: number, total: number, unit: ProgressUnit): void;
  end(): void;
}

const BAR = 24;

/** @param now milliseconds of a clock that only goes forward */
export function progressLine(
  stream: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): ProgressLine {
  let step = "";
  let started = now();
  let shown = -Infinity;
  return {
    show: (next, done, total, unit) => {
      if (!stream.isTTY) return;
      if (next !== step) {
        step = next;
        started = now();
        shown = -Infinity;
      }
      if (now() - shown < 100 && done < total) return;
      shown = now();
      const share = total === 0 ? 0 : Math.min(1, done / total);
      const bar = "█".repeat(Math.round(share * BAR)).padEnd(BAR, "░");
      const seconds = (now() - started) / 1000;
      const waits = unit === "seconds" ? " for another process that is writing to this lake" : "";
      const rate =
        unit !== "seconds" && seconds > 0.2 && done > 0 ? ` ${amount(done / seconds, unit)}/s` : "";
      const left =
        waits === "" && seconds > 1 && share > 0.02 && share < 1
          ? ` ${Math.ceil((seconds * (1 - share)) / share)} s left`
          : "";
      stream.write(
        `\r\u001B[2K${next.padEnd(10)} ${bar} ${String(Math.round(share * 100)).padStart(3)} %${dim(waits + rate + left)}`,
      );
    },
    end: () => {
      if (stream.isTTY) stream.write("\r\u001B[2K");
    },
  };
}

function amount(value: number, unit: ProgressUnit): string {
  if (unit === "bytes")
    return value >= 1e6 ? `${Math.round(value / 1e6)} MB` : `${Math.round(value / 1e3)} kB`;
  return `${Math.round(value).toLocaleString("en-US")} ${unit}`;
}
