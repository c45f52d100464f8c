import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { type AcceleratorCells, acceleratorOf, type AcceleratorSpec } from "#facts/accelerator.ts";
import { type Machine, type MachineCells, machineOf } from "#facts/machine.ts";
import type { PriceRow } from "#facts/price.ts";
import { parsePriceBook } from "#facts/price-book.ts";
import { parseTokenCatalogue, type TokenCatalogue } from "#facts/token-catalogue.ts";
import { Problem } from "#units/problems.ts";

/** The prices that came with Plimsoll; read at the first call. */
export const shippedPrices = once(async (): Promise<readonly PriceRow[]> => {
  const parsed = parsePriceBook(JSON.parse(await catalogueText("prices.json")));
  if (parsed.ok) return parsed.book.rows;
  throw new Problem("internal", `The shipped catalogue of prices is damaged: ${parsed.faults.join("; ")}.`);
});

/** What machine types consist of; read at the first call. */
export const shippedMachines = once(async (): Promise<readonly Machine[]> =>
  (await catalogueRows<MachineCells>("machines.csv")).map(machineOf),
);

/** What accelerators can do; read at the first call. */
export const shippedAccelerators = once(async (): Promise<readonly AcceleratorSpec[]> =>
  (await catalogueRows<AcceleratorCells>("accelerators.csv")).map(acceleratorOf),
);

/** The token prices that came with Plimsoll; read at the first call. */
export const shippedTokenPrices = once(async (): Promise<TokenCatalogue> =>
  parseTokenCatalogue(JSON.parse(await catalogueText("token-prices.json"))),
);

const catalogueText = (name: string): Promise<string> =>
  readFile(new URL(`../../../catalog/${name}`, import.meta.url), "utf8");

const catalogueRows = async <T>(name: string): Promise<T[]> =>
  parse<T>(await catalogueText(name), { columns: true, comment: "#", comment_no_infix: true });

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
}
