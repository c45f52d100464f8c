import { tokenColumnNames } from "#facts/call-columns.ts";
import { callDimensionName } from "#facts/call-question.ts";
import type { ResultColumn, ResultRow } from "#flows/report/result-table.ts";
import type { CallGroup, CallsAnswer, Latencies } from "./answer-calls.ts";

/** Groups of calls as rows of named values: what CSV and JSON show. Costs have a column per currency. */
export function callsTable({ question, groups }: CallsAnswer): {
  columns: readonly ResultColumn[];
  rows: readonly ResultRow[];
} {
  const names = question.by.map(callDimensionName);
  const currencies = [
    ...new Set(groups.flatMap(({ statedCosts }) => statedCosts.map((each) => currencyOf(each)))),
  ].sort();
  const counts = ["Calls", "FailedCalls", "RetriedCalls", "n_Retry", "n_Tokens", ...tokenColumnNames];
  return {
    columns: [
      ...names.map((name): ResultColumn => ({ name, kind: "text" })),
      ...(question.granularity === undefined ? [] : [{ name: "Bucket", kind: "time" } as const]),
      ...counts.map((name): ResultColumn => ({ name, kind: "count" })),
      ...["Duration", "FirstToken"].flatMap((name) => latencyColumns(name)),
      ...currencies.flatMap((currency): ResultColumn[] => [
        { name: `StatedCost_${currency}`, kind: "decimal" },
        { name: `n_StatedCost_${currency}`, kind: "count" },
      ]),
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
    FailedCalls: group.failed,
    RetriedCalls: group.retryKnown === 0 ? null : group.retried,
    n_Retry: group.retryKnown,
    n_Tokens: group.tokensKnown,
    ...group.tokens,
    ...latencyCells("Duration", group.duration),
    ...latencyCells("FirstToken", group.firstToken),
    ...Object.fromEntries(
      group.statedCosts.flatMap((each) => [
        [`StatedCost_${currencyOf(each)}`, each.cost],
        [`n_StatedCost_${currencyOf(each)}`, each.calls],
      ]),
    ),
  };
}

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
