import type { Call } from "#facts/call.ts";
import type { RejectionReason, Rejections } from "#facts/call-rejection.ts";
import type { CallFormat, RowOptions, RowRejection } from "./call-row.ts";
import type { PlacedRow } from "./read-rows.ts";

/** A row that was not taken. */
export interface RowFault extends RowRejection {
  /** The line it begins on, or its number in a JSON list. */
  readonly line: number;
}

/** What became of rows. */
export interface CallRows {
  readonly rows: number;
  readonly calls: number;
  /** Rows that are no calls: steps around them, tools. */
  readonly passedOver: number;
  readonly rejected: Rejections;
  /** The first of them. */
  readonly faults: readonly RowFault[];
  /** Attributes of calls that were not kept, as texts, secrets or too many. */
  readonly leftOut: number;
}

const MOST_FAULTS = 100;
const BATCH = 5000;

/** Makes calls of rows, one after the other, and counts those that can't be taken by their reasons. */
export class CallsOfRows {
  readonly #format: CallFormat;
  readonly #options: RowOptions;
  readonly #rejected: Partial<Record<RejectionReason, number>> = {};
  readonly #faults: RowFault[] = [];
  readonly #count = { rows: 0, calls: 0, passedOver: 0, leftOut: 0 };
  #calls: Call[] = [];

  constructor(format: CallFormat, options: RowOptions) {
    this.#format = format;
    this.#options = options;
  }

  /** @returns true once so many calls were made that they are better taken */
  add({ line, row }: PlacedRow): boolean {
    this.#count.rows++;
    if (row === undefined) {
      this.#reject({ line, reason: "field-invalid", field: "", message: "it is no JSON object" });
      return false;
    }
    const read = this.#format.read(row, this.#options);
    if (read.kind === "no-call") this.#count.passedOver++;
    else if (read.kind === "rejected")
      this.#reject({ line, reason: read.reason, field: read.field, message: read.message });
    else {
      this.#count.calls++;
      this.#count.leftOut += read.leftOut;
      this.#calls.push(read.call);
    }
    return this.#calls.length >= BATCH;
  }

  /** The calls that were made since it was last asked. */
  take(): readonly Call[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** What became of all rows until now. */
  get counts(): CallRows {
    return { ...this.#count, rejected: this.#rejected, faults: this.#faults };
  }

  #reject(fault: RowFault): void {
    this.#rejected[fault.reason] = (this.#rejected[fault.reason] ?? 0) + 1;
    if (this.#faults.length < MOST_FAULTS) this.#faults.push(fault);
  }
}
