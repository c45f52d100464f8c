import type { ExportColumn } from "#facts/export-columns.ts";
import type { Window } from "#units/window.ts";
import type { ExportRequest } from "./export-request.ts";
import type { ExportSum } from "./export-sums.ts";
import type { SplitPlan } from "./split-plan.ts";

/** A file that was written. */
export interface WrittenCharges {
  readonly request: ExportRequest;
  readonly file: string;
  readonly columns: readonly ExportColumn[];
  readonly rows: number;
  /** Rows and exact sums per currency. */
  readonly sums: readonly ExportSum[];
  /** The same per bearer of a split. */
  readonly bearers: readonly ExportSum[];
  readonly window: Window;
  readonly lake: LakeRead;
  readonly split?: SplitPlan;
}

/** What of the lake is in an export. */
export interface LakeRead {
  readonly version: number;
  readonly periods: readonly {
    readonly source: string;
    readonly billingPeriod: string;
    readonly closed: boolean;
    /** When its last delivery came in. */
    readonly asOf: string;
    /** The attribution rules that it is read by; null where none were published. */
    readonly rules: string | null;
  }[];
}
