import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { noAttribution } from "#facts/attribution.ts";
import { parseFilter } from "#facts/cost-question.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { closePeriods } from "#flows/close-periods.ts";
import { type AllocateWords, allocateRequest } from "#flows/allocate/allocate-request.ts";
import { keepAllocation, type KeepRequest } from "#flows/allocate/keep-allocation.ts";
import { openLake } from "#lake/open-lake.ts";
import { raw, sql } from "#lake/sql.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { sums } from "../division/lake.ts";
import { books } from "../imports/books.ts";
import { csv } from "../imports/csv.ts";
import { bring, contents, ownFolder, type OwnFolder } from "../imports/kit.ts";
import { leftovers } from "../imports/leftovers.ts";
import { type PrometheusServer, prometheusSkipped, startPrometheus } from "../servers/prometheus.ts";
import { openMetrics } from "./history.ts";
import { sampleCluster } from "./sample-cluster.ts";

const prices = `
nodes:
  - { instanceType: g5.12xlarge, hourly: 12.00, currency: USD, ratio: { cpu: 1, ram: 0.25, gpu: 22 } }
  - { instanceType: m5.xlarge, hourly: 0.100000000000000001, currency: USD }
storage:
  - { class: gp3, perGibHour: 0.0001, currency: USD }
network: { perGib: 0.01, currency: USD }
`;

describe.skipIf(prometheusSkipped !== undefined)(
  "two days recorded by a Prometheus, kept in the lake",
  () => {
    let own: OwnFolder;
    let server: PrometheusServer;
    let priceFile: string;
    let data = "";
    let lakes = 0;
    beforeAll(async () => {
      own = await ownFolder();
      priceFile = await own.write("prices.yaml", prices);
      const twoDays = sampleCluster.map((series) => ({ ...series, to: series.to ?? 2880 }));
      server = await startPrometheus(path.join(own.folder, "tsdb"), openMetrics(twoDays));
    });
    afterAll(async () => {
      await server.stop();
      await own.remove();
    });
    beforeEach(() => {
      data = path.join(own.folder, `data-${++lakes}`);
    });

    const keep = async (
      [from, to]: readonly [string, string],
      how: Partial<KeepRequest> = {},
      words: Partial<AllocateWords> = {},
    ) =>
      keepAllocation(
        await allocateRequest({
          ...unsaid,
          prometheus: server.url,
          from,
          to,
          priceFile,
          ...words,
        }),
        { data, bucket: "day", now: Date.UTC(2026, 6, 4), ...how },
        () => {},
      );
    const first = ["2026-07-01", "2026-07-02"] as const;
    const second = ["2026-07-02", "2026-07-03"] as const;
    const both = ["2026-07-01", "2026-07-03"] as const;

    const charges = async (): Promise<Record<string, string | null>[]> => {
      const lake = await openLake(data);
      try {
        const rows = await lake.engine.query(
          sql`select * exclude (x_Tags, x_Import, import, x_File, x_Row), x_Tags::json::varchar as x_Tags from ${lake.dialect.table("charges")} t
          order by "ChargePeriodStart", "ResourceName", "AllocatedResourceId", x_Extra, "BilledCost"`,
        );
        return rows as Record<string, string | null>[];
      } finally {
        lake.close();
      }
    };
    const added = (
      rows: readonly Record<string, string | null>[],
      column: string,
    ): Record<string, string> => {
      const currencies = [...new Set(rows.map((row) => String(row["BillingCurrency"])))].sort();
      return Object.fromEntries(
        currencies.map((currency) => {
          const own = rows.filter((row) => row["BillingCurrency"] === currency);
          return [currency, formatDecimal(own.reduce((sum, row) => sum + decimal(String(row[column])), 0n))];
        }),
      );
    };

    test("a charge is what one workload was given of one node, as FOCUS's split allocation has it", async () => {
      await keep(first);
      const rows = await charges();
      const gpu = rows.find(({ x_Extra }) => x_Extra?.includes(`"Component":"gpu"`) === true);
      expect(gpu).toMatchObject({
        ResourceId: "i-0abcdef0123456789",
        ResourceName: "gpu-node",
        ResourceType: "Node",
        AllocatedMethodId: "pod-use",
        AllocatedMethodDetails: `{"Elements":[{"AllocatedRatio":0.366666666666666667,"UsageUnit":"GPU-Hours","UsageQuantity":24}]}`,
        AllocatedResourceId: "default/ml/Job/train",
        AllocatedResourceName: "train",
        AllocatedTags: `{"namespace":"ml","team":"vision"}`,
        x_Team: "vision",
        x_IdleKind: null,
        x_Extra: `{"Cluster":"default","Namespace":"ml","ControllerKind":"Job","ControllerName":"train","Component":"gpu","State":"active"}`,
        BillingCurrency: "USD",
        ConsumedUnit: "GPU-Hours",
        x_Role: "allocation",
      });
      // Half of the GPUs' 11/15 of 288.
      expect(decimal(String(gpu?.["BilledCost"]))).toBe(decimal("105.6"));
      expect(decimal(String(gpu?.["x_GpuHours"]))).toBe(decimal("24"));
      const idle = rows.filter(({ x_IdleKind }) => x_IdleKind === "unallocated");
      expect(
        new Set(idle.map(({ AllocatedResourceId, AllocatedTags }) => [AllocatedResourceId, AllocatedTags])),
      ).toEqual(new Set(idle.map(() => [null, null])));
      expect(new Set(rows.map(({ ResourceType }) => ResourceType))).toEqual(
        new Set(["Node", "Volume", "Network"]),
      );
      // No provider told the other node's identifier: unknown, not its name.
      expect(rows.find(({ ResourceName }) => ResourceName === "cpu-node")?.["ResourceId"]).toBeNull();
    });

    test.each(["day", "hour"] as const)(
      "what goes in comes out: by the %s, both currencies add up to the allocation, to the 18th decimal",
      async (bucket) => {
        const { table, kept } = await keep(
          both,
          { bucket },
          { nodePrices: ["m5.xlarge=0.100000000000000001 EUR"] },
        );
        const rows = await charges();
        const totals = Object.fromEntries(
          table.totals.map((row) => [String(row["BillingCurrency"]), String(row["TotalCost"])]),
        );
        expect(Object.keys(totals)).toEqual(["EUR", "USD"]);
        expect(added(rows, "BilledCost")).toEqual(totals);
        expect(added(rows, "EffectiveCost")).toEqual(totals);
        expect(kept.days.reduce((all, { charges: count }) => all + count, 0)).toBe(rows.length);
      },
    );

    test("day by day or at once, and in what order ever, the charges are the same", async () => {
      await keep(both);
      const atOnce = await charges();
      data = `${data}-b`;
      await keep(second);
      await keep(first);
      expect(await charges()).toEqual(atOnce);
    });

    test("kept twice, nothing changes; with another price only its own day does", async () => {
      await keep(both);
      const before = await contents(path.join(data, "lake", "versions"));
      const again = await keep(both);
      expect(again.kept.days.map(({ changed }) => changed)).toEqual([false, false]);
      expect(await contents(path.join(data, "lake", "versions"))).toEqual(before);
      const rows = await charges();
      const dearer = await keep(second, {}, { nodePrices: ["g5.12xlarge=24 USD"] });
      expect(dearer.kept.days).toMatchObject([
        { day: "2026-07-02", changed: true, totals: [{ currency: "USD" }] },
      ]);
      const [dollars] = dearer.kept.days[0]?.totals ?? [];
      expect(decimal(dollars?.cost ?? "0") - decimal(dollars?.before ?? "0")).toBe(decimal("288"));
      const after = await charges();
      const ofFirst = (row: Record<string, string | null>): boolean =>
        JSON.stringify(row["ChargePeriodStart"]) === JSON.stringify(rows[0]?.["ChargePeriodStart"]);
      expect(after.filter(ofFirst)).toEqual(rows.filter(ofFirst));
      await books(data);
      expect(await leftovers(data, Date.UTC(2026, 6, 4))).toEqual([]);
      // And back.
      await keep(second);
      expect(await charges()).toEqual(rows);
    });

    test("rules that were published meanwhile are kept to, and the day is still replaced alone", async () => {
      await keep(both);
      await publishRules(
        data,
        {
          ...noAttribution,
          rules: [
            {
              id: "all",
              strength: "rule",
              when: [parseFilter("ServiceName=Kubernetes")],
              set: { owner: "ops" },
            },
          ],
        },
        Date.UTC(2026, 6, 5),
        () => {},
        () => {},
      );
      await keep(first, {}, { nodePrices: ["g5.12xlarge=24 USD"] });
      await books(data);
      const lake = await openLake(data);
      const rows = await lake.engine.query(
        sql`select "x_Owner", count(*)::integer as n, ${lake.dialect.decimalText(raw(`sum("BilledCost")`))} as cost
        from ${lake.dialect.table("charges_day")} group by 1 order by 1`,
      );
      lake.close();
      expect(rows).toMatchObject([{ x_Owner: "ops" }]);
      expect(added(await charges(), "BilledCost")["USD"]).toBe(String(rows[0]?.["cost"]));
    });

    test("a closed month is not changed", async () => {
      await keep(first);
      const source = "kubernetes.default";
      await closePeriods({
        data,
        source,
        billingPeriods: ["2026-07"],
        closed: true,
        now: Date.UTC(2026, 7, 1),
      });
      await expect(keep(second)).rejects.toMatchObject({ code: "period-closed" });
    });

    test("part of a day, a day without nodes, and a cluster without prices are said; nothing is changed", async () => {
      await expect(keep(["2026-07-01T06:00:00Z", "2026-07-02"])).rejects.toMatchObject({
        code: "window-invalid",
        hint: expect.stringContaining("--period yesterday") as string,
      });
      await expect(keep(first, {}, { priceFile: undefined })).rejects.toMatchObject({ code: "cost-unknown" });
      await expect(keep(["2026-07-08", "2026-07-09"])).rejects.toMatchObject({ code: "series-missing" });
      expect(await contents(data)).toEqual({});
      const { kept } = await keep(["2026-07-02", "2026-07-05"]);
      // The last sample is of midnight: what was so then is the third's first five minutes to nobody.
      expect(kept).toMatchObject({
        days: [{ day: "2026-07-02" }],
        withoutNodes: ["2026-07-03", "2026-07-04"],
      });
    });

    test("a bill of the node is divided by what was kept, once for all days", async () => {
      const day = (of: number): string => `2026-07-0${of}T00:00:00Z`;
      const charge = (of: number): Record<string, string> => ({
        BilledCost: "300.000000000000000001",
        EffectiveCost: "300.000000000000000001",
        BillingCurrency: "USD",
        BillingPeriodStart: day(1),
        BillingPeriodEnd: "2026-08-01T00:00:00Z",
        ChargePeriodStart: day(of),
        ChargePeriodEnd: day(of + 1),
        ChargeCategory: "Usage",
        ServiceName: "EC2",
        ResourceId: "arn:aws:ec2:us-east-1:1:instance/i-0abcdef0123456789",
        Tags: `{"team":"platform"}`,
      });
      await bring(data, await own.write("nodes.csv", csv([1, 2, 3].map(charge))));
      const { kept } = await keep(both);
      expect(kept.divided).toHaveLength(1);
      expect(kept.divided[0]?.division?.outcome).toMatchObject({
        divided: [
          { by: "kubernetes.default", currency: "USD", charges: 2, effectiveCost: "600.000000000000000002" },
        ],
        undivided: [{ reason: "no-rows", charges: 1 }],
      });
      const byTeam = await sums(data, ["Team"]);
      expect(Object.keys(byTeam)).toEqual(expect.arrayContaining(["platform", "vision"]));
      expect(Number(byTeam["vision"])).toBeGreaterThan(100);
      expect(await sums(data, ["ServiceName"])).toEqual({ EC2: "900.000000000000000003" });
      // Kept again, nothing is to be divided anew.
      expect((await keep(both)).kept.divided).toEqual([]);
      await books(data);
    });

    test("a source of another name is another source", async () => {
      await keep(first, { source: "prod" });
      expect((await charges()).every(({ x_Source }) => x_Source === "prod")).toBe(true);
      await expect(keep(first, { source: "a b" })).rejects.toMatchObject({ code: "option-invalid" });
    });
  },
);

const unsaid = {
  data: undefined,
  now: 0,
  bearerToken: undefined,
  basic: undefined,
  period: undefined,
  step: "1h",
  idle: undefined,
  selector: undefined,
  cluster: undefined,
  gpuIdlePercent: undefined,
  gpuIdleMib: undefined,
  nodePrices: [],
  by: [],
};
