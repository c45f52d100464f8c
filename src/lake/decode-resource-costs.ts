import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import type { Row } from "./engines/duckdb.ts";
import { resourceFacts } from "./queries/resource-costs.ts";

type Fact = (typeof resourceFacts)[number];

/** Sums of one resource, one set of its facts and one currency. */
export interface ResourceCost {
  /** named: one of the largest; rest: all others together; none: charges that name no resource. */
  readonly part: "named" | "rest" | "none";
  readonly id?: string;
  readonly account?: string;
  readonly facts: Readonly<Partial<Record<Fact, string>>>;
  readonly declaredType?: string;
  readonly currency: string;
  /** Milliseconds since 1970: the first start and the last end of its charges. */
  readonly first: number;
  readonly last: number;
  readonly charges: number;
  /** Charges whose EffectiveCost is known; `cost` is the sum of these, at scale 18. */
  readonly known: number;
  readonly cost: bigint;
  /** Machine time, at scale 18; absent where no charge is priced by it. */
  readonly hours?: bigint;
  readonly gpuHours?: bigint;
  /** Charges billed by the token. */
  readonly tokenCharges: number;
  /** Different resources in the row. */
  readonly resources: number;
}

/**
 * Rows of `resourceCosts` from any engine.
 * @throws Problem "internal" if an engine answers in another shape
 */
export function decodeResourceCosts(rows: readonly Row[]): ResourceCost[] {
  return rows.map((row) => {
    const optional = (name: string): string | undefined => {
      const value = row[name] ?? undefined;
      if (value === undefined || typeof value === "string") return value;
      throw new Problem("internal", `The engine gave ${JSON.stringify(value)} for ${name}, not a text.`);
    };
    const given = <K extends string, T>(key: K, value: T | undefined) =>
      (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>;
    const exact = (name: string): bigint | undefined => {
      const text = optional(name);
      return text === undefined ? undefined : decimal(text);
    };
    const facts = resourceFacts.flatMap((name, index) => {
      const value = optional(`f${index}`);
      return value === undefined ? [] : [[name, value] as const];
    });
    return {
      part: optional("part") as ResourceCost["part"],
      ...given("id", optional("id")),
      ...given("account", optional("account")),
      facts: Object.fromEntries(facts),
      ...given("declaredType", optional("declared_type")),
      currency: optional("currency") ?? "",
      first: Date.parse(optional("first") ?? ""),
      last: Date.parse(optional("last") ?? ""),
      charges: Number(row["charges"]),
      known: Number(row["known"]),
      cost: exact("cost") ?? 0n,
      ...given("hours", exact("hours")),
      ...given("gpuHours", exact("gpu_hours")),
      tokenCharges: Number(row["tokens"]),
      resources: Number(row["resources"]),
    };
  });
}
