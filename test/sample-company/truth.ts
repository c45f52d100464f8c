import { readFileSync } from "node:fs";
import path from "node:path";

/** Sums as truth.json has them: exact decimal texts. */
export type Sums = Readonly<
  Record<"BilledCost" | "EffectiveCost" | "ContractedCost" | "ListCost", string> & { rows: number }
>;
/** Key to currency to sums. */
export type SumsBy = Readonly<Record<string, Readonly<Record<string, Sums>>>>;

export interface EffectTruth {
  readonly from: string;
  readonly until: string;
  readonly currency: string;
  readonly touchedEffectiveCost: string;
  readonly causedEffectiveCost: string;
  readonly resources: readonly string[];
}

/** The parts of truth.json that tests read. */
export interface Truth {
  readonly books: { readonly bySource: SumsBy; readonly byTrueTeam: SumsBy; readonly total: SumsBy[string] };
  readonly deliveries: readonly {
    readonly source: string;
    readonly kind: "first" | "redelivery" | "duplicate";
    readonly paths: readonly string[];
    readonly fileRows?: number;
    readonly byMonth: SumsBy;
  }[];
  readonly waste: readonly (EffectTruth & { readonly id: string })[];
  readonly incidents: readonly { readonly id: string; readonly effects: readonly EffectTruth[] }[];
  readonly tagDefects: readonly {
    readonly source: string;
    readonly defectShare: number;
    readonly taggable: Sums;
    readonly defects: readonly (Sums & { readonly defect: string; readonly resources: readonly string[] })[];
  }[];
  readonly commitments: readonly {
    readonly source: string;
    readonly unused: string;
    readonly bought: string;
  }[];
  readonly late: { readonly missing: Sums } | null;
}

export const readTruth = (out: string): Truth =>
  JSON.parse(readFileSync(path.join(out, "truth.json"), "utf8")) as Truth;
