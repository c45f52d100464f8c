import { count, many } from "#cli/format.ts";
import { printable } from "#cli/printable.ts";
import { progressLine } from "#cli/progress-line.ts";
import type { EventTable } from "#facts/event-table.ts";
import { removeSource } from "#flows/events/remove-source.ts";
import { parsePeriod } from "#units/parse-period.ts";

/** `plimsoll calls remove` and its kin: the events of a source, out of the lake. */
export async function removeCommand(
  table: EventTable,
  period: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const now = Date.now();
  const source = String(options["source"]);
  const line = progressLine(process.stderr);
  const done = await removeSource(String(options["data"]), table, {
    now,
    source,
    dryRun: options["dryRun"] === true,
    ...(period === undefined ? {} : { window: parsePeriod(period, now) }),
    onWait: (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  }).finally(() => line.end());
  if (options["json"] === true) {
    process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
    return;
  }
  const what = `${count(done.rows)} ${table.name} of ${printable(source)} in ${many(done.days, "day")}`;
  process.stdout.write(
    done.kept
      ? `Removed ${what}. Former versions of the lake have them as long as these are kept.\n`
      : done.rows === 0
        ? `There are no ${table.name} of ${printable(source)} in this time.\n`
        : `There are ${what}. Nothing was changed; without --dry-run they are removed.\n`,
  );
}
