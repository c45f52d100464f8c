import { settleParts } from "#methods/settle-parts.ts";
import { roundTo, SCALE } from "#units/decimal.ts";
import { type Bridge, type BridgeRow, type BridgeSum, effects, noParts, type Parts } from "./bridge.ts";
import { changeOf, sumRows } from "./sum-rows.ts";

/** A bridge to show: every line adds up across, and rows and rest add up to the sum in every column. */
export interface RoundedBridge {
  readonly sum: BridgeSum;
  readonly rows: readonly BridgeRow[];
  /** The rows that are not shown, with what rounding moved between the columns. */
  readonly rest: BridgeSum & { readonly count: number };
}

/**
 * Rounds a bridge so that it still adds up: before and after to the nearest, the parts by largest remainder.
 * @param decimals to show, 0 to 18
 * @param top how many rows to show; all by default
 */
export function roundBridge(bridge: Bridge, decimals: number, top = bridge.rows.length): RoundedBridge {
  const rows = bridge.rows.slice(0, top).map((row): BridgeRow => ({ ...row, ...roundLine(row, decimals) }));
  const sum = roundSum(bridge.sum, decimals);
  const shown = sumRows(rows);
  return { sum, rows, rest: { ...minus(sum, shown), count: bridge.rows.length - rows.length } };
}

function roundLine<Line extends { before: bigint; after: bigint; parts: Parts }>(
  line: Line,
  decimals: number,
): Pick<Line, "before" | "after" | "parts"> {
  const before = roundTo(line.before, decimals, "half-even");
  const after = roundTo(line.after, decimals, "half-even");
  if (changeOf(line.parts) === 0n && effects.every((effect) => line.parts[effect] === 0n))
    return { before, after, parts: noParts };
  const rounded = roundParts(
    effects.map((effect) => line.parts[effect]),
    after - before,
    decimals,
  );
  const parts = Object.fromEntries(effects.map((effect, at) => [effect, rounded[at] ?? 0n]));
  return { before, after, parts: { ...noParts, ...parts } };
}

/** What new and retired items are of the mix is rounded with the rest of it. */
function roundSum(sum: BridgeSum, decimals: number): BridgeSum {
  const line = roundLine(sum, decimals);
  const continuing = sum.parts.mix - sum.newItems - sum.retiredItems;
  const [, newItems = 0n, retiredItems = 0n] = roundParts(
    [continuing, sum.newItems, sum.retiredItems],
    line.parts.mix,
    decimals,
  );
  return { ...line, newItems, retiredItems };
}

const roundParts = (parts: readonly bigint[], total: bigint, decimals: number): bigint[] => {
  const step = 10n ** BigInt(SCALE - decimals);
  return settleParts(parts, step, total / step).map((part) => part * step);
};

function minus(a: BridgeSum, b: BridgeSum): BridgeSum {
  const parts = Object.fromEntries(effects.map((effect) => [effect, a.parts[effect] - b.parts[effect]]));
  return {
    before: a.before - b.before,
    after: a.after - b.after,
    parts: { ...noParts, ...parts },
    newItems: a.newItems - b.newItems,
    retiredItems: a.retiredItems - b.retiredItems,
  };
}
