import { formatDecimal } from "#units/decimal.ts";
import { type Books, enter } from "./books.ts";
import { compileLine, costOf, fillLine, microText, slots, type Template } from "./cells.ts";
import { isoTime } from "./clock.ts";
import { focusCells } from "./focus-cells.ts";
import type { Charge, ChargeShape } from "./model.ts";
import type { World } from "./world.ts";
import type { LineFile } from "./write-lines.ts";

const COPY_MARK = "\u0001";
const SETTLE_EVERY = 2000;

/** One compiled shape and the last amounts written with it: most hours are like the hour before. */
interface Compiled {
  readonly template: Template;
  readonly values: string[];
  micro: number | undefined;
}

/**
 * Writes charges as FOCUS rows with these columns and enters them in the books.
 * @param options.copies how often each resource is repeated for a benchmark; 1 for a bill
 * @returns the number of rows
 */
export async function writeFocus(
  file: LineFile,
  world: World,
  columns: readonly string[],
  lines: Iterable<Charge>,
  options: { books: Books; copies: number; onRows: (rows: number) => void },
): Promise<number> {
  const { books, copies, onRows } = options;
  const compiled = new Map<ChargeShape, Compiled>();
  let rows = 0;
  let unsettled = 0;
  for (const charge of lines) {
    const { shape } = charge;
    let known = compiled.get(shape);
    if (known === undefined) {
      known = compile(world, shape, columns);
      compiled.set(shape, known);
    }
    addCopies(file, lineOf(known, charge), copies);
    enter(books, charge, copies);
    rows += copies;
    unsettled += copies;
    if (unsettled >= SETTLE_EVERY) {
      await file.settle();
      onRows(unsettled);
      unsettled = 0;
      // Machines come and go; their lines are compiled again if they turn up again.
      if (compiled.size > 5000) compiled.clear();
    }
  }
  onRows(unsettled);
  return rows;
}

function compile(world: World, shape: ChargeShape, columns: readonly string[]): Compiled {
  const cells = focusCells(world, shape);
  const values = Array.from({ length: Object.keys(slots).length }, () => "");
  values[slots.copy] = COPY_MARK;
  return { template: compileLine(columns.map((column) => cells[column] ?? "")), values, micro: undefined };
}

/** The line of a charge, with a mark where the number of a copy goes. */
function lineOf(known: Compiled, { shape, start, until, micro }: Charge): string {
  const { template, values } = known;
  if (known.micro !== micro) {
    const { prices, meter, commitment } = shape;
    const effective = formatDecimal(costOf(prices.effective, micro));
    const price = meter.sku.quoted?.price;
    values[slots.billed] = formatDecimal(costOf(prices.billed, micro));
    values[slots.effective] = effective;
    values[slots.contracted] = formatDecimal(costOf(prices.contracted, micro));
    values[slots.list] = formatDecimal(costOf(prices.list, micro));
    values[slots.quotedEffective] = price === undefined ? effective : formatDecimal(costOf(price, micro));
    values[slots.pricingQuantity] = microText(micro);
    values[slots.consumedQuantity] = consumedText(shape, micro);
    values[slots.commitmentQuantity] = commitment?.status === "Used" ? effective : microText(micro);
    known.micro = micro;
  }
  values[slots.start] = isoText(start);
  values[slots.until] = isoText(until);
  return fillLine(template, values);
}

function consumedText({ meter }: ChargeShape, micro: number): string {
  const { consumed, pricingUnit } = meter.sku;
  if (consumed !== undefined) return microText(micro * consumed.perPricingUnit);
  return microText(pricingUnit.startsWith("1000 ") ? micro * 1000 : micro);
}

function addCopies(file: LineFile, line: string, count: number): void {
  if (count === 1) {
    file.add(line.replaceAll(COPY_MARK, ""));
    return;
  }
  const parts = line.split(COPY_MARK);
  for (let copy = 0; copy < count; copy++) file.add(parts.join(copy === 0 ? "" : `-${copy}`));
}

const times = new Map<number, string>();

function isoText(hour: number): string {
  let text = times.get(hour);
  if (text === undefined) {
    text = isoTime(hour);
    times.set(hour, text);
  }
  return text;
}
