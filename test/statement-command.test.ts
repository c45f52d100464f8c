import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePeriods } from "#flows/close-periods.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { type FixtureRow, focusCsv } from "./engines/focus-csv.ts";
import { csv } from "./imports/csv.ts";
import { bring, type OwnFolder, ownFolder, plimsoll } from "./imports/kit.ts";

const charge = (
  month: number,
  team: string,
  cost: string,
  more: Record<string, string> = {},
): Record<string, string> => {
  const [start, end] = [`2026-0${month}-01T00:00:00Z`, `2026-0${month + 1}-01T00:00:00Z`];
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    BillingCurrency: "USD",
    BillingPeriodStart: start,
    BillingPeriodEnd: end,
    ChargePeriodStart: start,
    ChargePeriodEnd: `2026-0${month}-02T00:00:00Z`,
    ChargeCategory: "Usage",
    ServiceName: "Compute",
    Tags: team === "" ? "{}" : JSON.stringify({ team }),
    ...more,
  };
};
const bill = [
  charge(6, "search", "4"),
  charge(7, "search", "1.000000000000000001"),
  charge(7, "vision", "2"),
  charge(7, "platform", "0.000000000000000002", { ServiceName: "Network" }),
  charge(7, "platform", "10"),
  charge(7, "search", "-0.5", { ChargeCategory: "Credit" }),
  charge(7, "", "7"),
  charge(7, "<b>=cmd</b>", "3", { ServiceName: "<script>alert(1)</script>" }),
  charge(7, "vision", "5", { BillingCurrency: "EUR" }),
];

let own: OwnFolder;
let config: string;
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", csv(bill)));
  config = await own.write("plimsoll.yaml", "splits:\n  - { id: p, from: platform, to: [search, vision] }\n");
});
afterAll(() => own.remove());
const statement = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
  plimsoll(["statement", ...args, "--data", own.data, "--config", config]);

interface Json {
  readonly closed: object | null;
  readonly provisional: boolean;
  readonly scopes: readonly { scope: string | null; currency: string; total: { BilledCost: string } }[];
  readonly invoiced: readonly { currency: string; BilledCost: string }[];
}
const json = async (...args: readonly string[]): Promise<Json> =>
  JSON.parse((await statement("2026-07", "--json", ...args)).stdout) as Json;

test("what all bear adds up to the invoice at the 18th decimal; shared cost leaves its source", async () => {
  const { scopes, invoiced, provisional } = await json();
  expect(provisional).toBe(true);
  const borne = Object.fromEntries(
    scopes.map(({ scope, currency, total }) => [`${scope ?? "-"} ${currency}`, total.BilledCost]),
  );
  // Own cost weighs 0.5 + u and 2, u the smallest unit (search has a credit): of 10 + 2u, search gets 2 + 3.6u, so 4u of the units.
  expect(borne).toEqual({
    "search USD": "2.500000000000000005",
    "vision USD": "9.999999999999999998",
    "platform USD": "0",
    "<b>=cmd</b> USD": "3",
    "- USD": "7",
    "vision EUR": "5",
  });
  for (const { currency, BilledCost } of invoiced) {
    const sum = scopes
      .filter((each) => each.currency === currency)
      .reduce((all, { total }) => all + decimal(total.BilledCost), 0n);
    expect(formatDecimal(sum)).toBe(BilledCost);
  }
});

test("the table shows own, shared and credited cost, the month before, what nobody owns, and that the month is open", async () => {
  const { stdout } = await statement("2026-07", "--scope", "search");
  expect(stdout).toMatch(/search +USD +1\.00 +2\.00 +-0\.50 +2\.50 +2\.50 +-1\.50/);
  expect(stdout).not.toMatch(/\bvision\b/);
  const { stdout: all } = await statement("2026-07");
  expect(all).toMatch(/\(unallocated\) +USD +7\.00/);
  expect(all).toMatch(/= Invoiced +USD +23\.00 +0\.00 +-0\.50 +22\.50 +22\.50 +\+18\.50/);
  expect(stdout).toMatch(/Provisional: aws is still open for 2026-07/);
  expect(stdout).toMatch(/platform +shared by +USD +2\.00/);
  await closePeriods(
    { data: own.data, source: "aws", billingPeriods: ["2026-07"], closed: true, now: 0 },
    () => {},
  );
  expect((await json()).provisional).toBe(false);
});

test("a team whose name is a formula or markup does no harm in CSV and on the page", async () => {
  const { stdout } = await statement("2026-07", "--csv");
  expect(stdout).toContain("2026-07,<b>=cmd</b>,usage,");
  const page = `${own.folder}/july.html`;
  await statement("2026-07", "--html", page);
  const html = await readFile(page, "utf8");
  expect(html).not.toMatch(/<script|<b>/);
  expect(html).toContain("&lt;b&gt;=cmd&lt;/b&gt;");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("a page of one team holds nothing of the others; what nobody owns has no name in CSV", async () => {
  const page = `${own.folder}/search.html`;
  await statement("2026-07", "--scope", "search", "--html", page);
  const html = await readFile(page, "utf8");
  expect(html).toContain("search");
  expect(html).not.toMatch(/\bvision\b|Invoiced/);
  const { stdout } = await statement("2026-07", "--csv");
  expect(stdout).toContain("2026-07,,usage,Compute,USD,7,7,1");
});

test("a month in local time is stated by the month that the lake books it in, and unknown cost is said", async () => {
  const local = await ownFolder();
  try {
    const rows = [
      charge(7, "search", "4", {
        BillingPeriodStart: "2026-06-30T22:00:00Z",
        BillingPeriodEnd: "2026-07-31T22:00:00Z",
      }),
      charge(7, "constructor", "1", {
        EffectiveCost: "",
        ChargeCategory: "Tax",
        ChargePeriodStart: "2026-07-09T00:00:00Z",
        ChargePeriodEnd: "2026-07-10T00:00:00Z",
      }),
    ];
    await bring(local.data, await local.write("bill.csv", csv(rows)));
    const { stdout } = await plimsoll(["statement", "2026-07", "--data", local.data]);
    expect(stdout).toMatch(/search +USD +4\.00/);
    expect(stdout).toMatch(/EffectiveCost is unknown for 1 charge/);
  } finally {
    await local.remove();
  }
});

describe("a file that is there already", () => {
  test("is overwritten if it is a statement of ours or --force says so, and else left as it is", async () => {
    const page = await own.write("mine.html", "<p>My notes</p>");
    const refused = await statement("2026-07", "--html", page);
    expect([refused.exit, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/file-exists: .*mine\.html is there already and is no statement of ours/),
    ]);
    expect(await readFile(page, "utf8")).toBe("<p>My notes</p>");
    expect((await statement("2026-07", "--close", "--html", page)).stderr).toContain("nothing was closed");
    expect((await json()).closed).toBe(null);
    expect((await statement("2026-07", "--html", page, "--force")).exit).toBe(0);
    expect((await statement("2026-07", "--scope", "search", "--html", page)).exit).toBe(0);
    expect(await readFile(page, "utf8")).toContain("search bears 2.50");
  });

  test("is never one of Plimsoll's own, whatever is forced; --force without a page is no option", async () => {
    const current = `${own.data}/lake/CURRENT`;
    const before = await readFile(current, "utf8");
    const { exit, stderr } = await statement("2026-07", "--html", current, "--force");
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/where only Plimsoll's own files are written/)]);
    expect(await readFile(current, "utf8")).toBe(before);
    expect((await statement("2026-07", "--force")).stderr).toContain("--force overwrites the page of --html");
  });

  test("a page that is refused for another reason leaves no empty file behind", async () => {
    const page = `${own.folder}/never.html`;
    expect((await statement("2026-05", "--html", page)).exit).toBe(2);
    await expect(readFile(page)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("what people must not mistake", () => {
  const twoMonths = [
    charge(6, "search", "4"),
    charge(6, "old-lab", "1.25"),
    charge(7, "(unallocated)", "3"),
    charge(7, "", "5"),
    charge(7, "search", "0", { EffectiveCost: "2", CommitmentDiscountStatus: "Used" }),
    charge(7, "search", "0", { EffectiveCost: "0.5", CommitmentDiscountStatus: "Unused" }),
    charge(7, "search", "6", { EffectiveCost: "0", ChargeCategory: "Purchase" }),
  ];
  let other: OwnFolder;
  beforeAll(async () => {
    other = await ownFolder();
    await bring(other.data, await other.write("bill.csv", csv(twoMonths)));
  });
  afterAll(() => other.remove());
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await plimsoll(["statement", "2026-07", "--data", other.data, ...args])).stdout;

  test("a team that is called as what nobody owns is told from it in every form", async () => {
    const text = await ask();
    expect(text).toMatch(/\n"\(unallocated\)" +USD +3\.00/);
    expect(text).toMatch(/\n\(unallocated\) +USD +5\.00/);
    expect(await ask("--scope", "(unallocated)")).toMatch(/Total of "\(unallocated\)" +USD +3\.00/);
    expect(await ask("--unallocated")).toMatch(/Total of \(unallocated\) +USD +5\.00/);
    const lines = await ask("--csv");
    expect(lines).toContain("2026-07,(unallocated),usage,Compute,USD,3,3,1\n");
    expect(lines).toContain("2026-07,,usage,Compute,USD,5,5,1\n");
    const page = `${other.folder}/page.html`;
    await ask("--html", page);
    const html = await readFile(page, "utf8");
    expect(html).toMatch(
      /<h2>&quot;\(unallocated\)&quot;<\/h2>.*Total of &quot;\(unallocated\)&quot;.*?>3\.00</s,
    );
    expect(html).toMatch(/<h2><span class="swatch"><\/span>\(unallocated\)<\/h2>.*?>5\.00</s);
  });

  test("who bore something the month before and is gone stays in the comparison", async () => {
    const text = await ask();
    expect(text).toMatch(/old-lab +USD +– +– +– +– +– +-1\.25 \(gone\)/);
    expect(text).toMatch(/= Invoiced +USD .* \+5\.25\n/);
    expect(await ask("--scope", "old-lab")).toContain("Nothing this month.");
  });

  test("commitments are told apart, and why the two costs differ", async () => {
    const text = await ask("--scope", "search");
    expect(text).toMatch(/Compute +covered by a commitment +USD +2\.00 +0\.00/);
    expect(text).toMatch(/Compute +commitment, unused +USD +0\.50 +0\.00/);
    expect(text).toMatch(/Compute +purchase +USD +0\.00 +6\.00/);
    expect(text).toMatch(/of that, commitments +USD +2\.50 +0\.00/);
    expect(await ask()).toContain(
      "EffectiveCost is 3.50 USD below BilledCost: commitments are in it in the month",
    );
  });
});

test("the page says it all in one sentence, has no scripts, fetches nothing and shuts everything else out", async () => {
  const page = `${own.folder}/shut.html`;
  await statement("2026-07", "--html", page);
  const html = await readFile(page, "utf8");
  expect(html).toMatch(
    /<h1>July 2026 cost 5\.00.EUR \(\+5\.00 against June 2026\) and 22\.50.USD \(\+18\.50\), borne by 3 teams; nobody owns 7\.00.USD \(31\.1%\) of it\.<\/h1>/,
  );
  expect(html).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
  );
  expect(html).not.toMatch(/<script|https?:|url\(|@import|\bon\w+=/i);
  // All digits of an amount are there for who points at it.
  expect(html).toContain('title="2.500000000000000005"');
});

describe("what can't be stated is one message with exit 2", () => {
  test.each([
    [["2026-05"], /period-unknown: Nothing was invoiced in 2026-05\. The lake holds 2026-06, 2026-07/],
    [["July"], /window-invalid: "July" is no month/],
    [["2026-13"], /window-invalid: "2026-13" is no month/],
    [["2026-07", "--by", "colour"], /option-invalid/],
    [
      ["2026-07", "--scope", "serch"],
      /Nobody called "serch" bears anything of 2026-07\. Did you mean search/,
    ],
    [["2026-07", "--csv", "--json"], /Give one of --json and --csv, not both/],
    [["2026-07", "--html", "/"], /data-unwritable: \/ can't be written/],
    [["2026-07", "--html", "/no/such/folder/july.html"], /data-unwritable: .* can't be written/],
    [["2026-07", "--scope", "search", "--unallocated"], /Give one of --scope and --unallocated, not both/],
    [
      ["2026-07", "--scope", "(unallocated)"],
      /Nobody called "\(unallocated\)".*\n.*asked for by --unallocated/,
    ],
  ])("%s", async (args, message) => {
    const { exit, stderr } = await statement(...args);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

test("a month by customer, as tags of customers and tenants say", async () => {
  const world = await ownFolder();
  const row = (cost: string, tags: string): FixtureRow => ({
    BilledCost: cost,
    ServiceName: "Compute",
    Tags: tags,
  });
  await bring(
    world.data,
    await world.write(
      "bill.csv",
      focusCsv([row("3", '{"customer":"acme"}'), row("2", '{"Tenant-Id":"globex"}'), row("1", "")]),
    ),
  );
  const { stdout } = await plimsoll([
    "statement",
    "2026-07",
    "--by",
    "customer",
    "--csv",
    "--data",
    world.data,
  ]);
  expect(stdout).toMatch(/^2026-07,acme,usage,Compute,USD,3,3,1$/m);
  expect(stdout).toMatch(/^2026-07,globex,usage,Compute,USD,2,2,1$/m);
  expect(stdout).toMatch(/^2026-07,,usage,Compute,USD,1,1,1$/m);
  await world.remove();
});
