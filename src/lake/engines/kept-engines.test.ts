import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lendEngine } from "./kept-engines.ts";

let lake: string;
beforeEach(async () => {
  lake = await mkdtemp(path.join(tmpdir(), "plimsoll-kept-"));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(lake, { recursive: true, force: true });
});

const mark = "create table mark (n integer)";
const marked = "select count(*)::integer as n from mark";

test("an engine that is given back is lent again, to one at a time", async () => {
  const first = await lendEngine(lake);
  await first.run(mark);
  const meanwhile = await lendEngine(lake);
  await expect(meanwhile.run(marked)).rejects.toThrow("mark");
  first.close();
  const again = await lendEngine(lake);
  expect(await again.run(marked)).toEqual([{ n: 0 }]);
  again.close();
});

test("an engine whose query failed is not lent again", async () => {
  const first = await lendEngine(lake);
  await first.run(mark);
  await expect(first.run("select nothing_like_it")).rejects.toThrow("nothing_like_it");
  first.close();
  const next = await lendEngine(lake);
  await expect(next.run(marked)).rejects.toThrow("mark");
  next.close();
});

test("an engine that nobody asks is closed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const first = await lendEngine(lake);
  await first.run(mark);
  first.close();
  vi.advanceTimersByTime(60_000);
  const next = await lendEngine(lake);
  await expect(next.run(marked)).rejects.toThrow("mark");
  next.close();
});

test("a kept engine keeps no process alive", async () => {
  const module = new URL("../../../dist/lake/engines/kept-engines.js", import.meta.url).href;
  const script = `import { lendEngine } from ${JSON.stringify(module)};
    const engine = await lendEngine(${JSON.stringify(lake)});
    engine.close();
    console.log("given back");`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    timeout: 20_000,
  });
  expect(stdout).toBe("given back\n");
});
