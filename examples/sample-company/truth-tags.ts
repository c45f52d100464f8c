import { addCosts, type Books, type Costs, costsOf, nothing } from "./books.ts";
import type { TagDefect } from "./model.ts";
import { written } from "./truth-books.ts";
import type { World } from "./world.ts";

/** What is wrong with the tags: per bill and defect its resources, exact cost and share of what should be tagged. */
export function tagDefects(world: World, books: Books) {
  const bills = new Map<string, Bill>();
  for (const [shape, tally] of books) {
    const { resource } = shape.meter;
    const usual = shape.category === "Usage" || shape.category === "Purchase";
    if (!resource.tagsWanted || !usual) continue;
    const { source } = resource.account;
    const bill = bills.get(source) ?? {
      source,
      currency: shape.currency,
      taggable: nothing,
      defects: new Map(),
    };
    bills.set(source, bill);
    const costs = costsOf(shape, tally);
    bill.taggable = addCosts(bill.taggable, costs);
    const defect = world.tags.get(resource.id)?.defect;
    if (defect === undefined) continue;
    const known = bill.defects.get(defect) ?? { costs: nothing, resources: new Set<string>() };
    bill.defects.set(defect, known);
    known.costs = addCosts(known.costs, costs);
    known.resources.add(resource.id);
  }
  return [...bills.values()].map(({ source, currency, taggable, defects }) => ({
    source,
    currency,
    taggable: written(taggable),
    defectShare: shareOf([...defects.values()].map(({ costs }) => costs).reduce(addCosts, nothing), taggable),
    defects: [...defects]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([defect, { costs, resources }]) => ({
        defect,
        ...written(costs),
        share: shareOf(costs, taggable),
        resources: [...resources].sort(),
      })),
  }));
}

interface Bill {
  readonly source: string;
  readonly currency: string;
  taggable: Costs;
  readonly defects: Map<TagDefect, { costs: Costs; resources: Set<string> }>;
}

const shareOf = (part: Costs, whole: Costs): number =>
  whole.effective === 0n ? 0 : Number((part.effective * 1_000_000n) / whole.effective) / 1e6;
