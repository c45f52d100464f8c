import type { Kpi } from "#analysis/bridge/compare-kpis.ts";
import { costComponent } from "#facts/cost-component.ts";
import { type CostRow, valueOf } from "#facts/cost-row.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { cost, type KpiKey, type KpisByKey, quantity, WHOLE_COST } from "./kpi-row.ts";

/** Columns of charges by which KPIs are told. */
export const chargeColumns: Readonly<Record<KpiKey, string>> = {
  workload: "Workload",
  team: "Team",
  environment: "Environment",
  model: "ModelId",
  customer: "Customer",
};

/**
 * What it cost, in all and by the part of a system that it pays for, and how many GPU hours it took.
 * @returns KPIs `cost`, `cost of <component>` and `GPU hours`; costs once per currency
 */
export async function chargeKpis({ data, ...time }: TimeAsked, by: KpiKey): Promise<KpisByKey> {
  const asked = {
    ...time,
    by: [chargeColumns[by], "ServiceCategory", "ServiceSubcategory", "ServiceName"],
    measures: ["EffectiveCost", "GpuHours"],
    spread: true,
  };
  const { question } = await exactQuestion(data, asked);
  const { rows } = await reportCost(data, { question });
  const found = new Map<string | null, Map<string, Kpi>>();
  for (const row of rows) {
    const [key = null, category = null, subcategory = null, service = null] = row.keys;
    const own = found.get(key) ?? new Map<string, Kpi>();
    found.set(key, own);
    const spent = (row.known[0] ?? 0) < row.charges ? undefined : valueOf(row, 0);
    add(own, cost(WHOLE_COST, row.currency, spent));
    const component = costComponent({ category, subcategory, service });
    add(own, cost(`cost of ${component}`, row.currency, spent));
    if (hoursOf(row) !== undefined) add(own, quantity("GPU hours", "hours", hoursOf(row)));
  }
  return new Map([...found].map(([key, own]) => [key, [...own.values()].sort(costFirst)]));
}

const hoursOf = (row: CostRow): bigint | undefined =>
  row.known[1] === 0 && row.sums[1] === 0n ? undefined : row.sums[1];

/** Adds up; what is unknown of a part is unknown of the whole. */
function add(own: Map<string, Kpi>, kpi: Kpi): void {
  const key = kpi.unit.of === "cost" ? `${kpi.id} ${kpi.unit.currency}` : kpi.id;
  const before = own.get(key);
  if (before === undefined) own.set(key, kpi);
  else
    own.set(key, {
      ...kpi,
      value: before.value === undefined || kpi.value === undefined ? undefined : before.value + kpi.value,
    });
}

/** The whole first, then its parts by size. */
function costFirst(a: Kpi, b: Kpi): number {
  const rank = ({ id }: Kpi): number => (id === WHOLE_COST ? 0 : id === "GPU hours" ? 1 : 2);
  const size = ({ value = 0n }: Kpi): bigint => value;
  return rank(a) - rank(b) || (size(b) > size(a) ? 1 : size(b) < size(a) ? -1 : 0);
}
