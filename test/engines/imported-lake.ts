import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { importDelivery } from "#flows/import/import-delivery.ts";
import type { Delivery } from "./both-engines.ts";

/** A new data folder with these deliveries in it; nothing of it is left after `remove`. */
export async function importedLake(
  deliveries: readonly Delivery[],
): Promise<{ data: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "plimsoll-lake-"));
  const data = path.join(folder, "data");
  for (const { source, role = "invoice", csv } of deliveries) {
    const file = path.join(folder, `${source}.csv`);
    await writeFile(file, csv);
    const now = Date.UTC(2026, 8, 1);
    await importDelivery({ data, inputs: [file], source, role, values: {}, force: false, now }, () => {});
  }
  return { data, remove: () => rm(folder, { recursive: true, force: true }) };
}
