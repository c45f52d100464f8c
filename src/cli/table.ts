import { bold, dim } from "./colors.ts";
import { widthOf } from "./printable.ts";
import { terminalWidth } from "./terminal-width.ts";
import { longestWord, wrap } from "./wrap.ts";

/** How a table is laid out. */
export interface TableOptions {
  /** Characters a line may have; the terminal's by default. */
  readonly width?: number;
  /** Rows that stand out, such as totals. */
  readonly bold?: ReadonlySet<number>;
}

/** Texts are broken no narrower than the first of these, and if that does not fit, no narrower than the next. */
const NARROWEST = [20, 16, 10] as const;
const GAP = 2;

/**
 * Text in columns with a head and a rule. Where that is wider than a line, heads and then texts are broken into lines; where even
 * that is too wide, each row becomes a list of its own. Nothing is cut off.
 * @param right columns of numbers: they stand to the right and are never broken
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[] = [],
  { width = terminalWidth(), bold: outstanding = new Set() }: TableOptions = {},
): string {
  const style = (row: number): ((text: string) => string) => (outstanding.has(row) ? bold : (text) => text);
  const widths = fit(head, rows, right, width);
  if (widths === undefined)
    return rows.map((row, index) => record(head, row, width, style(index))).join("\n");
  const lines = (cells: readonly string[]): string[] => {
    const broken = widths.map((size, index) => wrap(cells[index] ?? "", size));
    const height = Math.max(...broken.map((cell) => cell.length));
    return Array.from({ length: height }, (_, at) =>
      widths
        .map((size, index) => {
          const text = broken[index]?.[at] ?? "";
          const blank = " ".repeat(Math.max(0, size - widthOf(text)));
          return right[index] === true ? blank + text : text + blank;
        })
        .join(" ".repeat(GAP))
        .trimEnd(),
    );
  };
  const rule = dim(widths.map((size) => "─".repeat(size)).join(" ".repeat(GAP)));
  const body = rows.flatMap((row, index) => lines(row).map(style(index)));
  return `${[...lines(head).map(bold), rule, ...body].join("\n")}\n`;
}

/** Widths of the columns; undefined if they can't be fitted. */
function fit(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[],
  width: number,
): number[] | undefined {
  const contents = head.map((_, index) => Math.max(0, ...rows.map((cells) => widthOf(cells[index] ?? ""))));
  const whole = head.map((name, index) => Math.max(widthOf(name), contents[index] ?? 0));
  const total = (widths: readonly number[]): number => widths.reduce((a, b) => a + b + GAP, -GAP);
  if (total(whole) <= width) return whole;
  const widest = head.map((name, index) => Math.max(longestWord(name), contents[index] ?? 0));
  for (const narrowest of NARROWEST) {
    const floors = head.map((name, index) => {
      const size = widest[index] ?? 0;
      return right[index] === true ? size : Math.min(size, Math.max(narrowest, longestWord(name)));
    });
    if (total(floors) <= width) return shrink(widest, floors, total(widest) - width);
  }
  return undefined;
}

/** The widest text gives way first, one character after the other. */
function shrink(widths: readonly number[], floors: readonly number[], excess: number): number[] {
  const shrunk = [...widths];
  for (let left = excess; left > 0; left--) {
    const [widest] = shrunk
      .map((size, index) => ({ size, index }))
      .filter(({ size, index }) => size > (floors[index] ?? 0))
      .sort((a, b) => b.size - a.size || a.index - b.index);
    if (widest === undefined) break;
    shrunk[widest.index] = widest.size - 1;
  }
  return shrunk;
}

function record(
  head: readonly string[],
  row: readonly string[],
  width: number,
  style: (text: string) => string,
): string {
  const label = Math.max(...head.map(widthOf)) + GAP;
  const lines = head.flatMap((name, index) => {
    const cell = row[index] ?? "";
    if (cell === "") return [];
    return wrap(cell, Math.max(10, width - label)).map(
      (line, at) => (at === 0 ? name : "").padEnd(label) + style(line),
    );
  });
  return `${lines.join("\n")}\n`;
}
