import { bold, dim } from "./colors.ts";
import { widthOf } from "./printable.ts";

/** Text in columns with a head and a rule, numbers to the right. Widths count places as a terminal shows them. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[] = [],
): string {
  const widths = head.map((cell, index) =>
    Math.max(widthOf(cell), ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const gap = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
        return right[index] === true ? gap + cell : index === cells.length - 1 ? cell : cell + gap;
      })
      .join("  ");
  const rule = dim(widths.map((size) => "─".repeat(size)).join("  "));
  return `${[bold(line(head)), rule, ...rows.map(line)].join("\n")}\n`;
}
