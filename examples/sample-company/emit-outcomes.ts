import { activityHours } from "./activity.ts";
import { isoTime } from "./clock.ts";
import type { Emission } from "./emit-focus.ts";
import { writeText } from "./write-lines.ts";

/** What was achieved in all; the truth about it. */
export interface OutcomeTotals {
  readonly workload: string;
  readonly kind: string;
  readonly count: number;
  readonly succeeded: number;
}

/** One ticket in twelve that the assistant closes is opened again. */
const REOPENED = 12;

/** Outcomes, a row an hour, kind and way that it went: tickets of the whole time, tasks of the time that calls are of. */
export async function emitOutcomes({ out, world, files }: Emission): Promise<OutcomeTotals[]> {
  const name = "activity/outcomes.csv";
  const rows = ["id,time,kind,count,success,team,workload"];
  const totals: OutcomeTotals[] = [];
  const { from, until } = activityHours(world);
  for (const [workload, kind, reopened, start, end] of [
    ["assistant-chat", "resolved-ticket", REOPENED, 0, world.hours],
    ["assistant-agents", "completed-task", Infinity, from, until],
  ] as const) {
    const tasks = world.states[workload].tasks ?? new Float64Array(0);
    let [count, succeeded] = [0, 0];
    for (let hour = start; hour < end; hour++) {
      const all = tasks[hour] ?? 0;
      const failed = Math.floor(all / reopened);
      for (const [part, went] of [
        [all - failed, "yes"],
        [failed, "no"],
      ] as const)
        if (part > 0)
          rows.push(`${kind}-${hour}-${went},${isoTime(hour)},${kind},${part},${went},assistant,${workload}`);
      count += all;
      succeeded += all - failed;
    }
    totals.push({ workload, kind, count, succeeded });
  }
  await writeText(out, name, `${rows.join("\n")}\n`);
  files.push(name);
  return totals;
}
