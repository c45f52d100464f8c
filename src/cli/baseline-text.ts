import type { FrozenKpis } from "#flows/kpis/baselines.ts";
import { formatInstant } from "#units/instant.ts";
import { bold, dim, green } from "./colors.ts";
import { day, many } from "./format.ts";
import { kpisJson, kpisText } from "./kpis-text.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

type Listed = Pick<FrozenKpis, "name" | "number" | "note" | "frozenAt" | "frozenBy" | "hash">;

const named = ({ name, number }: Pick<Listed, "name" | "number">): string => `${printable(name)}@${number}`;

/** What freezing did. */
export function frozenText(baseline: FrozenKpis, frozen: boolean): string {
  const { window, rows, open } = baseline;
  const said = frozen
    ? `${green("Frozen")} ${named(baseline)}: ${many(rows.length, "row")} of ${day(window.start)} to ${day(window.end)}.`
    : `Nothing changed: ${named(baseline)} has these figures already.`;
  return `${[said, ...openNote(open)].join("\n")}\n`;
}

const openNote = (open: readonly string[]): string[] =>
  open.length === 0
    ? []
    : [
        dim(
          `Books of that time were open: ${open.map(printable).join(", ")}. What they bill later is not in it.`,
        ),
      ];

/** All baselines. */
export function baselinesText(all: readonly Listed[]): string {
  if (all.length === 0) return "There is no baseline yet: plimsoll baseline freeze <name> <period>.\n";
  return table(
    ["Baseline", "Frozen", "By", "Note", "SHA-256"],
    all.map((each) => [
      named(each),
      formatInstant(each.frozenAt).slice(0, 16).replace("T", " "),
      printable(each.frozenBy),
      printable(each.note),
      each.hash.slice(0, 12),
    ]),
    [false, false, false, false, false],
  );
}

/** A baseline as it was frozen: its KPIs, who froze it and when. */
export function baselineText(baseline: FrozenKpis, isOne: boolean): string {
  const { frozenAt, frozenBy, note, lake, hash, open } = baseline;
  const head = [
    bold(`Baseline ${named(baseline)}`),
    ...(note === "" ? [] : [printable(note)]),
    dim(
      `Frozen by ${printable(frozenBy)} at ${formatInstant(frozenAt)} from version ${lake} of the lake; SHA-256 ${hash.slice(0, 12)}.`,
    ),
    ...openNote(open),
  ];
  return `${head.join("\n")}\n\n${kpisText(baseline, baseline.by, isOne)}`;
}

/** For programs. */
export const baselineJson = (baseline: FrozenKpis): object => ({
  name: baseline.name,
  number: baseline.number,
  note: baseline.note,
  hash: baseline.hash,
  frozenAt: formatInstant(baseline.frozenAt),
  frozenBy: baseline.frozenBy,
  lakeVersion: baseline.lake,
  openSources: baseline.open,
  ...kpisJson(baseline, baseline.by),
});
