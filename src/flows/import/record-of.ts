import path from "node:path";
import type { ImportRecord } from "#lake/import-record.ts";
import type { Validated } from "#lake/validate/validate-delivery.ts";
import type { ImportRequest } from "./import-request.ts";
import type { Change } from "./plan-change.ts";
import type { Delivery } from "./read-delivery.ts";

/** What is kept of an import. */
export function recordOf(
  request: ImportRequest,
  { files, groups, roundedAmounts }: Delivery,
  { id, version, role, mode, periods }: Change,
  validated: Validated,
  notes: readonly string[],
): ImportRecord {
  const staged = groups.flatMap(({ mapping, files: all }) => all.map((file) => ({ file, mapping })));
  return {
    id,
    version,
    source: request.source,
    role,
    mode,
    at: request.now,
    ...(request.part === undefined ? {} : { part: request.part }),
    declared: {
      values: Object.fromEntries(Object.entries(request.values)),
      ...(request.format === undefined ? {} : { format: request.format }),
      ...(request.zone === undefined ? {} : { zone: request.zone }),
    },
    files: files.map(({ path: file, bytes, sha256 }, index) => {
      const found = staged.find((each) => each.file.input.number === index + 1);
      const format = found === undefined ? "" : `${found.mapping.format} ${found.mapping.version}`;
      return { name: path.basename(file), bytes, sha256, rows: found?.file.rows ?? 0, format };
    }),
    periods: periods.map(({ billingPeriod, rows, totals, unknown, files: hashes, import: held }) => ({
      billingPeriod,
      rows,
      totals,
      unknown,
      files: [...hashes],
      import: held,
    })),
    roundedAmounts,
    notes: [...notes, ...new Set(groups.flatMap(({ mapping }) => mapping.notes))],
    ...validated,
  };
}
