import type { FocusColumn } from "#facts/focus-columns.ts";
import type { ImportMode } from "#facts/import-mode.ts";
import type { Role } from "#facts/role.ts";

/** What a person asks to be imported, and how it is to be read. */
export interface ImportRequest {
  readonly data: string;
  /** Files, folders and globs. */
  readonly inputs: readonly string[];
  readonly source: string;
  /** What the source has had until now, else what the format says, else invoice, if absent. */
  readonly role?: Role;
  /** Name of a format that the person insists on. */
  readonly format?: string;
  /** What the format says if absent. */
  readonly mode?: ImportMode;
  /**
   * Name of the part of its billing periods that the delivery is, such as a day: it takes the place of the source's former delivery of that
   * part and stands beside the others. Only of deliveries that are appended.
   */
  readonly part?: string;
  /** Values for columns that the delivery lacks. */
  readonly values: Partial<Record<FocusColumn, string>>;
  /** Zone of times that carry none. */
  readonly zone?: string;
  /** Replace closed periods too, and periods that hold just this delivery: their files may be damaged. */
  readonly force: boolean;
  /** True if more allocations follow, after which `divideLake` divides the bills once. */
  readonly divideLater?: true;
  readonly now: number;
}

/** How far an import is: done of total. It waits where another process writes to the lake. */
export interface ImportProgress {
  readonly step:
    | "reading"
    | "waiting"
    | "unpacking"
    | "staging"
    | "checking"
    | "writing"
    | "verifying"
    | "dividing";
  readonly done: number;
  readonly total: number;
  readonly unit: "bytes" | "rows" | "steps" | "seconds";
}
