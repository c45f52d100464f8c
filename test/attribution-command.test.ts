import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv, line } from "./imports/bill.ts";
import { bring, contents, type OwnFolder, ownFolder, plimsoll } from "./imports/kit.ts";

let own: OwnFolder;
let config: string;
beforeAll(async () => {
  own = await ownFolder();
  const lines = [
    line({ Tags: '{""team"":""saerch""}'.replace(/^/, '"').replace(/$/, '"') }),
    line({ BilledCost: "2", EffectiveCost: "2" }),
  ];
  await bring(own.data, await own.write("bill.csv", csv(...lines)));
  config = await own.write(
    "plimsoll.yaml",
    `attribution:
  keys:
    team: { values: [search, platform], aliases: { saerch: search } }
  rules:
    - { id: compute, when: ["ServiceName=~^Comp"], set: { team: platform, environment: production } }
    - { id: never, when: ["ServiceName=Nothing"], set: { owner: nobody@example.com } }
`,
  );
});
afterAll(() => own.remove());

const attribution = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
  plimsoll(["attribution", ...args, "--data", own.data]);

test("a preview shows money by key, moves, rules that hold for nothing; and changes no file", async () => {
  const before = await contents(own.data);
  const { exit, stdout } = await attribution("preview", "--config", config);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/team +USD +1\.50 +42\.9% +3\.50 +100\.0% +\+2\.00/);
  expect(stdout).toMatch(/nobody +platform +rule:compute +2\.00/);
  expect(stdout).toMatch(/saerch +search +tag +1\.50/);
  expect(stdout).toMatch(/never +rule +holds for no charge/);
  expect(await contents(own.data)).toEqual(before);
});

test("publish attributes what is there, and reports follow; show prints the rules", async () => {
  const { stdout } = await attribution("publish", "--config", config, "--json", "--actor", "ada@example.com");
  const published = JSON.parse(stdout) as Record<string, unknown>;
  expect(published).toMatchObject({
    changed: true,
    backfilled: [{ source: "aws", billingPeriod: "2026-07" }],
    closed: [],
  });
  const report = await plimsoll([
    "report",
    "cost",
    "--by",
    "Team,TeamBasis,Stage",
    "--data",
    own.data,
    "--json",
  ]);
  const rows = (JSON.parse(report.stdout) as { rows: Record<string, unknown>[] }).rows;
  expect(rows.map((row) => [row["x_Team"], row["x_TeamBasis"], row["x_Stage"], row["BilledCost"]])).toEqual([
    ["platform", "rule:compute", "production", "2"],
    ["search", "tag", "production", "1.5"],
  ]);
  const shown = JSON.parse((await attribution("show", "--json")).stdout) as { rules: string };
  expect(shown.rules).toBe(published["rules"]);
  expect((await attribution("publish", "--config", config)).stdout).toMatch(/were in force already/);
  const audit = (await plimsoll(["state", "audit", "--data", own.data])).stdout;
  expect(audit.match(/ada@example\.com +rules\.publish/g)).toHaveLength(1);
});

test("rules that would attribute the most are suggested, ready to paste", async () => {
  const bare = await ownFolder();
  try {
    const lines = [line({ ServiceName: "Lone (v1)" }), line({ Tags: `"{""team"":""search""}"` }), line()];
    await bring(bare.data, await bare.write("bill.csv", csv(...lines)));
    const { stdout } = await plimsoll(["attribution", "suggest", "--data", bare.data]);
    expect(stdout).toMatch(/33\.3% of 4\.50 USD has a team; 3\.00 USD has none/);
    expect(stdout).toMatch(/ServiceName=Compute +search +search has 100\.0% of 1\.50 USD owned there +1\.50/);
    expect(stdout).toContain(
      `# who? - { id: suggested-2, when: ["ServiceName=Lone (v1)"], set: { team: … } }`,
    );
    const { suggestions } = JSON.parse(
      (await plimsoll(["attribution", "suggest", "--data", bare.data, "--json", "--limit", "1"])).stdout,
    ) as { suggestions: unknown[] };
    expect(suggestions).toHaveLength(1);
  } finally {
    await bare.remove();
  }
});

describe("a fault is one message with exit 2, and nothing changes", () => {
  const bad = (when: string): string =>
    `attribution:\n  rules:\n    - id: a\n      when: [${JSON.stringify(when)}]\n      set: { team: b }\n`;
  test.each([
    [["show", "--config", "x.yaml"], "plimsoll attribution show takes no --config."],
    [["publish", "--period", "2026-07"], "plimsoll attribution publish takes no --period."],
    [["suggest", "--note", "why"], "plimsoll attribution suggest takes no --note."],
  ])("an option that would be passed over: %s", async (args, message) => {
    const { exit, stderr } = await attribution(...args);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test.each([
    [
      "a pattern that looks ahead",
      bad("ServiceName=~(?=x)"),
      /line 4: rule a: The pattern \(\?=x\) can't be used/,
    ],
    [
      "a pattern that explodes",
      bad("ServiceName=~((a{100}){100}){100}"),
      /line 4: rule a: The pattern .* can't be used/,
    ],
    [
      "a pattern without end",
      bad("ServiceName=~(a"),
      /line 4: rule a: The pattern \(a can't be used: missing \)/,
    ],
    ["an unknown column", bad("Servce=x"), /line 4: rule a: There is no column "Servce"/],
    [
      "a number that is none",
      bad("ListUnitPrice=abc"),
      /line 4: rule a: ListUnitPrice holds numbers; "abc" is none/,
    ],
  ])("%s", async (_, text, message) => {
    const before = await contents(own.data);
    const file = await own.write("bad.yaml", text);
    for (const action of ["preview", "publish"]) {
      const { exit, stderr } = await attribution(action, "--config", file);
      expect(exit).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    }
    expect(await contents(own.data)).toEqual(before);
  });

  test("no file of rules", async () => {
    const { exit, stderr } = await attribution("preview", "--config", `${own.folder}/none.yaml`);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/source-not-found: .*none\.yaml is not there/);
  });

  test("a pattern of a report that can't be used", async () => {
    const { exit, stderr } = await plimsoll([
      "report",
      "cost",
      "--where",
      "ServiceName=~(a",
      "--data",
      own.data,
    ]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/filter-invalid: The pattern \(a can't be used: missing \)/);
  });
});
