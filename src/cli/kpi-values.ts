import type { KpiRow } from "#flows/kpis/kpi-row.ts";
import type { KpiRowChange } from "#flows/kpis/answer-kpis.ts";
import { absolute, ONE } from "#units/decimal.ts";
import { amount, percent, rate, share } from "./format.ts";

export type Kpi = KpiRow["kpis"][number];
export type KpiChange = KpiRowChange["changes"][number];

/** A KPI's value for people: money with its currency, a ratio as a percentage, anything else with its unit. */
export function kpiText(unit: Kpi["unit"], value: bigint | undefined): string {
  if (value === undefined) return "unknown";
  if (unit.of === "cost") return `${amount(value)} ${unit.currency}`;
  if (unit.of === "unit-cost") return `${rate(value)} ${unit.currency}`;
  if (unit.what === "ratio") return share(Number((value * 1_000_000n) / ONE) / 1_000_000);
  const plain = numberText(value);
  if (unit.what === "seconds") return `${plain} s`;
  if (unit.what === "bytes") return bytesText(value);
  return ["calls", "tokens", "requests", "outcomes", "1", "operations"].includes(unit.what)
    ? plain
    : `${plain} ${unit.what}`;
}

/** Four digits that count; whole where it is large. */
function numberText(value: bigint): string {
  const number = Number(value) / 1e18;
  if (absolute(value) >= 1000n * ONE || value % ONE === 0n) return Math.round(number).toLocaleString("en-US");
  return String(Number(number.toPrecision(4)));
}

function bytesText(value: bigint): string {
  const number = Number(value) / 1e18;
  const [size, name] = (
    [
      [2 ** 40, "TiB"],
      [2 ** 30, "GiB"],
      [2 ** 20, "MiB"],
    ] as const
  ).find(([each]) => number >= each) ?? [1024, "KiB"];
  return `${Number((number / size).toPrecision(4))} ${name}`;
}

/** How a KPI moved, for people, such as +8.4%; nothing where there is nothing to compare, or it was nothing. */
export const movedText = ({ changeRatio }: KpiChange): string =>
  changeRatio === undefined ? "" : percent(changeRatio);

/** Whether there is anything to tell: what was unknown and still is has not moved. */
export const isWorthTelling = ({ outcome, before, after }: KpiChange): boolean =>
  outcome !== "same" && (before !== undefined || after !== undefined);
