import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closePeriods } from "#flows/close-periods.ts";
import { importRecords } from "#lake/import-record.ts";
import { readLake } from "#lake/snapshot.ts";
import { csv, july, line } from "./imports/bill.ts";
import { books } from "./imports/books.ts";
import { bring, contents, ownFolder, type OwnFolder } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
beforeEach(async () => {
  own = await ownFolder();
  data = own.data;
});
afterEach(() => own.remove());

const june = (cost: string): string =>
  line({
    BilledCost: cost,
    BillingPeriodStart: "2026-06-01T00:00:00Z",
    BillingPeriodEnd: "2026-07-01T00:00:00Z",
    ChargePeriodStart: "2026-06-03T00:00:00Z",
    ChargePeriodEnd: "2026-06-03T01:00:00Z",
  });

const write: OwnFolder["write"] = (name, text) => own.write(name, text);

describe("the same again", () => {
  test("the same file changes nothing", async () => {
    const bill = await write("july.csv", july("1", "2.5"));
    expect((await bring(data, bill)).changed).toBe(true);
    const before = await contents(data);
    expect((await bring(data, bill)).changed).toBe(false);
    expect(await contents(data)).toEqual(before);
  });

  test("the same bytes under another name, or saying the format's own mode, change nothing", async () => {
    await bring(data, await write("july.csv", july("1")));
    const before = await contents(data);
    expect((await bring(data, await write("copy.csv", july("1")))).changed).toBe(false);
    expect((await bring(data, await write("copy.csv", july("1")), { mode: "overwrite" })).changed).toBe(
      false,
    );
    expect(await contents(data)).toEqual(before);
  });

  test("the same bytes twice in one delivery count once, and it is said", async () => {
    await write("bills/a.csv", july("1"));
    await write("bills/b.csv", july("1"));
    const { record } = await bring(data, path.join(own.folder, "bills"));
    expect(record.notes.join()).toContain("b.csv has the same bytes as a.csv and counts once");
    expect(await books(data)).toEqual({ "aws 2026-07": "1" });
  });

  test("a folder that grew by a month leaves its other months alone, even closed ones", async () => {
    const bills = path.join(own.folder, "bills");
    await write("bills/06.csv", csv(june("5")));
    await bring(data, bills);
    await closePeriods({ data, source: "aws", billingPeriods: ["2026-06"], closed: true, now: 0 });
    await write("bills/07.csv", july("7"));
    const { changed, unchanged, restatement } = await bring(data, bills);
    expect({ changed, unchanged, restatement }).toEqual({
      changed: true,
      unchanged: ["2026-06"],
      restatement: { periods: [] },
    });
    expect(await books(data)).toEqual({ "aws 2026-06": "5", "aws 2026-07": "7" });
    expect((await bring(data, bills)).changed).toBe(false);
    // And each file by itself is there already, too.
    expect((await bring(data, path.join(bills, "07.csv"))).changed).toBe(false);
  });
});

describe("a correction", () => {
  test("replaces its period and says what moved, digit for digit", async () => {
    await bring(data, await write("july.csv", july("1", "0.000000000000000001")));
    const { restatement } = await bring(data, await write("july-2.csv", july("1.1", "0.3", "-2")));
    expect(restatement.periods).toEqual([
      {
        billingPeriod: "2026-07",
        rowsBefore: 2,
        rowsAfter: 3,
        moved: [
          {
            currency: "USD",
            column: "BilledCost",
            before: "1.000000000000000001",
            after: "-0.6",
            difference: "-1.600000000000000001",
          },
          ...["EffectiveCost", "ContractedCost", "ListCost"].map((column) => ({
            currency: "USD",
            column,
            before: "3",
            after: "4.5",
            difference: "1.5",
          })),
        ],
        beforeReadable: true,
        services: [
          {
            serviceName: "Compute",
            currency: "USD",
            before: "1.000000000000000001",
            after: "-0.6",
            difference: "-1.600000000000000001",
          },
        ],
      },
    ]);
    expect(await books(data)).toEqual({ "aws 2026-07": "-0.6" });
  });

  test("of one of two periods leaves the other untouched, file for file", async () => {
    await bring(data, await write("both.csv", csv(june("5"), line({ BilledCost: "7" }))));
    const before = (await readLake(data)).periods[0];
    await bring(data, await write("july.csv", july("8")));
    expect((await readLake(data)).periods[0]).toEqual(before);
    expect(await books(data)).toEqual({ "aws 2026-06": "5", "aws 2026-07": "8" });
    // The older delivery of both brings July back and does not touch June.
    const { unchanged, restatement } = await bring(data, path.join(own.folder, "both.csv"));
    expect(unchanged).toEqual(["2026-06"]);
    expect(restatement.periods.map(({ billingPeriod }) => billingPeriod)).toEqual(["2026-07"]);
    expect((await readLake(data)).periods[0]).toEqual(before);
    expect(await books(data)).toEqual({ "aws 2026-06": "5", "aws 2026-07": "7" });
  });

  test("A, B, A, B, A: the last one said is the one in force", async () => {
    const a = await write("a.csv", july("1"));
    const b = await write("b.csv", july("2"));
    for (const [bill, cost] of [
      [a, "1"],
      [b, "2"],
      [a, "1"],
      [b, "2"],
      [a, "1"],
    ] as const) {
      expect((await bring(data, bill)).changed).toBe(true);
      expect((await bring(data, bill)).changed).toBe(false);
      expect(await books(data)).toEqual({ "aws 2026-07": cost });
    }
    expect((await importRecords(data)).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  });

  test("in what was stated for the delivery reads it anew", async () => {
    const bill = await write("bill.csv", july("1"));
    await bring(data, bill);
    const { changed } = await bring(data, bill, { values: { InvoiceIssuerName: "Cloud Inc" } });
    expect(changed).toBe(true);
    expect(await books(data)).toEqual({ "aws 2026-07": "1" });
  });

  test("of another source changes nothing here", async () => {
    await bring(data, await write("a.csv", july("1")));
    const { record } = await bring(data, await write("b.csv", july("1")), { source: "azure" });
    expect(record.notes.join()).toContain("imported as source aws too");
    expect(await books(data)).toEqual({ "aws 2026-07": "1", "azure 2026-07": "1" });
  });
});

describe("appending", () => {
  const append = { mode: "append" } as const;

  test("adds, and an identical file is not added again, alone or among others", async () => {
    const [a, b, c] = [
      await write("a.csv", july("1")),
      await write("b.csv", july("2")),
      await write("c.csv", july("4")),
    ];
    await bring(data, a, append);
    const { restatement } = await bring(data, b, append);
    expect(restatement.periods[0]).toMatchObject({ rowsBefore: 1, rowsAfter: 2 });
    for (const again of [a, b, [a, b]]) expect((await bring(data, again, append)).changed).toBe(false);
    expect(await books(data)).toEqual({ "aws 2026-07": "3" });
    expect((await bring(data, [a, b, c], append)).record.files.map(({ name }) => name)).toEqual(["c.csv"]);
    expect(await books(data)).toEqual({ "aws 2026-07": "7" });
  });

  test("after an overwrite; the same two commands again change nothing", async () => {
    const [a, b] = [await write("a.csv", july("1")), await write("b.csv", july("2"))];
    for (const changed of [true, false]) {
      expect((await bring(data, a)).changed).toBe(changed);
      expect((await bring(data, b, append)).changed).toBe(changed);
    }
    expect(await books(data)).toEqual({ "aws 2026-07": "3" });
  });

  test("what was put together is replaced only if that is said", async () => {
    const [a, b, c] = [
      await write("a.csv", july("1")),
      await write("b.csv", july("2")),
      await write("c.csv", july("4")),
    ];
    await bring(data, a);
    await bring(data, b, append);
    await expect(bring(data, c)).rejects.toMatchObject({ code: "option-invalid" });
    expect(await books(data)).toEqual({ "aws 2026-07": "3" });
    await bring(data, c, { mode: "overwrite" });
    expect(await books(data)).toEqual({ "aws 2026-07": "4" });
    // What was replaced is gone, so it is no longer "added already".
    await bring(data, a, append);
    expect(await books(data)).toEqual({ "aws 2026-07": "5" });
    await bring(data, a, { mode: "overwrite" });
    expect(await books(data)).toEqual({ "aws 2026-07": "1" });
  });

  test("what is imported again stays beside what was appended, unless it is to be alone", async () => {
    const [a, b] = [await write("a.csv", july("1")), await write("b.csv", july("2"))];
    await bring(data, a);
    await bring(data, b, append);
    const shared = [{ billingPeriod: "2026-07", deliveries: 2, rows: 2 }];
    for (const options of [{}, append]) {
      expect(await bring(data, a, options)).toMatchObject({ changed: false, shared });
      expect(await books(data)).toEqual({ "aws 2026-07": "3" });
    }
    expect(await bring(data, a, { mode: "overwrite" })).toMatchObject({ changed: true, shared: [] });
    expect(await books(data)).toEqual({ "aws 2026-07": "1" });
    for (const options of [{}, append, { mode: "overwrite" } as const]) {
      expect(await bring(data, a, options)).toMatchObject({ changed: false, shared: [] });
      expect(await books(data)).toEqual({ "aws 2026-07": "1" });
    }
  });

  test("a file that was read in another way, or another role, is refused", async () => {
    const a = await write("a.csv", july("1"));
    await bring(data, a, append);
    const stated = { ...append, values: { InvoiceIssuerName: "x" } };
    await expect(bring(data, a, stated)).rejects.toMatchObject({ code: "option-invalid" });
    const b = await write("b.csv", july("2"));
    await expect(bring(data, b, { ...append, role: "estimate" })).rejects.toMatchObject({
      code: "option-invalid",
    });
    expect(await books(data)).toEqual({ "aws 2026-07": "1" });
  });
});

describe("roles", () => {
  test("a source keeps its role until another is said", async () => {
    await bring(data, await write("a.csv", july("1")), { source: "opencost", role: "allocation" });
    const { record } = await bring(data, await write("b.csv", csv(june("2"))), { source: "opencost" });
    expect(record.role).toBe("allocation");
    await bring(data, await write("a.csv", july("1")), { source: "opencost", role: "estimate" });
    expect((await readLake(data)).periods.map(({ role }) => role)).toEqual(["allocation", "estimate"]);
  });
});

describe("closed periods", () => {
  const close = (closed: boolean) =>
    closePeriods({ data, source: "aws", billingPeriods: ["2026-07"], closed, now: 0 });

  test("refuse a delivery that would change them, unless it is forced; then what moved is said", async () => {
    await bring(data, await write("a.csv", july("1")));
    expect((await close(true)).changed).toEqual(["2026-07"]);
    expect((await close(true)).changed).toEqual([]);
    const before = await contents(data);
    const b = await write("b.csv", csv(june("5"), line({ BilledCost: "2" })));
    await expect(bring(data, b)).rejects.toMatchObject({ code: "period-closed" });
    await expect(bring(data, b, { mode: "append" })).rejects.toMatchObject({ code: "period-closed" });
    expect(await contents(data)).toEqual(before);
    expect((await bring(data, path.join(own.folder, "a.csv"))).changed).toBe(false);
    const { restatement } = await bring(data, b, { force: true });
    expect(restatement.periods[0]?.moved[0]).toMatchObject({ before: "1", after: "2", difference: "1" });
    expect((await readLake(data)).periods.map(({ closed }) => closed)).toEqual([false, true]);
    await close(false);
    await bring(data, path.join(own.folder, "a.csv"));
    expect(await books(data)).toEqual({ "aws 2026-06": "5", "aws 2026-07": "1" });
  });

  test("a source or period that is not there is named, and nothing is made", async () => {
    await expect(close(true)).rejects.toMatchObject({ code: "lake-empty" });
    expect(await contents(own.folder)).toEqual({});
    await bring(data, await write("a.csv", csv(june("1"))));
    await expect(close(true)).rejects.toMatchObject({ code: "period-unknown" });
  });
});
