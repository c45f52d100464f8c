import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareWithBaseline, freezeKpis, frozenKpis } from "#flows/kpis/baselines.ts";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";

const now = Date.UTC(2026, 8, 1);
const by = { actor: "ada", at: now };

interface Line {
  readonly day: string;
  readonly cost: string;
  readonly category: string;
  readonly quantity?: string;
  readonly unit?: string;
  readonly instance?: string;
}
const charge = ({
  day,
  cost,
  category,
  quantity = "",
  unit = "",
  instance,
}: Line): Record<string, string> => ({
  BilledCost: cost,
  EffectiveCost: cost,
  BillingCurrency: "USD",
  BillingPeriodStart: `${day.slice(0, 7)}-01T00:00:00Z`,
  BillingPeriodEnd: `2026-${String(Number(day.slice(5, 7)) + 1).padStart(2, "0")}-01T00:00:00Z`,
  ChargePeriodStart: `${day}T00:00:00Z`,
  ChargePeriodEnd: `${day}T01:00:00Z`,
  ChargeCategory: "Usage",
  ConsumedQuantity: quantity,
  ConsumedUnit: unit,
  ServiceName: category,
  ServiceCategory: category,
  SkuPriceDetails: instance === undefined ? "" : JSON.stringify({ InstanceType: instance }),
  Tags: JSON.stringify({ workload: "chat" }),
});
const bill = (july: string): Record<string, string>[] => [
  charge({
    day: "2026-07-10",
    cost: july,
    category: "Compute",
    quantity: "5",
    unit: "Hours",
    instance: "p5.48xlarge",
  }),
  charge({
    day: "2026-07-11",
    cost: "10",
    category: "Compute",
    quantity: "7",
    unit: "Hours",
    instance: "g6.xlarge",
  }),
  charge({ day: "2026-07-10", cost: "2", category: "Storage", quantity: "1000", unit: "GB-Months" }),
  charge({ day: "2026-07-10", cost: "1", category: "Networking", quantity: "30", unit: "GB" }),
  charge({
    day: "2026-08-10",
    cost: "40",
    category: "Compute",
    quantity: "9",
    unit: "Hours",
    instance: "g6.xlarge",
  }),
  charge({ day: "2026-08-10", cost: "3", category: "Storage", quantity: "1500", unit: "GB-Months" }),
];

describe("a baseline", () => {
  let own: OwnFolder;
  const run = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll([...args, "--data", own.data], { env: { PLIMSOLL_ACTOR: "ada" } });
  const asked = (period: string) => ({ data: own.data, now, period, by: "workload" as const });
  beforeAll(async () => {
    own = await ownFolder();
    await bring(own.data, await own.write("bill.csv", csv(bill("100"))));
  });
  afterAll(() => own.remove());

  test("keeps cost by component, hours by machine, what is stored and what is moved", async () => {
    const { baseline, frozen } = await freezeKpis(
      { data: own.data },
      { ...asked("2026-07"), name: "before", note: "with p5" },
      by,
    );
    expect(frozen).toBe(true);
    const values = Object.fromEntries(
      baseline.rows[0]?.kpis.map(({ id, value }) => [id, Number(value) / 1e18]) ?? [],
    );
    expect(values).toEqual({
      cost: 113,
      "cost of compute": 110,
      "cost of storage": 2,
      "cost of network": 1,
      "hours of p5.48xlarge": 5,
      "hours of g6.xlarge": 7,
      "stored in GB-Months": 1000,
      "moved in GB": 30,
    });
    expect(baseline).toMatchObject({
      name: "before",
      number: 1,
      note: "with p5",
      frozenBy: "ada",
      open: ["aws"],
    });
    expect(await frozenKpis({ data: own.data }, "before@1")).toEqual(baseline);
  });

  test("is what later times are held against, though its own time is restated", async () => {
    const against = () => compareWithBaseline({ data: own.data }, asked("2026-08"), "before");
    const told = async () => {
      const { changes, restated } = await against();
      const of = new Map(changes[0]?.changes.map((change) => [change.id, change]));
      return {
        cost: of.get("cost"),
        hours: of.get("hours of p5.48xlarge"),
        stored: of.get("stored in GB-Months"),
        restated,
      };
    };
    const first = await told();
    expect(first).toMatchObject({
      cost: { before: 113n * 10n ** 18n, after: 43n * 10n ** 18n },
      hours: { outcome: "gone" },
      stored: { before: 1000n * 10n ** 18n, after: 1500n * 10n ** 18n },
      restated: 0,
    });
    await bring(own.data, await own.write("again.csv", csv(bill("60"))));
    const second = await told();
    expect({ ...second, restated: 0 }).toEqual(first);
    expect(second.restated).toBe(2);
    const { stdout } = await run("kpis", "2026-08", "--baseline", "before");
    expect(stdout).toContain("2 figures of the baseline's time would be told otherwise today");
    expect(stdout).toMatch(/against before@1, 2026-07-01 to 2026-08-01/);
  });

  test("frozen again is its next version; the former stays", async () => {
    const again = await run("baseline", "freeze", "before", "2026-07", "--note", "restated");
    expect(again.stdout).toMatch(/Frozen before@2: 1 row of 2026-07-01 to 2026-08-01/);
    expect((await run("baseline", "freeze", "before", "2026-07")).stdout).toMatch(
      /Nothing changed: before@2/,
    );
    expect((await run("baseline", "list")).stdout).toMatch(
      /before@2 .*ada +restated[\s\S]*before@1 .*with p5/,
    );
    expect((await run("baseline", "show", "before@1", "--only", "chat")).stdout).toMatch(/cost +113\.00 USD/);
    expect((await run("baseline", "show", "before", "--only", "chat")).stdout).toMatch(/cost +73\.00 USD/);
    const json = JSON.parse((await run("baseline", "show", "before@1", "--json")).stdout) as { hash: string };
    expect(json).toMatchObject({ number: 1, frozenBy: "ada", openSources: ["aws"] });
    expect(json.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is a digest's other side, too", async () => {
    const { stdout } = await run("digest", "2026-08", "--baseline", "before@1");
    expect(stdout).toMatch(/2026-08-01 to 2026-09-01 against 2026-07-01 to 2026-08-01/);
    expect(stdout).toMatch(/Cost 113\.00 to 43\.00/);
  });

  test("another time's length is said", async () => {
    const { stdout } = await run("kpis", "2026-08-10", "--baseline", "before");
    expect(stdout).toContain(
      "The baseline is of 31 days, this of 1 day: compare what is per something, not sums.",
    );
  });

  test.each([
    [["baseline", "show", "befor"], 2, /baseline-unknown: There is no baseline befor\.\nThere are before\./],
    [["kpis", "2026-08", "--baseline", "before@7"], 2, /before has the versions 2, 1\./],
    [["kpis", "2026-08", "--by", "team", "--baseline", "before"], 2, /before is by workload, not by team/],
    [["kpis", "2026-08", "--baseline", "before", "--compare", "2026-06"], 2, /not both/],
    [["kpis", "2026-08", "--state", "postgresql://db/x"], 2, /there is no --baseline/],
    [["baseline", "freeze", "a b", "2026-08"], 2, /is no name of a baseline/],
    [["baseline", "freeze", "none", "2020-01"], 2, /baseline-empty/],
    [["baseline", "show", "before", "--only", "nobody"], 2, /before has no row nobody[\s\S]*It has chat/],
  ] as const)("%j is told", async (args, exit, message) => {
    const ended = await run(...args);
    expect(ended.exit).toBe(exit);
    expect(ended.stderr).toMatch(message);
  });
});
