import { createHash } from "node:crypto";
import type { ImportRecord } from "#lake/import-record.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import type { CollectedFile } from "./collect-files.ts";
import type { ImportRequest } from "./import-request.ts";

/** The same files, source, mode and declarations are the same import. */
export function importId(request: ImportRequest, files: readonly CollectedFile[]): string {
  const hash = createHash("sha256");
  const { source, role, format, mode, values, zone } = request;
  hash.update(
    JSON.stringify([
      source,
      role,
      format,
      mode,
      Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)),
      zone,
    ]),
  );
  for (const sha256 of files.map((file) => file.sha256).sort()) hash.update(sha256);
  return hash.digest("hex").slice(0, 16);
}

/** True if every period of an import is still made of it. */
export const isLive = (record: ImportRecord, periods: readonly LakePeriod[]): boolean =>
  record.periods.every(({ billingPeriod }) =>
    periods.some(
      (period) =>
        period.source === record.source &&
        period.billingPeriod === billingPeriod &&
        period.imports.includes(record.id),
    ),
  );

/** In append mode a file that is already in a live import of the source is not added again. */
export function withoutDelivered(
  request: ImportRequest,
  files: readonly CollectedFile[],
  known: readonly ImportRecord[],
  periods: readonly LakePeriod[],
): readonly CollectedFile[] {
  if (request.mode !== "append") return files;
  const live = new Set(
    periods.filter(({ source }) => source === request.source).flatMap(({ imports }) => imports),
  );
  const seen = new Set(
    known.filter(({ id }) => live.has(id)).flatMap((record) => record.files.map(({ sha256 }) => sha256)),
  );
  const fresh = files.filter(({ sha256 }) => !seen.has(sha256));
  return fresh.length === 0 ? files : fresh;
}

/** The same bytes under another source's name would be counted twice. */
export function alsoElsewhere(
  request: ImportRequest,
  files: readonly CollectedFile[],
  known: readonly ImportRecord[],
): string[] {
  return known
    .filter(
      ({ source, files: theirs }) =>
        source !== request.source &&
        theirs.some(({ sha256 }) => files.some((file) => file.sha256 === sha256)),
    )
    .map(
      ({ source }) =>
        `The same file is imported as source ${source} too: its money counts twice unless one of them has another role.`,
    );
}
