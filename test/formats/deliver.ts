import path from "node:path";
import { onTestFinished } from "vitest";
import { type ChargeColumn, chargeColumnType } from "#facts/charge-columns.ts";
import type { ImportResult } from "#flows/import/import-delivery.ts";
import type { ImportRequest } from "#flows/import/import-request.ts";
import { openLake } from "#lake/open-lake.ts";
import { join, raw, sql } from "#lake/sql.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { bring, ownFolder } from "../imports/kit.ts";

/** A lake of its own, in a folder that goes when it is closed. */
export interface TestLake {
  readonly data: string;
  /** Writes files and imports them as one delivery of the source `test`. */
  deliver(
    files: Readonly<Record<string, string | Uint8Array>>,
    options?: Partial<ImportRequest>,
  ): Promise<ImportResult>;
  /** Every charge in order of file, row and kind: these columns as text, decimals without trailing zeros. */
  charges<C extends ChargeColumn>(...columns: readonly C[]): Promise<Record<C, string | null>[]>;
  close(): Promise<void>;
}

/** A lake for one test. */
export async function testLake(): Promise<TestLake> {
  const lake = await openTestLake();
  onTestFinished(() => lake.close());
  return lake;
}

/** A lake for several tests; whoever opens it closes it. */
export async function openTestLake(): Promise<TestLake> {
  const { folder, data, write, remove } = await ownFolder();
  let deliveries = 0;
  return {
    data,
    deliver: async (files, options = {}) => {
      const delivery = `delivery-${++deliveries}`;
      for (const [name, content] of Object.entries(files)) await write(path.join(delivery, name), content);
      return importFiles(data, [path.join(folder, delivery)], options);
    },
    charges: (...columns) => readCharges(data, columns),
    close: remove,
  };
}

export function importFiles(
  data: string,
  inputs: readonly string[],
  options: Partial<ImportRequest> = {},
): Promise<ImportResult> {
  return bring(data, inputs, { source: "test", role: "invoice", now: 0, ...options });
}

async function readCharges<C extends ChargeColumn>(
  data: string,
  columns: readonly C[],
): Promise<Record<C, string | null>[]> {
  const lake = await openLake(data);
  try {
    const list = columns.map(
      (column) => sql`${lake.dialect.text(raw(`"${column}"`))} as ${raw(`"${column}"`)}`,
    );
    const rows = await lake.engine.query(
      sql`select ${join(list, ", ")} from ${lake.dialect.table("charges")} charges
        order by "x_File", "x_Row", "ChargeCategory", "CommitmentDiscountStatus" nulls first, charges."BilledCost"`,
    );
    return rows.map(
      (row) =>
        Object.fromEntries(columns.map((column) => [column, shown(column, row[column])])) as Record<
          C,
          string | null
        >,
    );
  } finally {
    lake.close();
  }
}

function shown(column: ChargeColumn, value: unknown): string | null {
  if (typeof value !== "string") return null;
  return chargeColumnType(column) === "decimal" ? formatDecimal(decimal(value)) : value;
}

/** The sum of a column over charges, exact; unknown values don't count. */
export function total<C extends string>(charges: readonly Record<C, string | null>[], column: C): string {
  return formatDecimal(charges.reduce((sum, charge) => sum + decimal(charge[column] ?? "0"), 0n));
}

/** What a delivery is refused with. */
export async function refusal(
  imported: Promise<unknown>,
): Promise<Pick<ProblemReport, "code" | "message" | "at" | "hint">> {
  const problem = await imported.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(problem instanceof Problem)) throw new Error("It was not refused.", { cause: problem });
  const { code, message, at, hint } = problem;
  return { code, message, at, hint };
}
