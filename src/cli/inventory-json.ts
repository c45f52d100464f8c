import type { Inventory, Unnamed } from "#flows/inventory/answer-inventory.ts";
import { type Workload, workloadFields } from "#facts/workload.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import type { Money } from "#units/money.ts";

/** The inventory as one object; amounts are exact decimal texts. */
export function inventoryJson(inventory: Inventory, explain: boolean): Record<string, unknown> {
  const { workloads, all, window, totals, withoutResource, rest, notes, looked, query } = inventory;
  return {
    ...(window === undefined ? {} : { from: formatInstant(window.start), to: formatInstant(window.end) }),
    all,
    workloads: workloads.map(workloadJson),
    totals: totals.map(moneyJson),
    withoutResource: withoutResource.map(unnamedJson),
    rest: rest.map(unnamedJson),
    notes,
    ...(explain ? { looked, ...(query === undefined ? {} : { query }) } : {}),
  };
}

/** A workload with all its evidence and members. */
export function workloadJson({ costs, firstSeen, lastSeen, ...workload }: Workload): Record<string, unknown> {
  return {
    ...workload,
    ...(firstSeen === undefined ? {} : { firstSeen: formatInstant(firstSeen) }),
    ...(lastSeen === undefined ? {} : { lastSeen: formatInstant(lastSeen) }),
    costs: costs.map(moneyJson),
  };
}

/** Columns of the CSV: a row for each workload and currency. */
export const inventoryColumns = [
  "workload",
  "type",
  "typeBasis",
  "typeConfidence",
  ...workloadFields,
  "resources",
  "sources",
  "firstSeen",
  "lastSeen",
  "currency",
  "effectiveCost",
] as const;

type CsvRow = Readonly<Record<string, string | number | null>>;

/** A workload without charges has one row, with neither currency nor cost. */
export function inventoryRows(workloads: readonly Workload[]): CsvRow[] {
  return workloads.flatMap((workload): CsvRow[] => {
    const { id, type, members, firstSeen, lastSeen, costs } = workload;
    const fields = workloadFields.map((field) => [field, workload[field]?.value ?? null] as const);
    const shared = {
      workload: id,
      type: type.value,
      typeBasis: type.basis,
      typeConfidence: type.confidence,
      ...Object.fromEntries(fields),
      resources: members.length,
      sources: [...new Set(members.map(({ source }) => source))].join(" "),
      firstSeen: firstSeen === undefined ? null : formatInstant(firstSeen),
      lastSeen: lastSeen === undefined ? null : formatInstant(lastSeen),
    };
    if (costs.length === 0) return [{ ...shared, currency: null, effectiveCost: null }];
    return costs.map(({ currency, units }) => ({ ...shared, currency, effectiveCost: formatDecimal(units) }));
  });
}

const moneyJson = ({ currency, units }: Money): Record<string, string> => ({
  currency,
  effectiveCost: formatDecimal(units),
});

const unnamedJson = ({ cost, charges, resources }: Unnamed): Record<string, unknown> => ({
  ...moneyJson(cost),
  charges,
  resources,
});
