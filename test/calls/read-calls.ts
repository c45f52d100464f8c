import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Call } from "#facts/call.ts";
import { type CallFile, readCallFile } from "#ingest/calls/read-call-file.ts";

export const now = Date.UTC(2026, 6, 2);
export const hashKey = Buffer.from("a key of sixteen");

/** Writes a file of calls and reads it. */
export async function read(
  content: string | Buffer,
  options: { readonly hashKey?: Buffer } = {},
): Promise<CallFile & { all: Call[]; sizes: number[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), "plimsoll-calls-"));
  const file = path.join(folder, "calls");
  const all: Call[] = [];
  const sizes: number[] = [];
  try {
    await writeFile(file, content);
    const reading = readCallFile(file, { source: "gateway", now, ...options });
    for (;;) {
      const next = await reading.next();
      if (next.done === true) return { ...next.value, all, sizes };
      all.push(...next.value);
      sizes.push(next.value.length);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const csv = (rows: readonly Readonly<Record<string, unknown>>[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string => JSON.stringify(value ?? "").replaceAll(/^"|"$/g, "");
  const quoted = (value: unknown): string =>
    `"${(typeof value === "string" ? value : cell(value)).replaceAll('"', '""')}"`;
  return [columns.join(","), ...rows.map((row) => columns.map((name) => quoted(row[name])).join(","))].join(
    "\n",
  );
};
export const jsonLines = (rows: readonly object[]): string =>
  rows.map((row) => JSON.stringify(row)).join("\n");

/** A text that must not be kept. */
export const SECRET = "where is the blue umbrella";
