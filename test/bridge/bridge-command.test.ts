import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decimal } from "#units/decimal.ts";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";

/** Calls of a month: how many, of which model, with how many input tokens each. */
interface Month {
  readonly month: number;
  readonly calls: readonly (readonly [model: string, count: number, input: number])[];
}
const months: readonly Month[] = [
  ...[1, 2, 3, 4, 5].map((month) => ({ month, calls: [["gpt-4o", 8 + month, 1_000_000]] as const })),
  {
    month: 6,
    calls: [
      ["gpt-4o", 12, 1_000_000],
      ["gpt-4o-mini", 6, 500_000],
    ],
  },
  // More calls, of the cheaper model and shorter ones; and one of a model that nobody prices.
  {
    month: 7,
    calls: [
      ["gpt-4o", 6, 800_000],
      ["gpt-4o-mini", 18, 500_000],
      ["own-secret-model", 1, 10],
    ],
  },
];
const lines = months.flatMap(({ month, calls }) =>
  calls.flatMap(([model, count, input]) =>
    Array.from({ length: count }, (_, index) =>
      JSON.stringify({
        id: `${month}-${model}-${index}`,
        start: `2026-0${month}-10T00:00:00Z`,
        provider: "openai",
        responseModel: model,
        status: "ok",
        tokens: { input, output: 0 },
      }),
    ),
  ),
);

interface Line {
  readonly item?: string;
  readonly before: string;
  readonly after: string;
  readonly volume: string;
  readonly mix: string;
  readonly efficiency: string;
  readonly price: string;
  readonly credits: string;
  readonly undivided: string;
}
interface Told {
  readonly bridges: readonly {
    readonly currency: string;
    readonly sum: Line;
    readonly rows: readonly Line[];
    readonly reading: string;
    readonly unknown: readonly { readonly item: string }[];
    readonly saving?: { readonly kind: string; readonly verdict?: string; readonly have?: number };
  }[];
}

describe("plimsoll bridge", () => {
  let own: OwnFolder;
  const bridge = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll(["bridge", ...args, "--data", own.data]);
  const json = async (...args: readonly string[]): Promise<Told["bridges"]> =>
    (JSON.parse((await bridge(...args, "--json")).stdout) as Told).bridges;
  const addsUp = ({ before, after, ...parts }: Line): void => {
    const { item: _, ...effects } = parts;
    const named = ["volume", "mix", "efficiency", "price", "credits", "undivided"] as const;
    const sum = named.reduce((all, effect) => all + decimal(effects[effect]), decimal(before));
    expect(sum).toBe(decimal(after));
  };
  beforeAll(async () => {
    own = await ownFolder();
    await plimsoll([
      "calls",
      "import",
      await own.write("c.jsonl", `${lines.join("\n")}\n`),
      "--data",
      own.data,
    ]);
    const charge = (month: number, type: string, hours: string, cost: string): Record<string, string> => ({
      BilledCost: cost,
      EffectiveCost: cost,
      BillingCurrency: "USD",
      BillingPeriodStart: `2026-0${month}-01T00:00:00Z`,
      BillingPeriodEnd: `2026-0${month + 1}-01T00:00:00Z`,
      ChargePeriodStart: `2026-0${month}-01T00:00:00Z`,
      ChargePeriodEnd: `2026-0${month}-02T00:00:00Z`,
      ChargeCategory: "Usage",
      ServiceName: "Compute",
      ResourceId: type,
      PricingQuantity: hours,
      PricingUnit: "Hours",
      ConsumedQuantity: hours,
      ConsumedUnit: "Hours",
      SkuPriceDetails: `{"GpuCount":1}`,
      Tags: `{"workload":"${type}"}`,
    });
    const rows = [
      charge(6, "train", "100", "400"),
      charge(7, "train", "50", "150"),
      charge(7, "tune", "10", "30"),
    ];
    await bring(own.data, await own.write("bill.csv", csv(rows)));
  });
  afterAll(() => own.remove());

  test("of calls adds up by row and by column, names what has no price, and says what moved", async () => {
    const [usd] = await json("2026-07", "--of", "calls");
    expect(usd).toMatchObject({
      currency: "USD",
      // 12 × 2.50 + 6 × 0.075; 6 × 2.00 + 18 × 0.075.
      sum: { before: "30.45", after: "13.35" },
      unknown: [{ item: "own-secret-model" }],
    });
    for (const line of [...(usd?.rows ?? []), usd?.sum]) if (line !== undefined) addsUp(line);
    expect(decimal(usd?.sum.volume ?? "0") > 0n && decimal(usd?.sum.mix ?? "0") < 0n).toBe(true);
    expect(usd?.reading).toBe("efficiency");
  });

  test("with the periods exchanged every part has the other sign", async () => {
    const [there] = await json("2026-07", "--of", "calls");
    const [back] = await json("2026-06", "--of", "calls", "--compare", "2026-07");
    for (const effect of ["volume", "mix", "efficiency", "price"] as const)
      expect(decimal(there?.sum[effect] ?? "1")).toBe(-decimal(back?.sum[effect] ?? "1"));
  });

  test("of charges goes by GPU hours, and by one volume of all where it is named", async () => {
    const [usd] = await json("2026-07", "--by", "workload");
    expect(usd).toMatchObject({ sum: { before: "400", after: "180", efficiency: "0" } });
    if (usd !== undefined) addsUp(usd.sum);
    const [perCall] = await json("2026-07", "--by", "workload", "--volume", "calls");
    expect(perCall?.sum.before).toBe("400");
    expect(decimal(perCall?.sum.efficiency ?? "0") < 0n).toBe(true);
  });

  test("judges by the periods before, if asked to", async () => {
    const [usd] = await json("2026-06", "--of", "calls", "--history", "12");
    // Five months are too few for a line.
    expect(usd?.saving).toMatchObject({ kind: "not-enough-data", have: 5 });
    const { stdout } = await bridge("2026-07", "--of", "calls", "--history", "6");
    expect(stdout).toContain("Against the periods before: the cost or the volume of this period is unknown.");
    const priced = await bridge(
      "2026-07",
      "--of",
      "calls",
      "--history",
      "6",
      "--where",
      "model=gpt-4o|gpt-4o-mini",
    );
    expect(priced.stdout).toMatch(/Against 6 periods before: .*efficiency.*, confidence/);
  });

  test("is a sentence and a table that adds up for people, and exact for spreadsheets", async () => {
    const { stdout } = await bridge("2026-07", "--of", "calls", "--top", "1");
    expect(stdout).toMatch(/USD: cost fell by 17\.10 \(-56\.2%\), from 30\.45 to 13\.35:/);
    expect(stdout).toMatch(/Work became cheaper: this is efficiency, not less use\./);
    expect(stdout).toMatch(/Item +Before +volume +mix +efficiency +price +After/);
    expect(stdout).toContain("1 other item");
    expect(stdout).toContain("Cost unknown, in no sum: own-secret-model.");
    expect((await bridge("2026-07", "--of", "calls", "--csv")).stdout).toMatch(
      /^Currency,Item,Kind,Before,volume/,
    );
  });

  test.each([
    [["2026-13"], /"2026-13-01" is not a date/],
    [["2026-07", "--by", "Nope"], /no column "Nope"/],
    [["2026-07", "--volume", "items"], /Charges have no volume of their own/],
    [["2026-07", "--volume", "moons"], /--volume moons is not known/],
    [["2026-07", "--volume", "signal:nope"], /no signal "nope"/],
    [["2026-07", "--units", "PricingQuantity"], /has several units/],
    [["2026-07", "--compare", "then"], /"then" is not a period/],
    [["2026-07", "--volume-where", "kind=x"], /is of a volume of all items/],
  ])("one clear answer: %s", async (args, message) => {
    const { exit, stderr } = await bridge(...args);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
