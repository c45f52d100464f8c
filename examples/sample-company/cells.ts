import { divideRounded, formatDecimal } from "#units/decimal.ts";

/** The parts of a line that change from hour to hour. */
export const slots = {
  start: 0,
  until: 1,
  pricingQuantity: 2,
  consumedQuantity: 3,
  billed: 4,
  effective: 5,
  contracted: 6,
  list: 7,
  quotedEffective: 8,
  commitmentQuantity: 9,
  copy: 10,
} as const;
export type Slot = (typeof slots)[keyof typeof slots];

/** A cell of a line: text, a slot, or text with slots in it. An empty text is null. */
export type Cell = string | Slot | readonly (string | Slot)[];

/** A line with holes: piece, slot, piece, … piece. */
export interface Template {
  readonly pieces: readonly string[];
  readonly slots: readonly Slot[];
}

/** Turns the cells of a line into a template; texts are escaped as RFC 4180 asks. */
export function compileLine(cells: readonly Cell[]): Template {
  const pieces = [""];
  const found: Slot[] = [];
  const add = (text: string): void => {
    pieces[pieces.length - 1] += text;
  };
  for (const [index, cell] of cells.entries()) {
    if (index > 0) add(",");
    const parts = Array.isArray(cell) ? (cell as readonly (string | Slot)[]) : [cell as string | Slot];
    // A cell is quoted as a whole: what fills its slots never needs quotes itself.
    const mark = parts.some((part) => typeof part === "string" && NEEDS_QUOTES.test(part)) ? '"' : "";
    add(mark);
    for (const part of parts) {
      if (typeof part === "string") add(part.replaceAll('"', '""'));
      else {
        found.push(part);
        pieces.push("");
      }
    }
    add(mark);
  }
  add("\n");
  return { pieces, slots: found };
}

const NEEDS_QUOTES = /[",\r\n]/;

export function csvCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Fills the holes. */
export function fillLine({ pieces, slots }: Template, values: readonly string[]): string {
  let line = pieces[0] ?? "";
  for (let index = 0; index < slots.length; index++) {
    line += (values[slots[index] ?? 0] ?? "") + (pieces[index + 1] ?? "");
  }
  return line;
}

/** Millionths as a plain decimal. */
export function microText(micro: number): string {
  if (micro % 1_000_000 === 0) return String(micro / 1_000_000);
  return formatDecimal(BigInt(micro) * 1_000_000_000_000n);
}

/**
 * Unit price × millionths, exactly.
 * @throws RangeError if the price has more than twelve decimals, so that the product would need a rounding
 */
export function costOf(price: bigint, micro: number | bigint): bigint {
  const product = price * BigInt(micro);
  if (product % 1_000_000n !== 0n) throw new RangeError(`${price} × ${micro} needs a rounding`);
  return divideRounded(product, 1_000_000n, "down");
}
