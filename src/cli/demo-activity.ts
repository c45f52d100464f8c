import path from "node:path";
import { importCallFiles } from "#flows/calls/import-call-files.ts";
import type { ImportedEvents, ImportEventsOptions } from "#flows/events/import-events.ts";
import { importDelivery } from "#flows/import/import-delivery.ts";
import { importOutcomeFiles } from "#flows/outcomes/import-outcomes.ts";
import { importSignals } from "#flows/signals/import-signals.ts";
import { dim } from "#cli/colors.ts";
import { count } from "#cli/format.ts";
import { progressLine } from "#cli/progress-line.ts";

/** What the sample company's workloads did: calls, signals, outcomes, and who used its machines. */
export async function fillActivity(data: string, out: string): Promise<void> {
  const file = (name: string): string => path.join(out, "activity", name);
  const line = progressLine(process.stderr);
  const how = (what: string): ImportEventsOptions => ({
    now: Date.now(),
    onProgress: (rows) => line.show(what, rows, rows, "rows"),
  });
  const told = async (what: string, note: string, work: Promise<ImportedEvents>): Promise<void> => {
    const { added } = await work.finally(() => line.end());
    const brought = added === 0 ? "nothing new" : `${count(added)} rows`;
    process.stdout.write(`  ${what.padEnd(10)} ${brought.padStart(16)}   ${dim(note)}\n`);
  };
  await told(
    "calls",
    "Two days of calls to models, priced.",
    importCallFiles(data, [file("calls.jsonl.gz")], "gateway", how("calls")),
  );
  await told(
    "signals",
    "The same days of three endpoints, by five minutes.",
    importSignals(data, [file("signals.csv.gz")], "prometheus", how("signals")),
  );
  await told(
    "outcomes",
    "Resolved tickets and completed tasks.",
    importOutcomeFiles(data, [file("outcomes.csv")], "helpdesk", how("outcomes")),
  );
  const { record } = await importDelivery(
    {
      data,
      inputs: [file("allocation.csv")],
      source: "kubernetes.prod-us",
      role: "allocation",
      values: {},
      force: false,
      now: Date.now(),
    },
    ({ step, done, total, unit }) => line.show(step, done, total, unit),
  ).finally(() => line.end());
  const charges = record.periods.reduce((sum, { rows }) => sum + rows, 0);
  process.stdout.write(
    `  ${"allocation".padEnd(10)} ${`${count(charges)} charges`.padStart(16)}   ${dim("Who used the machines of assistant-chat in these days: their charges are divided.")}\n`,
  );
}
