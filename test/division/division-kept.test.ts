import { describe, expect, test } from "vitest";
import { parseFilter } from "#facts/cost-question.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
import { readLake } from "#lake/snapshot.ts";
import { formatDecimal } from "#units/decimal.ts";
import { csv } from "../imports/csv.ts";
import { bring, plimsoll } from "../imports/kit.ts";
import { sums } from "./lake.ts";
import { charge, DAY, HOUR, row, used } from "./rows.ts";
import { now, ownWorld, small, teams } from "./world.ts";

const { bill, allocation, data, invoice, healthy, own } = ownWorld();

describe("what the lake holds", () => {
  const statement = async (): Promise<Record<string, string>> => {
    const { statement: found } = await monthStatement(
      { data: data() },
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
    expect(await sums(data(), ["Team"])).toEqual(teams);
    await bill([charge(0, "8"), row(0, HOUR, "5")]);
    expect(await sums(data(), ["Team"])).toEqual({ "-": "5", platform: "4", search: "2", vision: "2" });
    const more = await own().write("more.csv", csv([charge(0, "4")]));
    await bring(data(), more, { mode: "append" });
    expect(await sums(data(), ["Team"])).toEqual({ "-": "5", platform: "6", search: "3", vision: "3" });
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
      (await readLake(data())).periods.find(({ billingPeriod }) => billingPeriod === "2026-07")?.division
        ?.files,
    ).toEqual(files);
    await allocation([used(0, "vision", "1")]);
    expect(await sums(data(), ["Team"])).toMatchObject({ vision: "2" });
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
      data(),
      rules,
      now,
      () => {},
      () => {},
    );
    const expected = { "-": "5", capacity: "1", find: "0.5", vision: "0.5" };
    expect(await sums(data(), ["Team"])).toEqual(expected);
    expect(await sums(data(), ["Team", "ServiceName"], { where: ["x_Format?"] })).toEqual(
      Object.fromEntries(Object.entries(expected).map(([team, cost]) => [`${team} Compute`, cost])),
    );
    await healthy();
    await allocation([used(0, "search", "1")]);
    expect(await sums(data(), ["Team"])).toEqual({ "-": "5", find: "2" });
  });

  test("a closed period keeps its division until its own charges are replaced", async () => {
    const close = (closed: boolean): Promise<unknown> =>
      closePeriods({ data: data(), source: "aws", billingPeriods: ["2026-07"], closed, now });
    await bill(small.bill);
    await allocation(small.allocation);
    await close(true);
    const kept = await allocation([used(0, "vision", "1")]);
    expect(kept.divided).toEqual([{ source: "aws", billingPeriod: "2026-07", closed: true }]);
    expect(await sums(data(), ["Team"])).toEqual(teams);
    await bill([charge(0, "8")], { force: true });
    expect(await sums(data(), ["Team"])).toEqual({ vision: "8" });
    await healthy();
  });

  test("a closed period that was not divided stays so; opened again it is divided", async () => {
    const close = (closed: boolean): ReturnType<typeof closePeriods> =>
      closePeriods({ data: data(), source: "aws", billingPeriods: ["2026-07"], closed, now });
    await bill(small.bill);
    await close(true);
    await allocation(small.allocation);
    expect(await sums(data(), ["Team"])).toEqual({ "-": "5", platform: "2" });
    const { periods, divided } = await close(false);
    expect(await sums(data(), ["Team"])).toEqual(teams);
    expect(divided.map(({ division }) => division)).toEqual([(await invoice())?.division]);
    expect(periods).toEqual([await invoice()]);
    await healthy();
  });

  test("other currencies and allocations without a node are no one's to be divided by", async () => {
    await bill([charge(0, "2"), charge(0, "4", { BillingCurrency: "EUR" })]);
    await allocation([...small.allocation, used(0, "nowhere", "100", { ResourceId: "" })]);
    expect(await sums(data(), ["Team"])).toEqual({
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
    const { periods } = await readLake(data());
    const damage = (file: string | undefined): Promise<string> =>
      own().write(`data/lake/${file ?? ""}`, "no parquet");
    await damage((await invoice())?.division?.files.charges[0]);
    const health = await examineLake(data(), { now });
    expect([health.verdict, health.damaged.map(({ file }) => file)]).toEqual([
      "damaged",
      (await invoice())?.division?.files.charges,
    ]);
    const file = periods.find(({ source }) => source === "k8s")?.files.charges[0];
    await damage(file);
    const { divided } = await bill([charge(0, "3")]);
    expect(divided).toEqual([{ source: "aws", billingPeriod: "2026-07", damaged: file }]);
    expect(await sums(data(), ["Team"])).toEqual({ platform: "3" });
  });
});

test("the import says what was divided and what was not, the doctor too, and a report shows the pods' teams", async () => {
  const bills = await own().write("bill.csv", csv([...small.bill, charge(7, "0.25")]));
  const pods = await own().write("k8s.csv", csv(small.allocation));
  const lake = ["--data", data()];
  await plimsoll(["import", bills, "--source", "aws", ...lake]);
  const imported = await plimsoll(["import", pods, "--source", "k8s", "--role", "allocation", ...lake]);
  const said = [
    "Divided aws 2026-07: 2.00 USD of 1 charge among who used the nodes, as k8s says; of it 1.00 USD unallocated.",
    "Not divided aws 2026-07: 0.25 USD of 1 charge, of times for which no allocation speaks of the node.",
  ];
  for (const line of said) expect(imported.stdout).toContain(line);
  const doctor = await plimsoll(["doctor", ...lake]);
  expect(doctor.exit).toBe(0);
  for (const line of said) expect(doctor.stdout).toContain(line.replace(" 2026-07", ""));
  // Whose it is, is told as it was divided; the allocation itself is nobody's bill.
  for (const team of ["platform +1\\.25", "search +0\\.50", "vision +0\\.50"])
    expect(doctor.stdout).toMatch(new RegExp(`^${team} `, "m"));
  expect(doctor.stdout).not.toMatch(/names no team.*k8s/);
  const report = await plimsoll([
    "report",
    "cost",
    "--by",
    "team",
    "--measure",
    "EffectiveCost",
    "--csv",
    ...lake,
  ]);
  expect(report.stdout).toMatch(/^search,.*0\.5/m);
  const nowhere = await own().write("nowhere.csv", csv([used(0, "search", "1", { ResourceId: "node-7" })]));
  const unknown = await plimsoll(["import", nowhere, "--source", "else", "--role", "allocation", ...lake]);
  expect(unknown.stdout).toContain(
    "Nothing was divided by it: no charge of an open invoice is of a node and time that these rows name.",
  );
});

test("an allocation of a closed month says that it divides nothing there, and how it would", async () => {
  await bill(small.bill);
  await plimsoll(["periods", "close", "--source", "aws", "--period", "2026-07", "--data", data()]);
  const pods = await own().write("k8s.csv", csv(small.allocation));
  const lake = ["--data", data()];
  const imported = await plimsoll(["import", pods, "--source", "k8s", "--role", "allocation", ...lake]);
  expect(imported.stdout).toContain(
    "Not divided aws 2026-07: it is closed. To divide it: plimsoll periods reopen --source aws --period 2026-07",
  );
  expect(await sums(data(), ["Team"])).toEqual({ "-": "5", platform: "2" });
  await plimsoll(["periods", "reopen", "--source", "aws", "--period", "2026-07", ...lake]);
  await allocation([used(1, "late", "1")], "other");
  expect(await sums(data(), ["Team"])).toEqual(teams);
});
