import type { AttributionKey } from "#facts/attribution-keys.ts";
import type { ExportVersion } from "#facts/export-columns.ts";
import type { Split } from "#facts/split.ts";
import type { Asked } from "#flows/report/exact-question.ts";
import type { ExportForm } from "#facts/export-form.ts";

/** What is exported, and where to. */
export interface ExportRequest {
  readonly data: string;
  /** Which charges: `from`, `to`, `period`, `where`, `without`, `time` and `role` count. With a split, the period is a month. */
  readonly asked: Asked;
  /** Names of columns in their order; all if there is none. */
  readonly columns: readonly string[];
  readonly version: ExportVersion;
  readonly form: ExportForm;
  /** The file to write. */
  readonly file: string;
  /** Replace a file that is there. */
  readonly force: boolean;
  /** Write beside the file what it holds. */
  readonly manifest: boolean;
  readonly split?: SplitAsked;
}

/** By which key shared cost is divided. */
export interface SplitAsked {
  readonly key: AttributionKey;
  /** All splits of the configuration. */
  readonly splits: readonly Split[];
  /** PostgreSQL database that holds closed statements, where there is one. */
  readonly state?: string;
}
