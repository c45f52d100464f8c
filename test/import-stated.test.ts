import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { csv, line } from "./imports/bill.ts";
import { books } from "./imports/books.ts";
import { bring, ownFolder } from "./imports/kit.ts";

let own: Awaited<ReturnType<typeof ownFolder>>;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = path.join(own.folder, "data");
});
afterEach(() => own.remove());

const july = (cost: string): string => csv(line({ BilledCost: cost }));

async function write(name: string, text: string): Promise<string> {
  const full = path.join(own.folder, name);
  await writeFile(full, text);
  return full;
}

test("a stated value for what the delivery says itself changes no charge, and it is said", async () => {
  const { record } = await bring(data, await write("bill.csv", july("1")), { values: { BilledCost: "5" } });
  expect(record.notes.join()).toContain("--set BilledCost fills empty cells only");
  expect(await books(data)).toEqual({ "aws 2026-07": "1" });
});

test("a stated cost fills the empty cells, and the books count it", async () => {
  const bill = await write("bill.csv", csv(line({ BilledCost: "" }), line({ BilledCost: "10" })));
  await bring(data, bill, { values: { BilledCost: "5.25" } });
  expect(await books(data)).toEqual({ "aws 2026-07": "15.25" });
});

test("a stated cost is read as a cell is", async () => {
  for (const [index, cost] of [".5", "5.", "-1.5E-1"].entries()) {
    const source = `s${index}`;
    const written = await write(`written${index}.csv`, july(cost));
    const stated = await write(`stated${index}.csv`, july(""));
    await bring(data, written, { source });
    await bring(data, stated, { source: `${source}-stated`, values: { BilledCost: cost } });
    const found = await books(data);
    expect(found[`${source}-stated 2026-07`]).toBe(found[`${source} 2026-07`]);
  }
});
