import { costOf } from "./cells.ts";
import type { Charge, ChargeShape } from "./model.ts";

/** How much of a shape was written; its costs follow by multiplication. */
export interface Tally {
  rows: number;
  micro: bigint;
}

/** What was written in one delivery, by shape. */
export type Books = Map<ChargeShape, Tally>;

export function enter(books: Books, { shape, micro }: Charge, copies: number): void {
  const tally = books.get(shape);
  if (tally === undefined) books.set(shape, { rows: copies, micro: BigInt(micro * copies) });
  else {
    tally.rows += copies;
    tally.micro += BigInt(micro * copies);
  }
}

export interface Costs {
  readonly rows: number;
  readonly billed: bigint;
  readonly effective: bigint;
  readonly contracted: bigint;
  readonly list: bigint;
}

export const nothing: Costs = { rows: 0, billed: 0n, effective: 0n, contracted: 0n, list: 0n };

export function costsOf({ prices }: ChargeShape, { rows, micro }: Tally): Costs {
  return {
    rows,
    billed: costOf(prices.billed, micro),
    effective: costOf(prices.effective, micro),
    contracted: costOf(prices.contracted, micro),
    list: costOf(prices.list, micro),
  };
}

export function addCosts(a: Costs, b: Costs): Costs {
  return {
    rows: a.rows + b.rows,
    billed: a.billed + b.billed,
    effective: a.effective + b.effective,
    contracted: a.contracted + b.contracted,
    list: a.list + b.list,
  };
}

/** Sums by a key of the shape, in order of the keys. */
export function sumBy(books: Books, keyOf: (shape: ChargeShape) => string | undefined): Map<string, Costs> {
  const sums = new Map<string, Costs>();
  for (const [shape, tally] of books) {
    const key = keyOf(shape);
    if (key !== undefined) sums.set(key, addCosts(sums.get(key) ?? nothing, costsOf(shape, tally)));
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
