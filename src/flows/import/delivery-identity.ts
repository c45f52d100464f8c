import { createHash } from "node:crypto";
import type { ImportMode } from "#facts/import-mode.ts";
import type { Role } from "#facts/role.ts";
import type { ImportRecord } from "#lake/import-record.ts";
import type { LakePeriod } from "#lake/snapshot.ts";
import { Problem } from "#units/problems.ts";
import type { CollectedFile } from "./collect-files.ts";
import type { ImportRequest } from "./import-request.ts";

/** What was there before a delivery. */
export interface Before {
  /** Records of the source's imports, oldest first. */
  readonly records: readonly ImportRecord[];
  /** Live periods of the source. */
  readonly periods: readonly LakePeriod[];
}

/** The name of an import, in its files' paths and in its charges: the delivery's bytes and the version that it makes. */
export function importId(files: readonly CollectedFile[], version: number): string {
  const hash = createHash("sha256");
  for (const sha256 of files.map((file) => file.sha256).sort()) hash.update(sha256);
  return `${hash.digest("hex").slice(0, 12)}-v${version}`;
}

/** True if an import read its files as this request would. */
const readAlike = ({ declared, role }: ImportRecord, request: ImportRequest): boolean =>
  settings(role, declared) === settings(request.role ?? role, request);

const settings = (role: Role, { format, zone, values }: ImportRecord["declared"]): string =>
  JSON.stringify([
    role,
    format ?? null,
    zone ?? null,
    Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);

/**
 * The import that brought exactly these files before and is still all there; undefined if the delivery is news.
 * What was appended to it since does not matter, unless the person asks for the period to hold this delivery alone.
 */
export function sameDelivery(
  request: ImportRequest,
  files: readonly CollectedFile[],
  { records, periods }: Before,
): ImportRecord | undefined {
  // What is appended twice counts twice, forced or not.
  if (request.force && request.mode !== "append") return undefined;
  const hashes = textOf(files.map(({ sha256 }) => sha256));
  return [...records].reverse().find(
    (record) =>
      textOf(record.files.map(({ sha256 }) => sha256)) === hashes &&
      readAlike(record, request) &&
      record.periods.every(({ billingPeriod, import: id }) => {
        const imports = periods.find((period) => period.billingPeriod === billingPeriod)?.imports ?? [];
        return imports.includes(id) && (imports.length === 1 || request.mode !== "overwrite");
      }),
  );
}

const textOf = (hashes: readonly string[]): string => JSON.stringify([...hashes].sort());

/**
 * What is new in an appended delivery: a file that is in a live import of the source is not added again.
 * @throws Problem "option-invalid" if such a file was read in another way than it would be now: adding it would double its money,
 * and leaving it out would keep quiet about that
 */
export function withoutDelivered(
  request: ImportRequest,
  files: readonly CollectedFile[],
  { records, periods }: Before,
): readonly CollectedFile[] {
  const live = new Set(periods.flatMap(({ imports }) => imports));
  const held = records.filter((record) => record.periods.some(({ import: id }) => live.has(id)));
  return files.filter(({ sha256, path: file }) => {
    const holders = held.filter((record) => record.files.some((known) => known.sha256 === sha256));
    if (holders.length > 0 && !holders.some((record) => readAlike(record, request))) {
      throw new Problem(
        "option-invalid",
        `${file} is in source ${request.source} already, read with other --role, --format, --timezone or --set.`,
        {
          at: { file },
          hint: "To read it anew, import all files of its billing periods again with --mode overwrite.",
        },
      );
    }
    return holders.length === 0;
  });
}

/** True if a period holds exactly the charges that these files would bring. */
export function holdsAlready(
  request: ImportRequest,
  billingPeriod: string,
  hashes: readonly string[],
  { records, periods }: Before,
): string | undefined {
  if (request.force) return undefined;
  const imports = periods.find((period) => period.billingPeriod === billingPeriod)?.imports ?? [];
  const [only] = imports;
  const record = records.find(({ id }) => id === only);
  if (imports.length !== 1 || record === undefined || !readAlike(record, request)) return undefined;
  const held = record.periods.find((period) => period.billingPeriod === billingPeriod)?.files ?? [];
  return textOf(held) === textOf(hashes) ? only : undefined;
}

/**
 * @throws Problem "option-invalid" if replacing would drop deliveries that were put together, and nobody said so, or if charges of
 * another role would be mixed into a period
 */
export function refuseSurprise(
  request: ImportRequest,
  role: Role,
  mode: ImportMode,
  billingPeriod: string,
  { periods }: Before,
): void {
  const before = periods.find((period) => period.billingPeriod === billingPeriod);
  if (before === undefined) return;
  const named = `${request.source} ${billingPeriod}`;
  if (mode === "append" && before.role !== role) {
    const message = `${named} has the role ${before.role}; charges of the role ${role} can't be appended to it.`;
    throw new Problem("option-invalid", message, {
      hint: "Import them as a source of their own: only one role per money is summed.",
    });
  }
  if (mode === "overwrite" && before.imports.length > 1 && request.mode === undefined) {
    const message = `${named} was put together from ${before.imports.length} deliveries, which this one would replace.`;
    throw new Problem("option-invalid", message, {
      hint: "Say --mode overwrite to replace them all, or --mode append to add this delivery to them.",
    });
  }
}

/** The same bytes as another source's, in the same role, would be counted twice. */
export function alsoElsewhere(
  request: ImportRequest,
  role: Role,
  files: readonly CollectedFile[],
  known: readonly ImportRecord[],
  periods: readonly LakePeriod[],
): string[] {
  const live = new Set(periods.flatMap(({ imports }) => imports));
  const others = known.filter(
    (record) =>
      record.source !== request.source &&
      record.role === role &&
      live.has(record.id) &&
      record.files.some(({ sha256 }) => files.some((file) => file.sha256 === sha256)),
  );
  return [...new Set(others.map(({ source }) => source))].map(
    (source) =>
      `The same file is imported as source ${source} too: its money counts twice unless one of them has another role.`,
  );
}
