import type { AttributionKey } from "#facts/attribution-keys.ts";
import { correctionsOf } from "#analysis/statements/corrections.ts";
import type { Correction } from "#analysis/statements/statement.ts";
import { openExistingStore, withStore } from "#store/open-store.ts";
import { closedStatement, listStatements } from "#store/statements.ts";
import type { Store } from "#store/store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { Problem } from "#units/problems.ts";
import { computeStatement } from "./compute-statement.ts";
import { type Frozen, thaw } from "./frozen-statement.ts";

/** A statement that was closed, with who closed it and when. */
export interface Closed extends Frozen {
  readonly month: string;
  readonly hash: string;
  readonly at: number;
  readonly by: string;
}

/** The closed statements of a key, oldest first; none where there is no state yet. */
export async function closedStatements(where: StoreWhere, key: AttributionKey): Promise<Closed[]> {
  try {
    return await withStore(openExistingStore(where), (store) => closedIn(store, key));
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "state-empty") return [];
    throw cause;
  }
}

/** The closed statements of a key in a store that is open. */
async function closedIn(store: Store, key: AttributionKey): Promise<Closed[]> {
  const own = (await listStatements(store)).filter(({ scope }) => scope === key);
  const closed: Closed[] = [];
  for (const { period } of own) {
    const kept = await closedStatement(store, key, period);
    if (kept === undefined) continue;
    const { hash, closedAt: at, closedBy: by } = kept;
    closed.push({ ...thaw(kept.content, `${key} ${period}`), month: period, hash, at, by });
  }
  return closed;
}

/**
 * What changed in closed months and is in no closed statement yet. Each month is computed again by the splits it was closed with, so that only
 * what was restated counts.
 * @param months the closed months that are asked about
 * @param closed all closed statements: they may hold corrections of these months
 */
export async function pendingCorrections(
  data: string,
  key: AttributionKey,
  months: readonly Closed[],
  closed: readonly Closed[],
): Promise<Correction[]> {
  const booked = closed.flatMap(({ corrections }) => corrections);
  const pending: Correction[] = [];
  for (const { month, statement, splits } of months) {
    const { statement: now } = await computeStatement(data, key, month, splits);
    pending.push(...correctionsOf({ month, closed: statement, now }, booked));
  }
  return pending;
}
