import type { EventHealth } from "#flows/doctor/examine-events.ts";
import { dim, green, red } from "./colors.ts";
import { count, many, minute } from "./format.ts";
import { printable } from "./printable.ts";

/** The health of calls and other events, a paragraph for each table. */
export const eventsHealthText = (events: readonly EventHealth[]): string => events.map(tableText).join("\n");

function tableText(health: EventHealth): string {
  const { table, rows, days, first, last, compared, imbalances, damaged, waitingBytes } = health;
  const span = days === 0 ? "" : ` in ${many(days, "day")}, ${minute(first)} to ${minute(last)}`;
  const what = `${table}: ${count(rows)}${span}`;
  const verdict =
    damaged.length > 0
      ? `${red("Damaged")} ${what}; ${many(damaged.length, "file")} can't be used.`
      : imbalances.length > 0
        ? `${red("Sums differ")} ${what}; ${count(imbalances.length)} of ${count(compared)} figures of the rollups are not those of the rows.`
        : `${green("Sound")} ${what}. ${count(compared)} figures of the rollups equal those of the rows.`;
  const lines = [
    ...damaged.map(({ file, why }) => `${red("lake-corrupt")} ${file} ${printable(why)}.`),
    ...imbalances.map(
      ({ table: name, day, figure, expected, found }) =>
        `${red("differs")} ${name} ${day}, ${printable(figure)}: rows ${expected ?? "none"}, rollup ${found ?? "none"}.`,
    ),
  ];
  const shown = lines.slice(0, 20).map((line) => `${line}\n`);
  const more = lines.length > 20 ? `and ${count(lines.length - 20)} more\n` : "";
  const waits = waitingBytes === 0 ? "" : dim(`${(waitingBytes / 1e6).toFixed(1)} MB wait in the journal.\n`);
  return `${verdict}\n${shown.join("")}${more}${waits}`;
}
