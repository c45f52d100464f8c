import type { Kpi } from "#analysis/bridge/compare-kpis.ts";
import { type CostRow, valueOf } from "#facts/cost-row.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { chargeColumns } from "./charge-kpis.ts";
import { type KpiKey, type KpisByKey, quantity } from "./kpi-row.ts";

/**
 * What it runs on and keeps, as bills tell: hours by type of machine, what is stored, and what goes over the network. These columns are of no rollup, so the
 * charges themselves are read.
 * @returns KPIs `hours of <instance type>`, `stored in <unit>`, `moved in <unit>`
 */
export async function mixKpis({ data, ...time }: TimeAsked, by: KpiKey): Promise<KpisByKey> {
  const ask = async (column: string, where: string): Promise<readonly CostRow[]> => {
    const { question } = await exactQuestion(data, {
      ...time,
      by: [chargeColumns[by], column, "ConsumedUnit"],
      where: [where],
      measures: ["ConsumedQuantity"],
      spread: true,
    });
    return (await reportCost(data, { question })).rows;
  };
  const found = new Map<string | null, Map<string, Kpi>>();
  const add = (
    rows: readonly CostRow[],
    isWanted: RegExp,
    nameOf: (of: string, unit: string) => string,
  ): void => {
    for (const row of rows) {
      const [key = null, of, unit] = row.keys;
      const value = valueOf(row, 0);
      if (value === undefined || value === 0n || !isWanted.test(unit ?? "")) continue;
      const own = found.get(key) ?? new Map<string, Kpi>();
      found.set(key, own);
      const name = nameOf(of ?? "", unit ?? "");
      own.set(
        name,
        quantity(name, (unit ?? "").replace(/^Hours$/, "hours"), (own.get(name)?.value ?? 0n) + value),
      );
    }
  };
  add(await ask("InstanceType", "InstanceType?"), /^hours?$/i, (type) => `hours of ${type}`);
  add(
    await ask("ServiceCategory", "ServiceCategory=Storage"),
    /^[kmgtp]?i?b-(months?|hours?)$/i,
    (_, unit) => `stored in ${unit}`,
  );
  add(
    await ask("ServiceCategory", "ServiceCategory=Networking"),
    /^[kmgtp]?i?b$/i,
    (_, unit) => `moved in ${unit}`,
  );
  return new Map([...found].map(([key, own]) => [key, [...own.values()]]));
}
