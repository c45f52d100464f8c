import * as fc from "fast-check";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noAttribution } from "#facts/attribution.ts";
import { parseFilter } from "#facts/cost-question.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { answerReport } from "#flows/report/answer-report.ts";
import { readLake } from "#lake/snapshot.ts";
import { type FixtureRow, focusCsv } from "../engines/focus-csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";
import { csvRows, send, storedRows } from "./kit.ts";

const HUGE = "99999999999999999999.999999999999999999";
const rows: readonly FixtureRow[] = [
  {
    BilledCost: "1.000000000000000001",
    ServiceName: 'says "hello", twice',
    Tags: '{"team":"search","a":"1"}',
  },
  { BilledCost: "-0.000000000000000001", ServiceName: "two\nlines", ResourceName: "a\r\nb\rc\td" },
  { BilledCost: HUGE, EffectiveCost: "", ListCost: "", ServiceName: "=1+1", ResourceName: "'quoted'" },
  { BilledCost: `-${HUGE}`, EffectiveCost: "0", ResourceId: " NULL ", ResourceName: "00123" },
  {
    BilledCost: "5",
    ServiceName: "żółć 🦑 ١٢٣",
    Tags: '{"team":"vision","ключ":"\\"x\\", {y}"}',
    RegionId: "-",
  },
  {
    BilledCost: "5",
    ServiceName: "żółć 🦑 ١٢٣",
    Tags: '{"team":"vision","ключ":"\\"x\\", {y}"}',
    RegionId: "-",
  },
  {
    BilledCost: "7.25",
    ChargeClass: "Correction",
    ConsumedQuantity: "3000000",
    ConsumedUnit: "Tokens",
    SkuPriceDetails: '{"ModelId":"m-1","GpuCount":2}',
    PricingQuantity: "1.5",
    PricingUnit: "Hours",
    x_Project: "blue, or green",
    x_Empty: "",
  },
  { BilledCost: "0", BillingCurrency: "EUR", ChargePeriodStart: "2026-07-31T23:59:59.123Z" },
];
// A quoted word that a reader takes for nothing where it is bare.
const nullWord = focusCsv(rows).replace(" NULL ", '"NULL"');

const rules = {
  ...noAttribution,
  rules: [
    {
      id: "blue",
      strength: "rule" as const,
      when: [parseFilter("extra:x_Project~blue")],
      set: { team: "blue", costCenter: "cc-1" },
    },
  ],
};

const publish = (data: string): Promise<unknown> =>
  publishRules(
    data,
    rules,
    0,
    () => {},
    () => {},
  );

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", nullWord));
  await publish(own.data);
});
afterAll(() => own.remove());

const report = async (data: string): Promise<unknown> => {
  const { table } = await answerReport(data, "cost", {
    by: ["Team", "CostCenter", "TeamBasis"],
    measures: ["EffectiveCost", "BilledCost", "x_Tokens", "x_GpuHours"],
    now: 0,
  });
  return table;
};
const totals = async (data: string): Promise<unknown> =>
  (await readLake(data)).periods.map((period) => [period.billingPeriod, period.rows, period.totals]);

describe.each(["csv", "csv.gz", "parquet"])("as %s", (form) => {
  test("what is exported and imported into an empty lake is the same, charge by charge, and so are totals and reports", async () => {
    const file = `${own.folder}/out.${form}`;
    const { rows: count } = await send(own.data, file, { version: "1.5" });
    expect(count).toBe(rows.length);
    const fresh = `${own.folder}/fresh-${form}`;
    await bring(fresh, file, { source: "again" });
    await publish(fresh);
    expect(await storedRows(fresh)).toEqual(await storedRows(own.data));
    expect(await totals(fresh)).toEqual(await totals(own.data));
    expect(await report(fresh)).toEqual(await report(own.data));
  });
});

test("a CSV has FOCUS 1.4's columns in FOCUS's order, then ours; exact plain decimals, nothing for null, texts in quotes", async () => {
  const file = `${own.folder}/look.csv`;
  const { columns } = await send(own.data, file);
  const text = await readFile(file, "utf8");
  const [head = ""] = text.split("\n");
  expect(head.startsWith('"AllocatedMethodDetails","AllocatedMethodId",')).toBe(true);
  const names = columns.map(({ name }) => name);
  expect(names.indexOf("Tags")).toBe(64);
  expect(names[65]).toBe("x_Source");
  expect(names).not.toContain("x_Tags");
  expect(names).toEqual(expect.arrayContaining(["x_Team", "x_TeamBasis", "x_Stage", "x_Import", "x_Row"]));
  expect(text).toContain(",-0.000000000000000001,");
  expect(text).toContain(`,${HUGE},`);
  expect(text).toContain(',"=1+1",');
  expect(text).toContain(',"NULL",');
  expect(text).toContain("2026-07-31T23:59:59.123Z");
  const back = await csvRows(file);
  expect(back.find(({ BilledCost }) => BilledCost === "1.000000000000000001")).toMatchObject({
    ServiceName: 'says "hello", twice',
    ChargePeriodStart: "2026-07-01T00:00:00Z",
    x_Team: "search",
    x_TeamBasis: "tag",
    AllocatedMethodId: "",
  });
  expect(back.find(({ BilledCost }) => BilledCost === "7.25")).toMatchObject({
    x_Team: "blue",
    x_TeamBasis: "rule:blue",
    x_Extra: '{"x_Project":"blue, or green","x_Empty":null}',
  });
});

test("FOCUS 1.2 and 1.3 have their own columns, which an import reads back", async () => {
  const renamed = await ownFolder();
  try {
    const bill = focusCsv([
      {
        BilledCost: "1",
        ServiceProviderName: "AWS",
        HostProviderName: "Other",
        ContractApplied: '{"Elements":[{"ContractId":"c"}]}',
      },
    ]);
    await bring(renamed.data, await renamed.write("bill.csv", bill));
    const columns = async (version: "1.2" | "1.3"): Promise<readonly string[]> => {
      const file = `${renamed.folder}/${version}.csv`;
      const sent = await send(renamed.data, file, { version });
      await bring(`${renamed.folder}/lake-${version}`, file);
      return sent.columns.map(({ name }) => name).filter((name) => !name.startsWith("x_"));
    };
    const [old, middle] = [await columns("1.2"), await columns("1.3")];
    expect(old).toHaveLength(57);
    expect(old).not.toContain("ServiceProviderName");
    expect(middle).toHaveLength(65);
    expect(middle).toEqual(expect.arrayContaining(["ProviderName", "PublisherName", "HostProviderName"]));
    expect((await csvRows(`${renamed.folder}/1.3.csv`))[0]?.["ContractApplied"]).toContain("ContractID");
    expect(await storedRows(`${renamed.folder}/lake-1.2`, ["ContractApplied"])).toEqual(
      await storedRows(renamed.data, ["ContractApplied"]),
    );
    expect(await storedRows(`${renamed.folder}/lake-1.3`)).toEqual(await storedRows(renamed.data));
  } finally {
    await renamed.remove();
  }
});

// What FOCUS calls a text: none is empty, and a null byte no CSV can hold.
const text = fc
  .string({
    unit: fc.constantFrom(
      "a",
      "Z",
      "0",
      " ",
      '"',
      "'",
      ",",
      ";",
      "\n",
      "\r",
      "\t",
      "\\",
      "=",
      "é",
      "🦑",
      "{",
      "}",
    ),
  })
  .filter((each) => each.trim() !== "");
const cell = fc.option(fc.oneof(text, fc.constantFrom("NULL", "null", "(null)", "0", "-1", "true")), {
  nil: "",
});
test("a bill with columns of its own called x_File and x_Row is imported, and they are kept", async () => {
  const world = await ownFolder();
  try {
    const bill = focusCsv([{ BilledCost: "1", x_File: "a.csv", x_Row: "17" }]);
    await bring(world.data, await world.write("bill.csv", bill));
    const [row = ""] = await storedRows(world.data);
    expect(JSON.parse((JSON.parse(row) as { x_Extra: string }).x_Extra)).toEqual({
      x_FileDelivered: "a.csv",
      x_RowDelivered: "17",
    });
  } finally {
    await world.remove();
  }
});

// Sums of a bill stay within 20 digits before the point, or it can't be imported.
const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([digits, scale]) => {
    const plain = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
    const [whole, fraction] = [plain.slice(0, plain.length - scale), plain.slice(plain.length - scale)];
    return `${digits < 0n ? "-" : ""}${whole.slice(-17)}${scale === 0 ? "" : `.${fraction}`}`;
  });
const maybe = fc.option(amount, { nil: "" });
const charge: fc.Arbitrary<FixtureRow> = fc
  .record({
    BilledCost: amount,
    EffectiveCost: maybe,
    ListCost: maybe,
    ConsumedQuantity: maybe,
    ListUnitPrice: maybe,
    BillingCurrency: fc.constantFrom("USD", "EUR", "JPY"),
    ServiceName: cell,
    ResourceId: cell,
    ChargeDescription: cell,
    RegionName: cell,
    x_Own: cell,
    hour: fc.integer({ min: 0, max: 743 }),
    tags: fc.option(fc.dictionary(fc.constantFrom("team", "env", "k e y"), text), { nil: undefined }),
  })
  .map(({ hour, tags, ...row }) => ({
    ...row,
    ChargePeriodStart: new Date(Date.UTC(2026, 6, 1, hour)).toISOString(),
    Tags: tags === undefined ? "" : JSON.stringify(tags),
  }));

test("whatever the charges, an export brings them all back as they were", { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(charge, { minLength: 1, maxLength: 60 }),
      fc.constantFrom("csv", "parquet"),
      async (charges, form) => {
        const world = await ownFolder();
        try {
          await bring(world.data, await world.write("bill.csv", focusCsv(charges)));
          await send(world.data, `${world.folder}/out.${form}`);
          await bring(`${world.folder}/fresh`, `${world.folder}/out.${form}`);
          expect(await storedRows(`${world.folder}/fresh`)).toEqual(await storedRows(world.data));
        } finally {
          await world.remove();
        }
      },
    ),
    // Each run imports twice: to shrink a counterexample would take minutes.
    { numRuns: 6, endOnFailure: true },
  );
});
