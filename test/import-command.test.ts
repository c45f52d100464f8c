import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { formats } from "#ingest/formats.ts";
import { csv, line } from "./imports/bill.ts";
import { ownFolder, plimsoll } from "./imports/kit.ts";

test("the formats are listed without a bill to import", async () => {
  const { exit, stdout } = await plimsoll(["import", "--formats"]);
  expect(exit).toBe(0);
  for (const { name } of formats) expect(stdout).toMatch(new RegExp(`^${name} +`, "m"));
  const { stdout: json } = await plimsoll(["import", "--formats", "--json"]);
  expect(JSON.parse(json)).toEqual({ formats: formats.map(({ name, what }) => ({ name, what })) });
});

test("an import of nothing is refused and says what to write", async () => {
  const { folder, remove } = await ownFolder();
  expect(await plimsoll(["import", "--data", folder])).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^Error option-invalid: plimsoll import needs a file/),
  });
  await remove();
});

test("a column that is stated twice is refused, whatever its case of letters", async () => {
  const { folder, remove } = await ownFolder();
  const set = ["--set", "BillingCurrency=USD", "--set", "billingcurrency=EUR"];
  expect(await plimsoll(["import", "bill.csv", "--source", "a", "--data", folder, ...set])).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^Error option-invalid: --set states BillingCurrency twice: USD and EUR\./),
  });
  await remove();
});

test("a stated value that FOCUS does not allow is refused with those that it does", async () => {
  const { folder, remove } = await ownFolder();
  const bill = path.join(folder, "bill.csv");
  await writeFile(bill, csv(line()));
  const importing = (value: string): ReturnType<typeof plimsoll> =>
    plimsoll(["import", bill, "--source", "a", "--data", path.join(folder, "data"), "--set", value]);
  const { exit, stderr } = await importing("ChargeCategory=Foo");
  expect({ exit, stderr }).toEqual({
    exit: 2,
    stderr: `Error option-invalid: --set ChargeCategory=Foo: "Foo" is not a value that FOCUS allows in this column.
FOCUS allows Usage, Purchase, Tax, Credit, Adjustment.
`,
  });
  expect((await importing("ServiceSubcategory=Generative Ai")).stderr).toContain(
    "Did you mean Generative AI?",
  );
  expect((await importing("ChargeClass=Correction")).exit).toBe(0);
  await remove();
});

test("an import that changes nothing says what the period holds beside it", async () => {
  const { folder, remove } = await ownFolder();
  const [first, second] = [path.join(folder, "a.csv"), path.join(folder, "b.csv")];
  await writeFile(first, csv(line({ BilledCost: "1" })));
  await writeFile(second, csv(line({ BilledCost: "2" })));
  const importing = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll(["import", ...args, "--source", "aws", "--data", path.join(folder, "data")]);
  await importing(first);
  expect((await importing(first)).stdout).toBe(
    "Nothing changed: source aws already holds exactly this delivery (1 charge).\n",
  );
  await importing(second, "--mode", "append");
  const { exit, stdout } = await importing(first);
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: `Nothing changed: source aws already holds this delivery.
2026-07 holds 2 deliveries, 2 charges in all; with --mode overwrite only what is given now would stay.
`,
  });
  expect((await importing(first, "--mode", "overwrite")).stdout).toContain("BilledCost 3 → 1 USD (-2)");
  await remove();
});
