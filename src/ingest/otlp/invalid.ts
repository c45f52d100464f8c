import { Problem } from "#units/problems.ts";

/** The one fault of a body that can't be read; nothing of it has been taken. */
export const invalid = (what: string, cause?: unknown): Problem =>
  new Problem("otlp-invalid", `The body is no OTLP: ${what}.`, cause === undefined ? {} : { cause });

/** The fault of a body that is sound, as far as it was read, but too large. */
export const tooMany = (what: string, most: number): Problem =>
  new Problem("input-too-large", `The body holds more than ${most.toLocaleString("en-US")} ${what}.`, {
    hint: "Send smaller batches: OTEL_BSP_MAX_EXPORT_BATCH_SIZE of an SDK, send_batch_max_size of a collector.",
  });
