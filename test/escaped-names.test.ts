import { afterAll, beforeAll, expect, test } from "vitest";
import { csv, line } from "./imports/bill.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
beforeAll(async () => {
  own = await ownFolder();
  data = own.data;
  const tags = `"{""cost,center"":""north""}"`;
  const bill = await own.write(
    "bill.csv",
    csv(
      line({ BilledCost: "1", ServiceName: "Reads|Writes", Tags: tags }),
      line({ BilledCost: "2", ServiceName: "Reads" }),
      line({ BilledCost: "4", ServiceName: "Writes" }),
    ),
  );
  await bring(data, bill);
});
afterAll(() => own.remove());

async function rows(report: string, ...args: string[]): Promise<unknown[]> {
  const { stdout } = await plimsoll(["report", report, ...args, "--data", data, "--json"]);
  return (JSON.parse(stdout) as { rows: unknown[] }).rows;
}

const both = "Reads|Writes";
test.each([
  ["ServiceName=Reads|Writes", ["Reads", "Writes"]],
  ["ServiceName=Reads\\|Writes", [both]],
  ["ServiceName=Reads\\|Writes|Reads", ["Reads", both]],
  ["ServiceName!=Reads\\|Writes", ["Reads", "Writes"]],
  ["ServiceName~s\\|w", [both]],
  ["tag:cost,center=north", [both]],
])("--where %s is about %j, in named reports too", async (filter, services) => {
  const named = async (...report: [string, ...string[]]) =>
    (await rows(...report, "--where", filter)).map((row) => (row as { ServiceName: string }).ServiceName);
  expect((await named("cost", "--by", "ServiceName")).sort()).toEqual(services);
  expect((await named("service-costs")).sort()).toEqual(services);
});

test("a comma of a tag's key is written with a backslash", async () =>
  expect(await rows("cost", "--by", "tag:cost\\,center,ServiceName", "--top", "1")).toMatchObject([
    { "tag:cost,center": null, ServiceName: "Writes" },
  ]));

test("--help says so", async () => {
  const { stdout } = await plimsoll(["report", "--help"]);
  const help = stdout.replaceAll(/\s+/g, " ");
  expect(help).toContain(String.raw`\| is a bar of a value`);
  expect(help).toContain(String.raw`\, is a comma of a key`);
});
