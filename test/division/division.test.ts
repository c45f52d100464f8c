import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseFilter } from "#facts/cost-question.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import type { ImportResult } from "#flows/import/import-delivery.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
import { type LakePeriod, readLake } from "#lake/snapshot.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { books } from "../imports/books.ts";
import { csv } from "../imports/csv.ts";
import { bring, contents, type OwnFolder, ownFolder, plimsoll } from "../imports/kit.ts";
import { leftovers } from "../imports/leftovers.ts";
import { chargeRows, counts, sums } from "./lake.ts";
import { type Cells, charge, DAY, HOUR, JULY, node, row, unused, used } from "./rows.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

const now = Date.UTC(2026, 7, 3);
const bill = async (rows: readonly Cells[], more: Parameters<typeof bring>[2] = {}): Promise<ImportResult> =>
  bring(own.data, await own.write("bill.csv", csv(rows)), more);
const allocation = async (rows: readonly Cells[], source = "k8s"): Promise<ImportResult> =>
  bring(own.data, await own.write(`${source}.csv`, csv(rows)), { source, role: "allocation" });
const invoice = async (): Promise<LakePeriod | undefined> =>
  (await readLake(own.data)).periods.find(({ source }) => source === "aws");
const reasons = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    ((await invoice())?.division?.outcome.undivided ?? []).map(({ reason, charges }) => [reason, charges]),
  );
const healthy = async (): Promise<void> => {
  const { verdict, proof } = await examineLake(own.data, { now });
  expect({ verdict, imbalances: proof.imbalances }).toEqual({ verdict: "healthy", imbalances: [] });
  await books(own.data);
  expect(await leftovers(own.data, now)).toEqual([]);
};

const teams = { "-": "5", platform: "1", search: "0.5", vision: "0.5" };
/** A node's hour of 2.00: a quarter each for two workloads, half of it nobody's; and 5.00 that no node is charged. */
const small = {
  bill: [charge(0, "2"), row(0, HOUR, "5")],
  allocation: [used(0, "search", "0.1"), used(0, "vision", "0.1"), unused(0, "0.2")],
};

describe("a node's charge", () => {
  test("is borne by who used the node, and what nobody used by its owner", async () => {
    await bill(small.bill);
    const before = await counts(own.data, ["ServiceName"]);
    const { divided } = await allocation(small.allocation);
    expect(await sums(own.data, ["Team"])).toEqual(teams);
    // The same where the charges themselves are read.
    expect(await sums(own.data, ["Team"], { where: ["ConsumedUnit=Hours"] })).toEqual({
      platform: "1",
      search: "0.5",
      vision: "0.5",
    });
    expect(await sums(own.data, ["IdleKind", "Team"], { where: ["IdleKind?"] })).toEqual({
      "unallocated platform": "1",
    });
    expect(await sums(own.data, ["AllocatedResourceId"])).toEqual({
      "-": "6",
      "prod/search/Deployment/search": "0.5",
      "prod/vision/Deployment/vision": "0.5",
    });
    expect(await sums(own.data, ["ResourceId"])).toEqual({ "-": "5", [node(1)]: "2" });
    expect(await counts(own.data, ["ServiceName"])).toEqual(before);
    expect(divided[0]?.division?.outcome).toEqual({
      divided: [{ by: "k8s", currency: "USD", charges: 1, effectiveCost: "2" }],
      idle: [{ kind: "unallocated", currency: "USD", effectiveCost: "1" }],
      undivided: [],
      passedOver: [],
    });
    await healthy();
  });

  test("says how it was divided, and by whom, on every part", async () => {
    await bill(small.bill);
    await allocation([
      ...small.allocation,
      used(0, "vision", "0.4", { AllocatedMethodId: "by-hand", AllocatedTags: "" }),
    ]);
    const rows = await chargeRows(
      own.data,
      `select x_Division as what, "AllocatedResourceName" as name, "AllocatedMethodId" as method, "AllocatedMethodDetails" as details, x_Team as team,
         "BilledCost"::varchar as cost, "PricingQuantity"::varchar as hours, x_Import = (select max(x_Import) from charges) as same, x_Row as at
       from charges where x_Division is not null order by 1, 2 nulls first, 3`,
    );
    const parts = rows.map(({ what, name, method, details, team, cost, hours }) => ({
      ...{ what, name, method, team },
      cost: formatDecimal(decimal(String(cost))),
      hours: formatDecimal(decimal(String(hours))),
      ratio: details === null ? null : (JSON.parse(String(details)) as unknown),
    }));
    const ratio = (AllocatedRatio: number): unknown => ({ Elements: [{ AllocatedRatio }], x_Source: "k8s" });
    expect(parts).toEqual([
      { what: "given", name: null, method: null, team: "platform", cost: "-2", hours: "-1", ratio: null },
      {
        what: "received",
        name: null,
        method: "pod-use",
        team: "platform",
        cost: "0.5",
        hours: "0.25",
        ratio: ratio(0.25),
      },
      {
        what: "received",
        name: "search",
        method: "pod-use",
        team: "search",
        cost: "0.25",
        hours: "0.125",
        ratio: ratio(0.125),
      },
      // A workload without labels is nobody's, not the node owner's.
      {
        what: "received",
        name: "vision",
        method: "by-hand",
        team: null,
        cost: "1",
        hours: "0.5",
        ratio: ratio(0.5),
      },
      {
        what: "received",
        name: "vision",
        method: "pod-use",
        team: "vision",
        cost: "0.25",
        hours: "0.125",
        ratio: ratio(0.125),
      },
    ]);
    expect(rows.map(({ same, at }) => [same, Number(at)])).toEqual(rows.map(() => [true, 1]));
  });

  test("is the same machine's however the cluster writes its identifier", async () => {
    await bill([
      charge(0, "2", { ResourceId: `arn:aws:ec2:us-east-1:1:instance/${node(1)}` }),
      small.bill[1] ?? {},
    ]);
    await allocation(
      small.allocation.map((cells) => ({ ...cells, ResourceId: `aws:///us-east-1a/${node(1)}` })),
    );
    expect(await sums(own.data, ["Team"])).toEqual(teams);
  });

  test("a credit is divided as the charge, and an unknown cost stays unknown", async () => {
    await bill([charge(0, "-2", { ChargeCategory: "Credit" }), charge(0, "1", { EffectiveCost: "" })]);
    await allocation(small.allocation);
    expect(await sums(own.data, ["Team"])).toEqual({ platform: "-1", search: "-0.5", vision: "-0.5" });
    expect(await sums(own.data, ["Team"], { measures: ["BilledCost"] })).toEqual({
      platform: "-0.5",
      search: "-0.25",
      vision: "-0.25",
    });
    const [unknown] = await chargeRows(
      own.data,
      `select count(*)::integer as n from charges where x_Division is not null and "EffectiveCost" is null and "BilledCost" is not null`,
    );
    expect(unknown).toEqual({ n: 4 });
    await healthy();
  });
});

describe("time", () => {
  test("an hour's charge is divided by the day that holds it, a day's by the hours that it holds", async () => {
    await bill([
      charge(3, "4"),
      row(0, DAY, "8", { ResourceId: node(2), Tags: `{"team":"platform"}` }),
      row(0, 3 * DAY, "9", { ResourceId: node(1), Tags: `{"team":"platform"}` }),
    ]);
    await allocation([
      { ...used(0, "search", "3"), ChargePeriodEnd: formatInstant(JULY + DAY) },
      { ...used(0, "vision", "1"), ChargePeriodEnd: formatInstant(JULY + DAY) },
      // The machine lived for two hours.
      used(5, "search", "1", { ResourceId: node(2) }),
      used(6, "vision", "3", { ResourceId: node(2) }),
    ]);
    expect(await sums(own.data, ["ResourceId", "Team"])).toEqual({
      [`${node(1)} platform`]: "9",
      [`${node(1)} search`]: "3",
      [`${node(1)} vision`]: "1",
      [`${node(2)} search`]: "2",
      [`${node(2)} vision`]: "6",
    });
    expect(await reasons()).toEqual({ "too-long": 1 });
  });

  test("what allocation rows don't say enough of stays with the owner, and is told with its money", async () => {
    await bill([
      charge(0, "1"),
      charge(1, "2"),
      charge(2, "4"),
      charge(3, "8"),
      charge(4, "16", { AllocatedResourceId: "x" }),
      charge(5, "32"),
      charge(6, "64"),
    ]);
    const { divided } = await allocation([
      used(1, "search", "0"),
      unused(1, "0"),
      used(2, "search", "1"),
      used(2, "vision", "", { EffectiveCost: "" }),
      used(3, "search", "-1"),
      used(3, "vision", "2"),
      used(4, "search", "1"),
      used(5, "search", "99999999999"),
      used(5, "vision", "1"),
      used(6, "search", "1"),
    ]);
    expect(divided[0]?.division?.outcome.undivided).toEqual(
      [
        ["already-allocated", "16"],
        ["no-rows", "1"],
        ["weights-negative", "8"],
        ["weights-too-large", "32"],
        ["weights-unknown", "4"],
        ["weights-zero", "2"],
      ].map(([reason, effectiveCost]) => ({ reason, currency: "USD", charges: 1, effectiveCost })),
    );
    expect(await sums(own.data, ["Team"])).toEqual({ platform: "63", search: "64" });
    await healthy();
  });

  test("of two allocations the finer one is taken, then the first by name, and it is said", async () => {
    await bill([charge(0, "2"), charge(1, "2")]);
    await allocation([{ ...used(0, "day", "1"), ChargePeriodEnd: formatInstant(JULY + DAY) }], "a-daily");
    await allocation([used(0, "second", "1"), used(1, "second", "1")], "z-hourly");
    const { divided } = await allocation([used(0, "first", "1")], "b-hourly");
    expect(await sums(own.data, ["Team"])).toEqual({ first: "2", second: "2" });
    expect(divided[0]?.division?.outcome.passedOver).toEqual([
      { source: "a-daily", taken: "b-hourly", charges: 1 },
      { source: "a-daily", taken: "z-hourly", charges: 1 },
      { source: "z-hourly", taken: "b-hourly", charges: 1 },
    ]);
  });
});

describe("what the lake holds", () => {
  const statement = async (): Promise<Record<string, string>> => {
    const { statement: found } = await monthStatement(
      { data: own.data },
      { month: "2026-07", key: "team", splits: [] },
    );
    return Object.fromEntries(
      found.scopes.map(({ scope, total }) => [scope ?? "-", formatDecimal(total.effective ?? 0n)]),
    );
  };

  test("a statement ties to the invoice, and pods' teams bear their parts", async () => {
    await bill(small.bill);
    expect(await statement()).toEqual({ "-": "5", platform: "2" });
    await allocation(small.allocation);
    expect(await statement()).toEqual(teams);
  });

  test("the bill may come after the allocation, be delivered anew, and be added to", async () => {
    await allocation(small.allocation);
    await bill(small.bill);
    expect(await sums(own.data, ["Team"])).toEqual(teams);
    await bill([charge(0, "8"), row(0, HOUR, "5")]);
    expect(await sums(own.data, ["Team"])).toEqual({ "-": "5", platform: "4", search: "2", vision: "2" });
    const more = await own.write("more.csv", csv([charge(0, "4")]));
    await bring(own.data, more, { mode: "append" });
    expect(await sums(own.data, ["Team"])).toEqual({ "-": "5", platform: "6", search: "3", vision: "3" });
    await healthy();
  });

  test("an allocation delivered anew divides anew, an equal one and a bill of another month nothing", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    expect((await allocation(small.allocation)).divided).toEqual([]);
    const august = { BillingPeriodStart: "2026-08-01T00:00:00Z", BillingPeriodEnd: "2026-09-01T00:00:00Z" };
    const files = (await invoice())?.division?.files;
    await bill([row(31 * DAY, 32 * DAY, "1", august)]);
    expect(
      (await readLake(own.data)).periods.find(({ billingPeriod }) => billingPeriod === "2026-07")?.division
        ?.files,
    ).toEqual(files);
    await allocation([used(0, "vision", "1")]);
    expect(await sums(own.data, ["Team"])).toMatchObject({ vision: "2" });
    await healthy();
  });

  test("rules published later decide of pods as of charges, in rollups and where charges are read", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    const rules = {
      schema: {},
      production: [],
      rules: [
        {
          id: "search-is-find",
          strength: "override",
          when: [parseFilter("AllocatedResourceId~/search/")],
          set: { team: "find" },
        },
        {
          id: "idle",
          strength: "override",
          when: [parseFilter("IdleKind=unallocated")],
          set: { team: "capacity" },
        },
      ],
    } as const;
    await publishRules(
      own.data,
      rules,
      now,
      () => {},
      () => {},
    );
    const expected = { "-": "5", capacity: "1", find: "0.5", vision: "0.5" };
    expect(await sums(own.data, ["Team"])).toEqual(expected);
    expect(await sums(own.data, ["Team", "ServiceName"], { where: ["x_Format?"] })).toEqual(
      Object.fromEntries(Object.entries(expected).map(([team, cost]) => [`${team} Compute`, cost])),
    );
    expect((await examineLake(own.data, { now })).verdict).toBe("healthy");
    await allocation([used(0, "search", "1")]);
    expect(await sums(own.data, ["Team"])).toEqual({ "-": "5", find: "2" });
  });

  test("a closed period keeps its division until its own charges are replaced", async () => {
    const close = (closed: boolean): Promise<unknown> =>
      closePeriods({ data: own.data, source: "aws", billingPeriods: ["2026-07"], closed, now });
    await bill(small.bill);
    await allocation(small.allocation);
    await close(true);
    expect((await allocation([used(0, "vision", "1")])).divided).toEqual([]);
    expect(await sums(own.data, ["Team"])).toEqual(teams);
    await bill([charge(0, "8")], { force: true });
    expect(await sums(own.data, ["Team"])).toEqual({ vision: "8" });
    await healthy();
  });

  test("a closed period that was not divided stays so; opened again it is with the next import", async () => {
    const close = (closed: boolean): Promise<unknown> =>
      closePeriods({ data: own.data, source: "aws", billingPeriods: ["2026-07"], closed, now });
    await bill(small.bill);
    await close(true);
    await allocation(small.allocation);
    expect(await sums(own.data, ["Team"])).toEqual({ "-": "5", platform: "2" });
    await close(false);
    await allocation([row(40 * DAY, 41 * DAY, "1")], "other");
    expect(await sums(own.data, ["Team"])).toEqual(teams);
  });

  test("other currencies and allocations without a node are no one's to be divided by", async () => {
    await bill([charge(0, "2"), charge(0, "4", { BillingCurrency: "EUR" })]);
    await allocation([...small.allocation, used(0, "nowhere", "100", { ResourceId: "" })]);
    expect(await sums(own.data, ["Team"])).toEqual({
      "platform EUR": "2",
      "platform USD": "1",
      "search EUR": "1",
      "search USD": "0.5",
      "vision EUR": "1",
      "vision USD": "0.5",
    });
  });
});

describe("damage", () => {
  test("a damaged allocation divides nothing and keeps no bill out; the doctor names a damaged division", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    const { periods } = await readLake(own.data);
    const damage = (file: string | undefined): Promise<string> =>
      own.write(`data/lake/${file ?? ""}`, "no parquet");
    await damage((await invoice())?.division?.files.charges[0]);
    const health = await examineLake(own.data, { now });
    expect([health.verdict, health.damaged.map(({ file }) => file)]).toEqual([
      "damaged",
      (await invoice())?.division?.files.charges,
    ]);
    const file = periods.find(({ source }) => source === "k8s")?.files.charges[0];
    await damage(file);
    const { divided } = await bill([charge(0, "3")]);
    expect(divided).toEqual([{ source: "aws", billingPeriod: "2026-07", damaged: file }]);
    expect(await sums(own.data, ["Team"])).toEqual({ platform: "3" });
  });
});

test("the import says what was divided and what was not, the doctor too, and a report shows the pods' teams", async () => {
  const bills = await own.write("bill.csv", csv([...small.bill, charge(7, "0.25")]));
  const pods = await own.write("k8s.csv", csv(small.allocation));
  const data = ["--data", own.data];
  await plimsoll(["import", bills, "--source", "aws", ...data]);
  const imported = await plimsoll(["import", pods, "--source", "k8s", "--role", "allocation", ...data]);
  const said = [
    "Divided aws 2026-07: 2.00 USD of 1 charge among who used the nodes, as k8s says; of it 1.00 USD unallocated.",
    "Not divided aws 2026-07: 0.25 USD of 1 charge, of times for which no allocation speaks of the node.",
  ];
  for (const line of said) expect(imported.stdout).toContain(line);
  const doctor = await plimsoll(["doctor", ...data]);
  expect(doctor.exit).toBe(0);
  for (const line of said) expect(doctor.stdout).toContain(line.replace(" 2026-07", ""));
  const report = await plimsoll([
    "report",
    "cost",
    "--by",
    "team",
    "--measure",
    "EffectiveCost",
    "--csv",
    ...data,
  ]);
  expect(report.stdout).toMatch(/^search,.*0\.5/m);
  const nowhere = await own.write("nowhere.csv", csv([used(0, "search", "1", { ResourceId: "node-7" })]));
  const unknown = await plimsoll(["import", nowhere, "--source", "else", "--role", "allocation", ...data]);
  expect(unknown.stdout).toContain(
    "Nothing was divided by it: no charge of an open invoice is of a node and time that these rows name.",
  );
  expect(Object.keys(await contents(own.data)).length).toBeGreaterThan(0);
});
