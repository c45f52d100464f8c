import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OwnFolder, ownFolder, plimsoll } from "../imports/kit.ts";
import { faultsOfCalls } from "./lake-kit.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

const run = (...args: string[]) => plimsoll(["calls", ...args, "--data", own.data]);
const line = (id: string, more: object = {}): object => ({
  id,
  start: "2026-07-14T09:00:00Z",
  provider: "openai",
  requestModel: "gpt-5",
  tokens: { input: 9000, cacheRead: 8000, output: 400 },
  ...more,
});
const file = async (...rows: readonly object[]): Promise<string> =>
  own.write("calls.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));

test("calls of files come in once, priced; what can't be taken is told, and what has no price", async () => {
  const calls = await file(
    line("a"),
    line("b", { requestModel: "gpt-nobody" }),
    line("c", { start: "1999-01-01T00:00:00Z" }),
    line("d", { tokens: { input: 5, cacheRead: 9, output: 1 } }),
  );
  const first = await run("import", calls, "--source", "gateway");
  expect(first.stdout).toContain("Imported 3 calls of 1 file.");
  expect(first.stdout).toMatch(/Set aside .*calls\.jsonl \(batch\): 1 × time-implausible .*first row 3/);
  const again = await run("import", calls, "--source", "gateway");
  expect(again.stdout).toContain("Nothing changed: all of 3 calls had come before.");
  const shown = await run("--by", "model", "--csv");
  // 1,000 × 1.25 + 8,000 × 0.125 + 400 × 10 per million: what was cached is not paid twice.
  expect(shown.stdout).toMatch(/^gpt-5,2,.*,0\.00625,1,1$/m);
  expect((await run()).stdout).toContain(
    "Cost: 2 calls without a price, not counted as zero: model-unknown 1, usage-faulty 1.",
  );
  expect(await faultsOfCalls(own.data)).toEqual([]);
});

test("a file of nothing that can be taken changes nothing", async () => {
  const { stderr, exit } = await run("import", await file(line("a", { id: "" })));
  expect(exit).toBe(2);
  expect(stderr).toMatch(
    /calls-invalid: .*calls\.jsonl: none of its 1 rows is a call that can be taken\. Row 1/,
  );
  expect((await run()).stderr).toContain("lake-empty");
  expect((await run("import", path.join(own.folder, "none.jsonl"))).stderr).toContain("source-not-found");
});

test("kept calls are priced anew when a contract says otherwise, after it was shown by how much", async () => {
  await run("import", await file(line("a"), line("b", { requestModel: "in-house-name" })));
  await mkdir(path.join(own.data, "prices"), { recursive: true });
  await writeFile(
    path.join(own.data, "prices", "tokens.csv"),
    [
      "provider,model,class,price,currency,valid_from",
      "openai,gpt-5,input,1,EUR,2026-01-01",
      "openai,gpt-5,cache_read,0.1,EUR,2026-01-01",
      "openai,gpt-5,output,5,EUR,2026-01-01",
      "",
    ].join("\n"),
  );
  const shown = await run("reprice", "2026-07", "--dry-run");
  expect(shown.stdout).toMatch(/^USD +1 +0 +0\.00625 +0 +-0\.00625$/m);
  expect(shown.stdout).toMatch(/^EUR +0 +1 +0 +0\.0038 +0\.0038$/m);
  expect((await run("--csv")).stdout).toContain("PricedCost_USD");
  const done = await run("reprice");
  expect(done.stdout).toContain("Calls of 1 day are priced anew");
  expect((await run("--by", "layer", "--csv")).stdout).toMatch(/^contract,1,.*,0\.0038,1,0$/m);
  expect((await run("reprice")).stdout).toContain("Nothing changed");
  const before = await plimsoll(["calls", "--data", own.data, "reprice", "--dry-run"]);
  expect(before.stdout).toContain("Nothing changed");
  expect((await run("reprice", "2025-01")).stdout).toBe("There are no calls of that time.\n");
  expect(await faultsOfCalls(own.data)).toEqual([]);
});
