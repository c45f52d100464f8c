import { callRow, callsTable } from "#facts/call-columns.ts";
import type { Call } from "#facts/call.ts";
import type { Rejections } from "#facts/call-rejection.ts";
import { eventLine } from "#facts/event-line.ts";
import { Problem } from "#units/problems.ts";
import type { CallRecorder } from "./record-calls.ts";

/** What was kept of calls, and what was not. */
export interface RecordedSound {
  readonly kept: number;
  readonly rejected: Rejections;
}

/**
 * Keeps the calls that can be kept: one odd value, such as a duration of years, must not refuse the calls around it. Looked at call by call only where
 * the whole was refused.
 * @param rejected what was not taken already
 */
export async function recordSound(
  { record }: Pick<CallRecorder, "record">,
  calls: readonly Call[],
  rejected: Rejections,
): Promise<RecordedSound> {
  try {
    await record(calls);
    return { kept: calls.length, rejected };
  } catch (cause) {
    if (!isInvalid(cause)) throw cause;
  }
  const sound = calls.filter(isSound);
  await record(sound);
  const odd = (rejected["field-invalid"] ?? 0) + calls.length - sound.length;
  return { kept: sound.length, rejected: { ...rejected, "field-invalid": odd } };
}

function isSound(call: Call): boolean {
  try {
    eventLine(callsTable, callRow(call));
    return true;
  } catch (cause) {
    if (isInvalid(cause)) return false;
    throw cause;
  }
}

const isInvalid = (cause: unknown): boolean => cause instanceof Problem && cause.code === "event-invalid";
