import type { Bridge } from "#analysis/bridge/bridge.ts";
import { readBridge, type ReadBridge } from "#analysis/bridge/read-bridge.ts";
import { roundBridge, type RoundedBridge } from "#analysis/bridge/round-bridge.ts";
import { absolute, ONE } from "#units/decimal.ts";

/**
 * A bridge to show: every line and column adds up. In cents; to the sixth decimal where all of it is less than ten, or little would be seen.
 * @param top how many items; the rest is one line
 */
export function roundedBridge(
  bridge: Bridge,
  top: number,
): RoundedBridge & { readonly decimals: number; readonly read: ReadBridge } {
  const { before, after } = bridge.sum;
  const isSmall = [before, after].every((units) => absolute(units) < 10n * ONE);
  const decimals = isSmall ? 6 : 2;
  const rounded = roundBridge(bridge, decimals, top);
  return { ...rounded, decimals, read: readBridge({ ...rounded, volume: bridge.volume }) };
}
