import { isoTime } from "./clock.ts";
import type { Delivery } from "./deliveries.ts";
import { experimentsOf } from "./experiments.ts";
import { leasesOf } from "./leases.ts";
import { bookTruth, deliveryTruth, finalBooks } from "./truth-books.ts";
import { incidentTruth, notWaste, wasteTruth } from "./truth-effects.ts";
import { inventoryTruth } from "./truth-inventory.ts";
import { tagDefects } from "./truth-tags.ts";
import { commitments, lateData, unusualCharges } from "./truth-unusual.ts";
import type { World } from "./world.ts";

/**
 * `truth.json`: what is known of the company because it is made up, and what analyses of its bills are judged against. Sums come
 * from the books that were kept while writing, effects from the world's own quantities and prices; no delivered file is read again.
 * @param copies how often each resource of a FOCUS bill is repeated
 */
export function truthFile(world: World, deliveries: readonly Delivery[], copies: number) {
  const books = finalBooks(deliveries);
  return {
    simulated: "This company is made up. Nothing here was measured anywhere.",
    seed: world.seed,
    from: isoTime(0),
    until: isoTime(world.hours),
    copies,
    books: bookTruth(books),
    deliveries: deliveryTruth(deliveries),
    waste: wasteTruth(world, copies),
    notWaste: notWaste(world),
    incidents: incidentTruth(world, copies),
    experiments: experimentsOf(world),
    commitments: commitments(world, books),
    leases: leasesOf(world),
    tagDefects: tagDefects(world, books),
    inventory: inventoryTruth(world),
    unusualCharges: unusualCharges(books),
    late: lateData(world, deliveries) ?? null,
  };
}
