import { describe, expect, test } from "vitest";
import { sums } from "../division/lake.ts";
import { charge, row, used } from "../division/rows.ts";
import { ownWorld, small, teams } from "../division/world.ts";
import { csv } from "../imports/csv.ts";
import { bring } from "../imports/kit.ts";
import { borneBy, july, rowsOf, type Rows, stated } from "./divided.ts";
import { byTeam, send, storedRows } from "./kit.ts";

const { own, data, bill, allocation } = ownWorld();

const told = (rows: Rows): unknown[] =>
  rows.map((each) =>
    [
      each["x_Division"],
      each["x_Team"],
      each["AllocatedResourceName"],
      each["x_IdleKind"],
      each["BilledCost"],
    ].join(" "),
  );
const asUsd = (sums: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(sums).map(([team, sum]) => [`${team === "-" ? "" : team} USD`, sum]));

describe("an export of a bill that was divided by who used its nodes", () => {
  test("has each part in place of the node's charge", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    const rows = await rowsOf(own());
    expect(told(rows)).toEqual([
      "    5",
      "received platform  unallocated 1",
      "received search search  0.5",
      "received vision vision  0.5",
    ]);
    expect(borneBy(rows, "BilledCost")).toEqual(asUsd(teams));
  });

  test("leaves out the charges that were divided, and no others", async () => {
    const twice = [charge(0, "2"), charge(0, "-0.5", { ChargeCategory: "Credit" }), charge(1, "3")];
    await bill(twice);
    await allocation([used(0, "search", "0.1")]);
    expect(told(await rowsOf(own()))).toEqual([
      " platform   3",
      "received search search  2",
      "received search search  -0.5",
    ]);
  });

  test("has the rows as they lie in the lake where a filter asks for them", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    const asked = (filter: string): Promise<Rows> => rowsOf(own(), { asked: { ...july, where: [filter] } });
    expect(told(await asked("!Division?"))).toEqual(["    5", " platform   2"]);
    expect(told(await asked("Division=given"))).toEqual(["given platform   -2"]);
  });

  test("adds up to the report of any selection", async () => {
    await bill([...small.bill, charge(1, "7"), charge(2, "1", { ChargeCategory: "Adjustment" })]);
    await allocation([...small.allocation, used(1, "search", "3"), used(1, "late", "5")]);
    for (const where of [
      "Team=platform",
      "Team!=platform",
      "IdleKind?",
      "!IdleKind?",
      "AllocatedResourceId?",
    ]) {
      const rows = await rowsOf(own(), { asked: { ...july, where: [where] } });
      const sum = await sums(data(), ["Team"], { where: [where] });
      expect(rows.length).toBeGreaterThan(0);
      expect(borneBy(rows, "EffectiveCost")).toEqual(asUsd(sum));
    }
  });

  test("with a split of what the platform keeps adds up to the statement, row by row", async () => {
    await bill([...small.bill, row(0, 3_600_000, "1", { Tags: `{"team":"vision"}` })]);
    await allocation(small.allocation);
    const splits = [byTeam("platform", { by: "BilledCost" })];
    const rows = await rowsOf(own(), { split: { key: "team", splits } });
    expect(rows.filter(({ x_Division: what }) => what === "received")).toHaveLength(4);
    expect(borneBy(rows, "BilledCost")).toEqual(await stated(own(), splits, "billed"));
    expect(borneBy(rows, "EffectiveCost")).toEqual(await stated(own(), splits, "effective"));
  });

  test("is the same bill when it is imported elsewhere, and is not divided again there", async () => {
    await bill(small.bill);
    await allocation(small.allocation);
    const file = `${own().folder}/out.parquet`;
    await send(data(), file, { asked: july });
    const other = `${own().folder}/other`;
    await bring(other, file, { source: "aws" });
    await bring(other, await own().write("k8s.csv", csv(small.allocation)), {
      source: "k8s",
      role: "allocation",
    });
    expect(await sums(other, ["Team"])).toEqual(teams);
    expect(await sums(other, ["IdleKind"])).toEqual({ "-": "6", unallocated: "1" });
    expect((await storedRows(other)).filter((each) => each.includes("given"))).toEqual([]);
  });
});
