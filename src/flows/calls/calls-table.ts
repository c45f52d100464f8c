import { tokenColumnNames } from "#facts/call-columns.ts";
import { callDimensionName } from "#facts/call-question.ts";
import type { ResultColumn, ResultRow } from "#flows/report/result-table.ts";
import type { CallsAnswer } from "./answer-calls.ts";
import type { CallGroup, CostOfCalls, Latencies } from "./gather-calls.ts";

/** Groups of calls as rows of named values: what CSV and JSON show. Costs have a column per currency. */
export function callsTable({ question, groups }: CallsAnswer): {
  columns: readonly ResultColumn[];
  rows: readonly ResultRow[];
} {
  const names = question.by.map(callDimensionName);
  const costs = (["Priced", "Stated"] as const).flatMap((who) =>
    [...new Set(groups.flatMap((group) => costsOf(group, who).map(currencyOf)))]
      .sort()
      .flatMap((currency): ResultColumn[] => [
        { name: `${who}Cost_${currency}`, kind: "decimal" },
        { name: `n_${who}Cost_${currency}`, kind: "count" },
      ]),
  );
  const counts = [
    "Calls",
    "UncountedRows",
    "n_Status",
    "FailedCalls",
    "RetriedCalls",
    "n_Retry",
    "n_Tokens",
    ...tokenColumnNames,
  ];
  return {
    columns: [
      ...names.map((name): ResultColumn => ({ name, kind: "text" })),
      ...(question.granularity === undefined ? [] : [{ name: "Bucket", kind: "time" } as const]),
      ...counts.map((name): ResultColumn => ({ name, kind: "count" })),
      ...["Duration", "FirstToken"].flatMap((name) => latencyColumns(name)),
      ...costs,
      { name: "UnpricedCalls", kind: "count" },
    ],
    rows: groups.map((group) => rowOf(group, names)),
  };
}

const latencyColumns = (name: string): ResultColumn[] => [
  { name: `n_${name}`, kind: "count" },
  ...["p50", "p95", "p99"].map((quantile): ResultColumn => ({
    name: `${name}Seconds_${quantile}`,
    kind: "decimal",
  })),
];

function rowOf(group: CallGroup, names: readonly string[]): ResultRow {
  return {
    ...Object.fromEntries(names.map((name, index) => [name, group.keys[index] ?? null])),
    Bucket: group.bucket ?? null,
    Calls: group.calls,
    UncountedRows: group.uncounted,
    n_Status: group.statusKnown,
    FailedCalls: group.failed,
    RetriedCalls: group.retryKnown === 0 ? null : group.retried,
    n_Retry: group.retryKnown,
    n_Tokens: group.tokensKnown,
    ...group.tokens,
    ...latencyCells("Duration", group.duration),
    ...latencyCells("FirstToken", group.firstToken),
    ...Object.fromEntries(
      (["Priced", "Stated"] as const).flatMap((who) =>
        costsOf(group, who).flatMap((each) => [
          [`${who}Cost_${currencyOf(each)}`, each.cost],
          [`n_${who}Cost_${currencyOf(each)}`, each.calls],
        ]),
      ),
    ),
    UnpricedCalls: group.unpriced.reduce((sum, { calls }) => sum + calls, 0),
  };
}

const costsOf = (group: CallGroup, who: "Priced" | "Stated"): readonly CostOfCalls[] =>
  who === "Priced" ? group.pricedCosts : group.statedCosts;

const currencyOf = ({ currency }: { readonly currency: string | null }): string => currency ?? "unknown";

function latencyCells(name: string, latencies: Latencies | undefined): ResultRow {
  const seconds = (quantile: "p50" | "p95" | "p99"): string | null =>
    latencies === undefined ? null : secondsText(latencies[quantile].microseconds);
  return {
    [`n_${name}`]: latencies?.calls ?? 0,
    [`${name}Seconds_p50`]: seconds("p50"),
    [`${name}Seconds_p95`]: seconds("p95"),
    [`${name}Seconds_p99`]: seconds("p99"),
  };
}

/** Seconds with three digits that count: a bucket tells no more. */
export const secondsText = (microseconds: number): string => {
  const exponent = Math.floor(Math.log10(Math.max(microseconds, 1)));
  return (microseconds / 1e6).toFixed(Math.min(6, Math.max(0, 8 - exponent)));
};
