import { Problem, type ProblemReport } from "#units/problems.ts";
import { type ProblemCode, problemCodes } from "#units/problem-codes.ts";

/** How a refusal is told over HTTP. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemReport;
}

/** Codes whose status says more than that the request is wrong. */
const statuses: Partial<Readonly<Record<ProblemCode, number>>> = {
  "input-too-large": 413,
  "content-type-unsupported": 415,
  "token-wrong": 401,
  "journal-full": 429,
  "server-busy": 429,
  // Senders of OTLP try again after a 503, and drop after a 500.
  "disk-full": 503,
  "lake-busy": 503,
};

/** Seconds after which it is worth trying again. */
const RETRY_SECONDS: Partial<Readonly<Record<ProblemCode, number>>> = {
  "journal-full": 10,
  "server-busy": 1,
  "disk-full": 60,
  "lake-busy": 5,
};

/** A fault as an answer; what is no Problem is ours, and its text is not told. */
export function problemAnswer(cause: unknown): ProblemAnswer {
  const problem =
    cause instanceof Problem ? cause : new Problem("internal", "The request could not be answered.");
  const { code, message, hint, at } = problem;
  const seconds = RETRY_SECONDS[code];
  return {
    status: statuses[code] ?? (problemCodes[code].exit === 3 ? 500 : 400),
    headers: {
      ...(seconds === undefined ? {} : { "retry-after": String(seconds) }),
      ...(code === "token-wrong" ? { "www-authenticate": "Bearer" } : {}),
    },
    body: { code, message, hint, ...(Object.keys(at).length === 0 ? {} : { at }) },
  };
}
