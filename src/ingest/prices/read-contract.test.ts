import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatMoney } from "#units/money.ts";
import { Problem } from "#units/problems.ts";
import { readContract } from "./read-contract.ts";

const head = "provider,sku,region,purchase,unit,price,currency,valid_from,valid_to,note";
const line = "aws,p5.48xlarge,us-east-1,on-demand,hour,39.50,USD,2026-01-01,2027-01-01,EDP 2026";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-contract-"));
});
afterEach(() => rm(folder, { recursive: true }));
const read = async (text: string, name = "contract.csv"): ReturnType<typeof readContract> => {
  await writeFile(path.join(folder, name), text);
  return readContract(folder);
};
/** What is wrong with a table, without its folder. */
const faults = async (text: string, name?: string): Promise<string[]> => {
  const problem = await read(text, name).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(problem instanceof Problem)) throw problem ?? new Error("It was taken.");
  expect(problem.at.file).toContain("contract.");
  return [problem, ...problem.others].map(({ message }) => message.replace(`${folder}${path.sep}`, ""));
};

test("a line is a price with its time and where it is written", async () => {
  const contract = await read(`# agreed in December\n${head}\n${line}\n`);
  const [row] = contract?.rows ?? [];
  expect(row === undefined ? "none" : formatMoney(row.price)).toBe("39.5 USD");
  expect(row).toMatchObject({
    service: "compute",
    validFrom: Date.UTC(2026, 0, 1),
    validTo: Date.UTC(2027, 0, 1),
    source: `${path.join(folder, "contract.csv")}, line 3: EDP 2026`,
  });
});

test("the same in YAML, where 39.50 stays 39.50 and not a binary number", async () => {
  const contract = await read(
    `prices:\n  - provider: aws\n    sku: p5.48xlarge\n    region: us-east-1\n    purchase: on-demand\n    unit: hour\n    price: 0.100000000000000001\n    currency: USD\n    valid_from: 2026-01-01\n`,
    "contract.yaml",
  );
  expect(contract?.rows.map(({ price }) => formatMoney(price))).toEqual(["0.100000000000000001 USD"]);
});

test("no file is no contract", async () => {
  expect(await readContract(folder)).toBeUndefined();
});

test("every wrong cell is named with file, line, column and value", async () => {
  const wrong = 'aws,,us-east-1,ondemand,hour,"1,5",usd,2026-02-30,2025-01-01,';
  expect(await faults(`${head}\n${line}\n${wrong}\n`)).toEqual([
    'contract.csv, line 3, column purchase: "ondemand" is none of on-demand, spot, reserved-1y, reserved-3y, savings-plan-1y, savings-plan-3y, committed. Did you mean on-demand?',
    'contract.csv, line 3, column currency: "usd" is no ISO 4217 code such as USD.',
    'contract.csv, line 3, column price: "1,5" is not a plain decimal above zero such as 2.45.',
    'contract.csv, line 3, column valid_from: "2026-02-30" is not a day such as 2026-07-01.',
    "contract.csv, line 3, column sku: the cell is empty.",
  ]);
  for (const price of ["0", "-1", "$5", "1e3", "", "NaN"])
    expect(await faults(`${head}\n${line.replace("39.50", price)}`)).toHaveLength(1);
});

test("a unit is read in any usual spelling, and one that no price is of is refused", async () => {
  for (const unit of ["Hrs", "1 Hour", "hours", "HOUR"])
    expect((await read(`${head}\n${line.replace(",hour,", `,${unit},`)}`))?.rows[0]?.unit).toBe("hour");
  expect(await faults(`${head}\n${line.replace(",hour,", ",second,")}`)).toEqual([
    expect.stringMatching(/^contract.csv, line 2, column unit: "second" is none of hour, month, /),
  ]);
});

test("a price that ends before it begins, and two for the same time, are refused; two that follow each other are not", async () => {
  expect(await faults(`${head}\n${line.replace("2027-01-01", "2026-01-01")}`)).toEqual([
    `contract.csv, line 2, column valid_to: "2026-01-01" is not after valid_from.`,
  ]);
  expect(await faults(`${head}\n${line}\n${line.replace("2026-01-01", "2026-12-31")}`)).toEqual([
    `contract.csv, line 3, column valid_from: "2026-12-31" gives p5.48xlarge a second price for the same time as line 2.`,
  ]);
  const next = line.replace("2026-01-01,2027-01-01", "2027-01-01,");
  expect((await read(`${head}\n${line}\n${next}`))?.rows).toHaveLength(2);
});

test("an unknown or repeated column, a ragged line and an open quote are told with their line", async () => {
  expect(await faults(head.replace("sku", "SKU"))).toEqual([
    expect.stringMatching(/^contract.csv, line 1: there is no column "SKU". Did you mean sku\?/),
  ]);
  expect(await faults(`${head},note`)).toEqual(["contract.csv, line 1: the column note occurs twice."]);
  expect(await faults(`${head}\n${line},more`)).toEqual([expect.stringMatching(/^contract.csv, line 2: /)]);
  expect(await faults(`${head}\n"aws`)).toEqual([expect.stringMatching(/^contract.csv, line 2: /)]);
});

test("YAML that is none, or no list of prices, is told with its line", async () => {
  expect(await faults("prices:\n  - provider: [aws\n", "contract.yaml")).toEqual([
    expect.stringMatching(/line 3: /),
  ]);
  expect(await faults("provider: aws\n", "contract.yaml")).toEqual([
    "contract.yaml, line 1: there is no list of prices.",
  ]);
  expect(await faults("- just text\n", "contract.yaml")).toEqual([
    "contract.yaml, line 1: a price is no mapping of its columns.",
  ]);
  expect(await faults("prices:\n  - provider: {a: b}\n", "contract.yaml")).toEqual([
    "contract.yaml, line 2: provider is no plain value.",
  ]);
  const cell =
    "prices:\n  - provider: aws\n    sku: a\n    region: b\n    purchase: spot\n    unit: hour\n    price: 1_0\n    currency: USD\n    valid_from: 2026-01-01\n";
  expect(await faults(cell, "contract.yaml")).toEqual([
    `contract.yaml, line 7, column price: "1_0" is not a plain decimal above zero such as 2.45.`,
  ]);
});

test("two tables beside each other are refused, since one of them would count for nothing", async () => {
  await writeFile(path.join(folder, "contract.yml"), "[]");
  expect(await faults(`${head}\n${line}`)).toEqual([
    expect.stringContaining("is there too; keep one of them"),
  ]);
});
