import type { KpiChange } from "./compare-kpis.ts";

/**
 * What a saving did to the product. held: no guardrail is worse. may-hurt-product: one is. unknown: none is worse, but one can't be
 * told. none: nobody named a guardrail, so nothing is known.
 */
export interface Guard {
  readonly label: "held" | "may-hurt-product" | "unknown" | "none";
  /** Which are worse, and which can't be told. */
  readonly worse: readonly string[];
  readonly unknown: readonly string[];
}

/** Judges guardrails, such as quality, latency and success per request, each compared as a KPI. */
export function judgeGuardrails(guardrails: readonly KpiChange[]): Guard {
  const idsOf = (outcomes: readonly string[]): string[] =>
    guardrails.filter(({ outcome }) => outcomes.includes(outcome)).map(({ id }) => id);
  const worse = idsOf(["worse"]);
  const unknown = idsOf(["unknown", "new", "gone", "not-comparable"]);
  const label =
    worse.length > 0
      ? "may-hurt-product"
      : unknown.length > 0
        ? "unknown"
        : guardrails.length > 0
          ? "held"
          : "none";
  return { label, worse, unknown };
}
