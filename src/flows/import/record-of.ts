import path from "node:path";
import type { ImportMode } from "#facts/import-mode.ts";
import type { Role } from "#facts/role.ts";
import type { ImportRecord } from "#lake/import-record.ts";
import type { Group } from "#lake/import/delivery-sql.ts";
import type { PeriodTotals } from "#lake/import/survey-delivery.ts";
import type { Validated } from "#lake/validate/validate-delivery.ts";
import type { CollectedFile } from "./collect-files.ts";
import type { ImportRequest } from "./import-request.ts";

/** What is kept of an import. */
export function recordOf(about: {
  readonly request: ImportRequest;
  readonly id: string;
  readonly version: number;
  readonly role: Role;
  readonly mode: ImportMode;
  readonly groups: readonly Group[];
  readonly files: readonly CollectedFile[];
  readonly periods: readonly (PeriodTotals & { readonly files: string[]; readonly import: string })[];
  readonly roundedAmounts: number;
  readonly notes: readonly string[];
  readonly validated: Validated;
}): ImportRecord {
  const { request, id, version, role, mode, groups, roundedAmounts } = about;
  const staged = groups.flatMap(({ mapping, files: all }) => all.map((file) => ({ file, mapping })));
  return {
    id,
    version,
    source: request.source,
    role,
    mode,
    at: request.now,
    declared: {
      values: Object.fromEntries(Object.entries(request.values)),
      ...(request.format === undefined ? {} : { format: request.format }),
      ...(request.zone === undefined ? {} : { zone: request.zone }),
    },
    files: about.files.map(({ path: file, bytes, sha256 }, index) => {
      const found = staged.find((each) => each.file.input.number === index + 1);
      const format = found === undefined ? "" : `${found.mapping.format} ${found.mapping.version}`;
      return { name: path.basename(file), bytes, sha256, rows: found?.file.rows ?? 0, format };
    }),
    periods: about.periods.map(({ billingPeriod, rows, totals, unknown, files, import: held }) => ({
      billingPeriod,
      rows,
      totals,
      unknown,
      files,
      import: held,
    })),
    roundedAmounts,
    notes: [...about.notes, ...new Set(groups.flatMap(({ mapping }) => mapping.notes))],
    ...about.validated,
  };
}
