import { type ProblemCode, problemCodes } from "./problem-codes.ts";

/** Where a problem is, as exactly as we know it. `line` counts from 1 and includes the header. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: string;
  readonly value?: string;
}

/** One thing that is wrong with what people gave us. */
export interface ProblemReport {
  readonly code: ProblemCode;
  readonly message: string;
  readonly at?: Place;
  readonly hint?: string;
}

/** A broken expectation with a code from the one table; views turn it into exit codes and HTTP statuses. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly at: Place;
  readonly hint: string;
  /** Further problems of the same input, when there are several. */
  readonly others: readonly ProblemReport[];

  constructor(
    code: ProblemCode,
    message: string,
    options: { at?: Place; hint?: string; cause?: unknown; others?: readonly ProblemReport[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.at = options.at ?? {};
    this.hint = options.hint ?? problemCodes[code].hint;
    this.others = options.others ?? [];
  }
}
