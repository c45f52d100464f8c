import { z } from "zod";
import type { AuditHead } from "#store/audit/list-audit.ts";
import { keptTables } from "#store/tables.ts";

/**
 * A backup is a text of JSON lines, the same for both databases: the header; a line for every row, table by table; and a last line with
 * the SHA-256 of all bytes before it.
 */
export type KeptTable = (typeof keptTables)[number];

const rowCount = z.int().min(0);

/** The first line. */
export const backupHeader = z.object({
  format: z.literal("plimsoll-state"),
  version: z.literal(1),
  /** The number of the newest migration of the tables. */
  schema: z.int().min(1),
  /** When it was written, ISO 8601 in UTC. */
  at: z.iso.datetime(),
  /** Rows of each table. */
  rows: z.record(z.string(), rowCount),
});

/** A line between the first and the last. */
export const backupRow = z.object({
  table: z.enum(keptTables),
  row: z.record(z.string().regex(/^[a-z_]{1,60}$/), z.union([z.string(), z.int(), z.null()])),
});

/** The last line. */
export const backupEnd = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

export type BackupHeader = z.infer<typeof backupHeader>;

/** What a backup held, or a restore brought. */
export interface BackupSummary {
  readonly at: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly head: AuditHead;
}
