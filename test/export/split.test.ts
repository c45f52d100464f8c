import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Split } from "#facts/split.ts";
import { decimal } from "#units/decimal.ts";
import { focusCsv } from "../engines/focus-csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";
import { borneBy, charge, july, rowsOf, stated } from "./divided.ts";
import { byTeam, send } from "./kit.ts";

const bill = [
  charge("search", "1"),
  charge("vision", "2"),
  charge("platform", "10", {
    ResourceId: "nat-1",
    ConsumedQuantity: "1",
    ConsumedUnit: "Hours",
    ListUnitPrice: "10",
    PricingQuantity: "1",
    EffectiveCost: "0.000000000000000001",
  }),
  charge("platform", "-1", { ServiceName: "Credits", ChargeCategory: "Credit", EffectiveCost: "" }),
  charge("platform", "5", { BillingCurrency: "EUR" }),
  charge("network", "0.000000000000000007", { ServiceName: "Network", ListCost: "" }),
  charge("", "7"),
  charge("search", "3", {
    AllocatedMethodId: "pods",
    AllocatedResourceId: "pod-1",
    AllocatedResourceName: "pod",
    AllocatedTags: '{"app":"x","Owning-Team":"search","env":"prod"}',
  }),
];
const splits: readonly Split[] = [
  byTeam("network", { to: ["platform", "vision"], method: "even" }),
  byTeam("platform", { to: ["search", "vision"], method: "fixed", shares: { search: 1n, vision: 2n } }),
];

const divided = { split: { key: "team" as const, splits } };

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", focusCsv(bill)));
});
afterAll(() => own.remove());

describe("a month's export with shared cost divided", () => {
  test("has a row for each bearer of a charge, as FOCUS writes shared cost", async () => {
    const rows = (await rowsOf(own, divided)).filter(({ ResourceId }) => ResourceId === "nat-1");
    expect(
      rows.map((row) => [row["x_Team"], row["BilledCost"], row["ConsumedQuantity"], row["ListUnitPrice"]]),
    ).toEqual([
      ["search", "3.333333333333333333", "0.333333333333333333", "10"],
      ["vision", "6.666666666666666667", "0.666666666666666667", "10"],
    ]);
    const [first] = rows;
    expect(first).toMatchObject({
      AllocatedMethodId: "platform",
      AllocatedResourceId: "team/search",
      AllocatedResourceName: "search",
      AllocatedTags: '{"team":"search"}',
      x_TeamBasis: "split:platform",
      Tags: '{"team":"platform"}',
    });
    expect(JSON.parse(first?.["AllocatedMethodDetails"] ?? "")).toEqual({
      Elements: [{ AllocatedRatio: expect.closeTo(1 / 3) as number }],
      x_From: "platform",
      x_Splits: [{ Id: "platform", Key: "team", Method: "fixed" }],
    });
    expect(first?.["AllocatedMethodDetails"]).toContain('"AllocatedRatio":0.333333333333333333');
  });

  test("names each split that a cost came through, in their order", async () => {
    const rows = (await rowsOf(own, divided)).filter(({ ServiceName }) => ServiceName === "Network");
    // Vision has half of the network, and two thirds of the half that platform passed on.
    expect(
      rows.map((row) => [row["x_Team"], row["AllocatedMethodId"], row["BilledCost"], row["ListCost"]]),
    ).toEqual([
      ["search", "network>platform", "0.000000000000000001", ""],
      ["vision", "network>platform", "0.000000000000000006", ""],
    ]);
    const ratios = rows.map(
      (row) => /"AllocatedRatio":([\d.]+)/.exec(row["AllocatedMethodDetails"] ?? "")?.[1] ?? "",
    );
    expect(ratios.reduce((sum, each) => sum + decimal(each), 0n)).toBe(decimal("1"));
  });

  test("leaves every other charge as it was delivered", async () => {
    const rows = await rowsOf(own, divided);
    expect(rows.find(({ AllocatedMethodId }) => AllocatedMethodId === "pods")).toMatchObject({
      BilledCost: "3",
      x_Team: "search",
      x_TeamBasis: "tag",
      AllocatedResourceId: "pod-1",
    });
    expect(rows.find(({ x_Team }) => x_Team === "")).toMatchObject({
      BilledCost: "7",
      AllocatedMethodId: "",
    });
  });

  test.each(["billed", "effective"] as const)(
    "adds up to the statement, to the last unit: %s",
    async (cost) => {
      const column = cost === "billed" ? "BilledCost" : "EffectiveCost";
      expect(borneBy(await rowsOf(own, divided), column)).toEqual(await stated(own, splits, cost));
    },
  );

  test("filtered by who bears, the files of all together are the whole one", async () => {
    const whole = await rowsOf(own, divided);
    const parts: string[] = [];
    for (const filter of ["Team=search", "Team=vision", "!Team?"])
      parts.push(
        ...(await rowsOf(own, { ...divided, asked: { ...july, where: [filter] } })).map((row) =>
          JSON.stringify(row),
        ),
      );
    expect(parts.sort()).toEqual(whole.map((row) => JSON.stringify(row)).sort());
    const byTag = await rowsOf(own, {
      ...divided,
      asked: { ...july, where: ["tag:team=platform", "Team=vision"] },
    });
    expect(byTag.map(({ AllocatedMethodId }) => AllocatedMethodId)).toEqual([
      "platform",
      "platform",
      "platform",
    ]);
  });

  test("of what a provider had divided already keeps what the provider said", async () => {
    const rows = await rowsOf(own, {
      split: { key: "team", splits: [byTeam("search", { to: ["vision"] })] },
      columns: [
        "AllocatedMethodId",
        "AllocatedResourceId",
        "AllocatedMethodDetails",
        "AllocatedTags",
        "Team",
      ],
    });
    const row = rows.find(({ AllocatedMethodId }) => AllocatedMethodId === "pods>search");
    expect(row).toMatchObject({ AllocatedResourceId: "team/vision", x_Team: "vision" });
    // Its other tags stay, and no spelling contradicts who bears it.
    expect(JSON.parse(row?.["AllocatedTags"] ?? "")).toEqual({ app: "x", env: "prod", team: "vision" });
    expect(JSON.parse(row?.["AllocatedMethodDetails"] ?? "")).toMatchObject({
      Elements: [{ AllocatedRatio: 1 }],
      x_Delivered: {
        AllocatedMethodId: "pods",
        AllocatedResourceId: "pod-1",
        AllocatedTags: '{"app":"x","Owning-Team":"search","env":"prod"}',
      },
    });
  });

  test("imported into an empty lake has the same bearers and the same other owners", async () => {
    const file = `${own.folder}/again.parquet`;
    await send(own.data, file, { asked: july, split: { key: "team", splits } });
    const fresh = { ...own, data: `${own.folder}/fresh` };
    await bring(fresh.data, file);
    const before = await rowsOf(own, { split: { key: "team", splits } });
    const back = await rowsOf(fresh);
    expect(borneBy(back, "BilledCost")).toEqual(await stated(own, splits, "billed"));
    for (const key of ["x_Environment", "x_Workload", "AllocatedTags"])
      expect(borneBy(back, "BilledCost", key)).toEqual(borneBy(before, "BilledCost", key));
  });

  test("needs a month of invoices, splits of the key and a FOCUS that has the columns", async () => {
    const refused = (options: Parameters<typeof send>[2]): Promise<unknown> =>
      rowsOf(own, { ...divided, ...options }).then(
        () => undefined,
        (cause: unknown) => (cause as { message: string }).message,
      );
    expect(await refused({ asked: { now: 0 } })).toContain("--split needs one");
    expect(await refused({ asked: { now: 0, period: "2026-Q3" } })).toBe('"2026-Q3" is no month.');
    expect(await refused({ asked: { ...july, role: "estimate" } })).toContain("--split takes no --role");
    expect(await refused({ asked: { now: 0, period: "2026-03" } })).toBe(
      "Nothing was invoiced in 2026-03. The lake holds 2026-07.",
    );
    expect(await refused({ split: { key: "owner", splits } })).toBe(
      "No split gives away cost by owner. There are splits by team.",
    );
    expect(await refused({ split: { key: "owner", splits: [] } })).toContain("No splits are declared.");
    expect(await refused({ version: "1.2" })).toContain("1.3 was the first");
  });
});
