import type { PriceRow } from "#facts/price.ts";
import { Problem } from "#units/problems.ts";
import { contractColumns, contractRows } from "./contract-rows.ts";
import { readTable } from "./read-table.ts";

/** A contract table that was read. */
export interface Contract {
  readonly file: string;
  readonly rows: readonly PriceRow[];
}

const contractShape = { name: "contract", item: "price", columns: contractColumns, key: "prices" } as const;

/**
 * Reads `contract.csv`, or `contract.yaml`, of a folder; undefined if there is none.
 * @throws Problem "price-file-invalid" with file, line, column and value of everything that is wrong, "input-too-large", "source-unreadable"
 */
export async function readContract(folder: string): Promise<Contract | undefined> {
  const table = await readTable(folder, contractShape);
  if (table === undefined) return undefined;
  const { rows, problems } = contractRows(table.lines, table.file);
  const [first, ...others] = problems;
  if (first !== undefined) throw new Problem(first.code, first.message, { at: first.at ?? {}, others });
  return { file: table.file, rows };
}
