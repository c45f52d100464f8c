import { appendFile, mkdtemp, open, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callsTable } from "#facts/call-columns.ts";
import type { EventRow } from "#facts/event-table.ts";
import { scanSegment } from "./frames.ts";
import { journalLimits, openJournal } from "./journal.ts";
import { journalFolder, sealedSegments } from "./segments.ts";

let data: string;
let folder: string;
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), "plimsoll-journal-"));
  folder = journalFolder(data, "calls");
});
afterEach(() => rm(data, { recursive: true, force: true }));

const row = (id: string, more: EventRow = {}): EventRow => ({
  x_Source: "gateway",
  Id: id,
  StartTime: Date.UTC(2026, 6, 14),
  Provider: "openai",
  Operation: "chat",
  Status: "ok",
  ...more,
});
const open_ = (limits = {}) => openJournal(data, callsTable, { ...journalLimits, ...limits });
const names = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
/** The ids that lie in the journal's files, in order. */
async function ids(): Promise<string[]> {
  const found: string[] = [];
  for (const name of await names()) {
    const lines = (await readFile(path.join(folder, name), "utf8")).split("\n").filter((line) => line !== "");
    for (const line of lines) {
      const { Id } = JSON.parse(line) as { Id?: string };
      if (Id !== undefined) found.push(Id);
    }
  }
  return found;
}

describe("a journal", () => {
  test("has on the disk what it acknowledged, before it is closed", async () => {
    const journal = await open_();
    await journal.append([row("a"), row("b")]);
    expect(await ids()).toEqual(["a", "b"]);
    await journal.close();
    expect(await names()).toEqual([expect.stringMatching(/^00000001-[0-9a-f]{8}\.jsonl$/)]);
  });

  test("gathers what comes at once, keeps all of it, and begins new segments", async () => {
    const journal = await open_({ segmentBytes: 4096 });
    const all = Array.from({ length: 300 }, (_, index) => `call-${index}`);
    await Promise.all(all.map((id) => journal.append([row(id)])));
    await journal.append(all.map((id) => row(`again-${id}`)));
    await journal.close();
    expect((await ids()).sort()).toEqual([...all, ...all.map((id) => `again-${id}`)].sort());
    const segments = await sealedSegments(folder);
    expect(segments.length).toBeGreaterThan(1);
    const rows = await Promise.all(segments.map(async ({ file }) => (await scanSegment(file)).rows));
    expect(rows.reduce((a, b) => a + b)).toBe(600);
  });

  test("takes all of a delivery or, if one of its events is none, nothing", async () => {
    const journal = await open_();
    await expect(journal.append([row("a"), row("", {})])).rejects.toMatchObject({ code: "event-invalid" });
    await journal.append([row("b")]);
    await journal.close();
    expect(await ids()).toEqual(["b"]);
  });

  test("tells the sender to wait when too much of it is not compacted, and takes more once it is", async () => {
    const journal = await open_({ waitingBytes: 2000 });
    const big = row("a", { Step: "x".repeat(1500) });
    await journal.append([big]);
    await expect(journal.append([big])).rejects.toMatchObject({ code: "journal-full" });
    await journal.seal();
    for (const { file } of await sealedSegments(folder)) await rm(file);
    await journal.append([big]);
    await journal.close();
  });

  test("tells the sender to wait when the disk is slower than what comes in", async () => {
    const journal = await open_({ unwrittenBytes: 3000 });
    const big = (id: string): EventRow => row(id, { Step: "x".repeat(1000) });
    const sent = await Promise.allSettled(["a", "b", "c", "d"].map((id) => journal.append([big(id)])));
    const refused = sent.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const each of refused) expect(each).toMatchObject({ reason: { code: "journal-full" } });
    await journal.append([big("e")]);
    await journal.close();
    expect(await ids()).toHaveLength(5 - refused.length);
  });

  test("is one process's alone", async () => {
    const journal = await open_();
    await expect(open_()).rejects.toMatchObject({ code: "journal-busy" });
    await journal.close();
    await (await open_()).close();
  });
});

describe("after a crash", () => {
  /** A segment that a killed process left: three acknowledged frames. */
  async function left(): Promise<string> {
    const journal = await open_();
    for (const id of ["a", "b", "c"]) await journal.append([row(id)]);
    const [name = ""] = await names();
    const bytes = await readFile(path.join(folder, name));
    await journal.close();
    await rm(path.join(folder, name.replace(".open", ".jsonl")));
    const file = path.join(folder, name);
    const handle = await open(file, "wx");
    await handle.writeFile(bytes);
    await handle.close();
    return file;
  }

  test("what was written in part is dropped, wherever it was cut off, and the rest is kept", async () => {
    const file = await left();
    const whole = await readFile(file);
    const { sound } = await scanSegment(file);
    expect(sound).toBe(whole.length);
    // The last frame by one byte less each time.
    const start = whole.lastIndexOf('{"frame"');
    for (let length = whole.length - 1; length > start; length -= 7) {
      await truncate(file, length);
      expect(await scanSegment(file)).toEqual({ rows: 2, sound: start, bytes: length });
    }
    await (await open_()).close();
    expect(await ids()).toEqual(["a", "b"]);
  });

  test("a tail of zeros, as a crash of the machine may leave it, is dropped", async () => {
    const file = await left();
    await appendFile(file, Buffer.alloc(4096));
    const journal = await open_();
    await journal.append([row("d")]);
    await journal.close();
    expect(await ids()).toEqual(["a", "b", "c", "d"]);
  });

  test("a segment in which nothing was acknowledged goes", async () => {
    const file = await left();
    await truncate(file, 20);
    await (await open_()).close();
    expect(await names()).toEqual([]);
  });

  test("a byte that changed before sound frames is no crash: nothing is dropped in silence", async () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), async (share) => {
        const file = await left();
        const bytes = await readFile(file);
        const last = bytes.lastIndexOf('{"frame"');
        const at = Math.floor(share * last);
        bytes[at] = (bytes[at] ?? 0) ^ 0x01;
        const handle = await open(file, "w");
        await handle.writeFile(bytes);
        await handle.close();
        const scanned = await scanSegment(file).catch((cause: unknown) => cause);
        await rm(file);
        expect(scanned).toMatchObject({ code: "journal-damaged" });
      }),
      { numRuns: 15 },
    ));
});
