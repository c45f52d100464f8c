import { type BridgeRow, type BridgeSum, effects, noParts, type Parts } from "./bridge.ts";

/** The sum of rows, of all or of a group: groups of rows add up to the whole. */
export function sumRows(rows: readonly BridgeRow[]): BridgeSum {
  const sum = { before: 0n, after: 0n, parts: { ...noParts }, newItems: 0n, retiredItems: 0n };
  for (const { before, after, parts, kind } of rows) {
    sum.before += before;
    sum.after += after;
    for (const effect of effects) sum.parts[effect] += parts[effect];
    if (kind === "new") sum.newItems += parts.mix;
    if (kind === "retired") sum.retiredItems += parts.mix;
  }
  return sum;
}

/** What parts add up to: the change that they explain. */
export const changeOf = (parts: Parts): bigint => effects.reduce((sum, effect) => sum + parts[effect], 0n);
