import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { ImportRequest } from "#flows/import/import-request.ts";
import type { Place, ProblemCode } from "#units/problems.ts";

/** A delivery that must be refused. */
export interface BadCase {
  readonly name: string;
  /** Writes the delivery into an empty folder and answers with what is imported. */
  readonly make: (folder: string) => Promise<string | string[]>;
  readonly options?: Partial<ImportRequest>;
  readonly code: ProblemCode;
  /** What the problem must say of its place; `file` is the name's end. */
  readonly at?: Place;
  /** What the message must say. */
  readonly says?: RegExp;
  /** How many more problems are listed. */
  readonly others?: number;
}

export const header =
  "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,Tags";

const cells = {
  BilledCost: "1.5",
  EffectiveCost: "1.5",
  ListCost: "1.5",
  ContractedCost: "1.5",
  BillingCurrency: "USD",
  BillingPeriodStart: "2026-07-01T00:00:00Z",
  BillingPeriodEnd: "2026-08-01T00:00:00Z",
  ChargePeriodStart: "2026-07-01T00:00:00Z",
  ChargePeriodEnd: "2026-07-01T01:00:00Z",
  ChargeCategory: "Usage",
  ServiceName: "Compute",
  Tags: "{}",
};

export type Column = keyof typeof cells;

/** A line of the CSV, with some cells written otherwise. */
export const line = (changed: Partial<Record<Column, string>> = {}): string =>
  Object.values({ ...cells, ...changed }).join(",");

/** A CSV of a header and lines. */
export const csv = (...lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;

/** Writes one file and imports it. */
export const file =
  (name: string, content: string | Buffer): BadCase["make"] =>
  async (folder) => {
    const full = path.join(folder, name);
    await writeFile(full, content);
    return full;
  };

/** Writes several files and imports their folder. */
export const files =
  (contents: Readonly<Record<string, string | Buffer>>): BadCase["make"] =>
  async (folder) => {
    for (const [name, content] of Object.entries(contents)) await writeFile(path.join(folder, name), content);
    return folder;
  };
