import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWriter, type Writer } from "#lake/writer.ts";
import { csv, line } from "./imports/bill.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
let bill: string;
beforeAll(async () => {
  own = await ownFolder();
  data = own.data;
  bill = await own.write("bill.csv", csv(line()));
  await bring(data, bill);
});
afterAll(() => own.remove());

const writer = (): Promise<Writer> => openWriter(data, [], Date.now(), () => {});
const close = (...action: string[]) =>
  plimsoll(["periods", ...action, "--source", "aws", "--period", "2026-07", "--data", data]);

test("a command waits for the writer before it", async () => {
  const first = await writer();
  const second = close("close");
  await setTimeout(1500);
  await first.close();
  expect(await second).toMatchObject({
    exit: 0,
    stdout: expect.stringMatching(/^Closed aws 2026-07/) as string,
    stderr: "",
  });
});

test("two imports that one program starts at once follow each other", async () => {
  await writeFile(bill, csv(line(), line()));
  const results = await Promise.all([
    bring(data, bill, { force: true }),
    bring(data, bill, { source: "other" }),
  ]);
  expect(results.map(({ changed }) => changed)).toEqual([true, true]);
});

test("where it waits in vain it says once what is wrong, and once what to do", async () => {
  const first = await writer();
  const { exit, stderr } = await close("reopen");
  await first.close();
  expect(exit).toBe(3);
  expect(stderr.replace(/PID \d+/, "PID n")).toBe(
    `Error lake-busy: Another process (PID n) is writing to this lake.
Nothing was changed; run the command again when the other one is done.
`,
  );
});
