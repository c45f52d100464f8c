import { describe, expect, test } from "vitest";
import { valueOf } from "#facts/cost-row.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { chargeRows, counts, sums } from "./lake.ts";
import { charge, DAY, JULY, node, row, unused, used } from "./rows.ts";
import { ownWorld, small, teams } from "./world.ts";

const { bill, allocation, data, invoice, healthy } = ownWorld();

describe("a node's charge", () => {
  test("is borne by who used the node, and what nobody used by its owner", async () => {
    await bill(small.bill);
    const before = await counts(data(), ["ServiceName"]);
    const { divided } = await allocation(small.allocation);
    expect(await sums(data(), ["Team"])).toEqual(teams);
    // The same where the charges themselves are read.
    expect(await sums(data(), ["Team"], { where: ["ConsumedUnit=Hours"] })).toEqual({
      platform: "1",
      search: "0.5",
      vision: "0.5",
    });
    expect(await sums(data(), ["IdleKind", "Team"], { where: ["IdleKind?"] })).toEqual({
      "unallocated platform": "1",
    });
    expect(await sums(data(), ["AllocatedResourceId"])).toEqual({
      "-": "6",
      "prod/search/Deployment/search": "0.5",
      "prod/vision/Deployment/vision": "0.5",
    });
    expect(await sums(data(), ["ResourceId"])).toEqual({ "-": "5", [node(1)]: "2" });
    expect(await counts(data(), ["ServiceName"])).toEqual(before);
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
      data(),
      `select x_Division as what, "AllocatedResourceName" as name, "AllocatedMethodId" as method, "AllocatedMethodDetails" as details, x_Team as team,
         "BilledCost"::varchar as cost, "PricingQuantity"::varchar as hours, x_Import = (select max(x_Import) from charges) as same, x_Row as at
       from charges where x_Division is not null order by 1, 2 nulls first, 3`,
    );
    const parts = rows.map(({ what, name, method, details, team, cost, hours }) => ({
      what,
      name,
      method,
      team,
      cost: formatDecimal(decimal(String(cost))),
      hours: formatDecimal(decimal(String(hours))),
      ratio: details === null ? null : (JSON.parse(details as string) as unknown),
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

  test("is not lost where only the largest groups are shown, spread over time or not", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    for (const spread of [false, true]) {
      const asked = await exactQuestion(data(), {
        by: ["Team"],
        measures: ["EffectiveCost"],
        top: 2,
        spread,
        now: 0,
      });
      const { rows, others } = await reportCost(data(), asked);
      expect(rows.map(({ keys, sums: [sum = 0n] }) => [keys[0], formatDecimal(sum)])).toEqual([
        [null, "5"],
        ["platform", "1"],
      ]);
      expect(others.map(({ sums: [sum = 0n] }) => formatDecimal(sum))).toEqual(["1"]);
    }
  });

  test("is the same machine's however the cluster writes its identifier", async () => {
    await bill([
      charge(0, "2", { ResourceId: `arn:aws:ec2:us-east-1:1:instance/${node(1)}` }),
      small.bill[1] ?? {},
    ]);
    await allocation(
      small.allocation.map((cells) => ({ ...cells, ResourceId: `aws:///us-east-1a/${node(1)}` })),
    );
    expect(await sums(data(), ["Team"])).toEqual(teams);
  });

  test("a credit is divided as the charge, and an unknown cost stays unknown", async () => {
    await bill([charge(0, "-2", { ChargeCategory: "Credit" }), charge(0, "1", { EffectiveCost: "" })]);
    await allocation(small.allocation);
    expect(await sums(data(), ["Team"])).toEqual({ platform: "-1", search: "-0.5", vision: "-0.5" });
    expect(await sums(data(), ["Team"], { measures: ["BilledCost"] })).toEqual({
      platform: "-0.5",
      search: "-0.25",
      vision: "-0.25",
    });
    expect(await sums(data(), ["Team"], { where: ["ChargeCategory=Usage"] })).toEqual({});
    const asked = await exactQuestion(data(), {
      by: ["Team"],
      measures: ["EffectiveCost"],
      where: ["ChargeCategory=Usage"],
      now: 0,
    });
    const { rows } = await reportCost(data(), asked);
    expect(rows.map((each) => valueOf(each, 0))).toEqual([undefined, undefined, undefined]);
    const [unknown] = await chargeRows(
      data(),
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
    expect(await sums(data(), ["ResourceId", "Team"])).toEqual({
      [`${node(1)} platform`]: "9",
      [`${node(1)} search`]: "3",
      [`${node(1)} vision`]: "1",
      [`${node(2)} search`]: "2",
      [`${node(2)} vision`]: "6",
    });
    const undivided = (await invoice())?.division?.outcome.undivided ?? [];
    expect(undivided.map(({ reason, charges }) => [reason, charges])).toEqual([["too-long", 1]]);
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
    expect(await sums(data(), ["Team"])).toEqual({ platform: "63", search: "64" });
    await healthy();
  });

  test("of two allocations the finer one is taken, then the first by name, and it is said", async () => {
    await bill([charge(0, "2"), charge(1, "2")]);
    await allocation([{ ...used(0, "day", "1"), ChargePeriodEnd: formatInstant(JULY + DAY) }], "a-daily");
    await allocation([used(0, "second", "1"), used(1, "second", "1")], "z-hourly");
    const { divided } = await allocation([used(0, "first", "1")], "b-hourly");
    expect(await sums(data(), ["Team"])).toEqual({ first: "2", second: "2" });
    expect(divided[0]?.division?.outcome.passedOver).toEqual([
      { source: "a-daily", taken: "b-hourly", charges: 1 },
      { source: "a-daily", taken: "z-hourly", charges: 1 },
      { source: "z-hourly", taken: "b-hourly", charges: 1 },
    ]);
  });
});
