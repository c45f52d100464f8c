import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "./imports/csv.ts";
import { bring, contents, type OwnFolder, ownFolder, plimsoll } from "./imports/kit.ts";

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  const charge = {
    BilledCost: "5",
    EffectiveCost: "5",
    BillingCurrency: "USD",
    BillingPeriodStart: "2026-07-01T00:00:00Z",
    BillingPeriodEnd: "2026-08-01T00:00:00Z",
    ChargePeriodStart: "2026-07-01T00:00:00Z",
    ChargePeriodEnd: "2026-07-02T00:00:00Z",
    ChargeCategory: "Usage",
    ServiceName: "Compute",
    ResourceId: "i-1",
    ResourceName: "box-1",
    Tags: '{"workload":"box","team":"vision","workload-type":"training"}',
  };
  await bring(own.data, await own.write("bill.csv", csv([charge])));
});
afterAll(() => own.remove());

const inventory = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
  plimsoll(["inventory", ...args, "--data", own.data]);
const shown = async (): Promise<string> => (await inventory("show", "box")).stdout;

test("what a person decides goes before what a tag declares, is told with its reason, audited, and can be taken back", async () => {
  expect(await shown()).toMatch(/type: training \(declared/);
  const decide = await inventory(
    "decide",
    "box",
    "--set",
    "type=Notebook",
    "--set",
    "team=search",
    "--reason",
    "asked them",
    "--actor",
    "ada",
  );
  expect(decide.exit).toBe(0);
  for (const text of [decide.stdout, await shown()]) {
    expect(text).toMatch(/type: notebook \(decided/);
    expect(text).toMatch(/team: search \(decided/);
    expect(text).toMatch(/ada: notebook: decided on .*: asked them/);
  }
  expect((await inventory("--team", "search")).stdout).toContain("box");
  await inventory("decide", "box", "--set", "type=", "--actor", "ada");
  expect(await shown()).toMatch(/type: training \(declared/);
  const audit = (await plimsoll(["state", "audit", "--data", own.data])).stdout;
  expect(audit.match(/workload\.decide/g)).toHaveLength(3);
});

describe("what can't be decided is one message with exit 2, and changes nothing", () => {
  test.each([
    [["nobody", "--set", "team=x"], /workload-unknown/],
    [["box", "--set", "tem=x"], /"tem=x" decides nothing: write field=value\. Did you mean team/],
    [["box", "--set", "type=toaster"], /toaster/],
    [["box", "--set", "team"], /"team" decides nothing/],
    [["box"], /needs what is decided/],
    [["box", "--set", "team=a", "--set", "team=b"], /team is set twice/],
    [["box", "--set", "team=a", "--csv"], /not as CSV/],
    [[], /needs the id of a workload/],
  ])("%s", async (args, message) => {
    const before = await contents(own.data);
    const { exit, stderr } = await inventory("decide", ...args);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(await contents(own.data)).toEqual(before);
  });
});
