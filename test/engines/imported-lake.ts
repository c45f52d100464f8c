import { bring, ownFolder } from "../imports/kit.ts";
import type { Delivery } from "./both-engines.ts";

/** A new data folder with these deliveries in it; nothing of it is left after `remove`. */
export async function importedLake(
  deliveries: readonly Delivery[],
): Promise<{ data: string; remove: () => Promise<void> }> {
  const { data, write, remove } = await ownFolder();
  for (const { source, role = "invoice", csv } of deliveries)
    await bring(data, await write(`${source}.csv`, csv), { source, role, now: Date.UTC(2026, 8, 1) });
  return { data, remove };
}
