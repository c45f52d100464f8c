import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cells, row } from "../division/rows.ts";
import { csv } from "../imports/csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { tickets } from "./tickets.ts";

describe("plimsoll unit-cost", () => {
  let world: OwnFolder;
  const config = `attribution: {}
splits:
  - { id: p, from: platform, to: [assistant, search], method: even }
unitCosts:
  - id: ticket
    cost: { where: ["Team=assistant"] }
    per: { outcome: resolved-ticket, where: ["Team=assistant"] }
  - id: ticket-with-shared
    cost: { statement: { value: assistant } }
    per: { outcome: resolved-ticket, where: ["Team=assistant"] }
  - id: call
    cost: { from: calls }
    per: { count: calls }
    unit: 1k
  - id: mtok
    cost: { from: calls, where: [model=gpt-4o-mini] }
    per: { count: tokens, where: [model=gpt-4o-mini] }
    unit: 1M
  - id: request
    cost: { where: ["Team=assistant"] }
    per: { signal: requests_finished }
  - id: never
    cost: { where: ["Team=assistant"] }
    per: { outcome: moon-landing }
`;
  const ask = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
    plimsoll(["unit-cost", ...args, "--data", world.data, "--config", `${world.folder}/plimsoll.yaml`]);
  const json = async (...args: readonly string[]): Promise<Record<string, string | null>[]> =>
    (JSON.parse((await ask(...args, "--json")).stdout) as { rows: Record<string, string | null>[] }).rows;
  beforeAll(async () => {
    world = await ownFolder();
    const { data } = world;
    await world.write("plimsoll.yaml", config);
    const tagged = (team: string): Cells => ({ Tags: JSON.stringify({ team }) });
    const hour = 3_600_000;
    await bring(
      data,
      await world.write(
        "bill.csv",
        csv([
          row(0, hour, "6", tagged("assistant")),
          row(30 * hour, 31 * hour, "3", tagged("assistant")),
          row(0, hour, "4", tagged("platform")),
        ]),
      ),
    );
    await plimsoll(["outcomes", "import", await world.write("t.csv", tickets), "--data", data]);
    const call = (id: string, more: object): string =>
      JSON.stringify({
        id,
        start: "2026-07-01T00:00:00Z",
        provider: "openai",
        responseModel: "gpt-4o-mini",
        status: "ok",
        tokens: { input: 1_000_000, output: 0 },
        ...more,
      });
    const lines = [call("1", {}), call("2", { status: "error" }), call("3", { retry: true })];
    await plimsoll([
      "calls",
      "import",
      await world.write("c.jsonl", `${lines.join("\n")}\n`),
      "--data",
      data,
    ]);
  });
  afterAll(() => world.remove());

  test("divides exactly, per outcome and per successful one; with shared cost by the statement", async () => {
    const rows = await json("2026-07");
    expect(rows.find(({ id }) => id === "ticket")).toMatchObject({
      cost: "9",
      volume: "3",
      unitCost: "3",
      perSuccess: "4.5",
      perSuccessAlone: null,
    });
    expect(rows.find(({ id }) => id === "ticket-with-shared")).toMatchObject({
      cost: "11",
      unitCost: "3.666666666666666667",
    });
  });

  test("of calls it tells what failed or was done again", async () => {
    const rows = await json("2026-07", "--id", "call,mtok");
    expect(rows).toMatchObject([
      {
        id: "call",
        cost: "0.45",
        volume: "3",
        per: "1000",
        unitCost: "150",
        succeeded: "2",
        perSuccess: "225",
        perSuccessAlone: "75",
        failedShare: "0.333333333333333333",
        retriedShare: "0.333333333333333333",
      },
      { id: "mtok", volume: "3000000", unitCost: "0.15" },
    ]);
  });

  test("is unknown where nothing is counted, never nothing", async () => {
    const rows = await json("2026-07", "--id", "request,never");
    expect(rows.map(({ id, unitCost, known }) => [id, unitCost, known])).toEqual([
      ["request", null, "volume-unknown"],
      ["never", null, "volume-unknown"],
    ]);
  });

  test("in pieces of time, for people and spreadsheets", async () => {
    const { stdout } = await ask("2026-07", "--id", "ticket", "--granularity", "day");
    expect(stdout).toMatch(/ticket +per resolved-ticket +2026-07-01 +6\.00 USD +2 +3\.00 +2 +3\.00/);
    expect(stdout).toMatch(/ticket +per resolved-ticket +2026-07-02 +3\.00 USD +1 +3\.00 +0 +none happened/);
    expect((await ask("2026-07", "--csv", "--id", "ticket")).stdout).toMatch(/^id,bucket,currency,cost/);
  });

  test.each([
    [["2026-07-01", "--id", "ticket-with-shared"], /statement, and these are of months/],
    [["2026-07", "--id", "tickte"], /No unit cost is called tickte\. Did you mean ticket/],
    [["2026-07", "--config", "/nowhere.yaml"], /nowhere\.yaml/],
  ])("one clear answer: %s", async (args, message) => {
    const { exit, stderr } = await plimsoll([
      "unit-cost",
      "--config",
      `${world.folder}/plimsoll.yaml`,
      "--data",
      world.data,
      ...args,
    ]);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test.each([
    [
      "id: a, cost: { where: [Nope=1] }, per: { outcome: x }",
      /line 2: unit cost a: There is no column "Nope"/,
    ],
    ["id: a, cost: { from: calls, where: [Nope=1] }, per: { outcome: x }", /Calls have no column "Nope"/],
    ["id: a, per: { signal: gpu_active }", /is a gauge/],
    ["id: a, per: { signal: gpu_activ }", /no signal "gpu_activ"/],
    ["id: a, per: { outcome: x, count: calls }", /name one of outcome, signal and count/],
    [
      "id: a, per: { outcome: x }, cost: { where: [Team=b], statement: { value: b } }",
      /takes neither filters nor calls/,
    ],
    ["id: a, per: { outcome: x }, unit: 12", /line 2/],
  ])("a wrong definition is told with its line: %s", async (definition, message) => {
    const file = await world.write("wrong.yaml", `unitCosts:\n  - { ${definition} }\n`);
    const { exit, stderr } = await plimsoll(["unit-cost", "--config", file, "--data", world.data]);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test("without a definition it says how to write one", async () => {
    const { exit, stderr } = await plimsoll(["unit-cost", "--data", `${world.folder}/elsewhere`]);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/No unit cost is defined.*unitCosts/s)]);
  });
});
