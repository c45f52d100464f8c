import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { type GenerateOptions, generate } from "./generate.ts";

const folder = mkdtempSync(path.join(tmpdir(), "plimsoll-generate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
/** Generates into a folder of its own. */
async function company(options: Omit<GenerateOptions, "out">) {
  const out = path.join(folder, String(++runs));
  const made = await generate({ ...options, out });
  const read = (name: string): string => readFileSync(path.join(out, name), "utf8");
  const hash = createHash("sha256");
  for (const name of made.files)
    hash
      .update(name)
      .update("\0")
      .update(readFileSync(path.join(out, name)));
  return { ...made, read, hash: hash.digest("hex") };
}

interface Focus {
  readonly resources: Set<string>;
  readonly hours: Set<string>;
}

/** Resources and times of a single FOCUS file. */
function resourcesAndHours(text: string): Focus {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const columns = header.split(",");
  const [id, start] = [columns.indexOf("ResourceId"), columns.indexOf("ChargePeriodStart")];
  const cells = lines.map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? "",
    ),
  );
  return {
    resources: new Set(cells.map((each) => each[id] ?? "")),
    hours: new Set(cells.map((each) => each[start] ?? "")),
  };
}

test("the same seed writes the same bytes, another seed others", async () => {
  const [first, second, other] = [
    await company({ seed: 3, days: 2 }),
    await company({ seed: 3, days: 2 }),
    await company({ seed: 4, days: 2 }),
  ];
  expect(first.files.length).toBeGreaterThan(10);
  expect(second.hash).toBe(first.hash);
  expect(other.hash).not.toBe(first.hash);
});

test("rows multiply resources, not time", async () => {
  const one = await company({ days: 1, singleCsv: true });
  const many = await company({ days: 1, singleCsv: true, rows: one.rows * 3 - 5 });
  expect(many.rows).toBe(one.rows * 3);
  const [small, large] = [one, many].map((made) => resourcesAndHours(made.read("focus.csv")));
  expect(large?.hours).toEqual(small?.hours);
  // Some lines, such as taxes, name no resource.
  const named = (focus: Focus | undefined): number =>
    [...(focus?.resources ?? [])].filter((id) => id !== "").length;
  expect(named(large)).toBe(3 * named(small));
  const copied = JSON.parse(many.read("truth.json")) as {
    copies: number;
    books: { total: { USD: { rows: number } } };
  };
  expect(copied.copies).toBe(3);
});

test("days shorten the window, and nothing is told that has not happened yet", async () => {
  const { read } = await company({ days: 5 });
  const truth = JSON.parse(read("truth.json")) as {
    until: string;
    incidents: { from: string }[];
    late: unknown;
  };
  expect(truth.until).toBe("2026-06-06T00:00:00Z");
  expect(truth.late).toBeNull();
  expect(truth.incidents.filter(({ from }) => from >= truth.until)).toEqual([]);
  const changes = JSON.parse(read("changes.json")) as { id: string; at: string }[];
  expect(changes.length).toBeGreaterThan(3);
  expect(changes.filter(({ at }) => at >= truth.until)).toEqual([]);
});

test.each([{ days: 0 }, { days: 92 }, { days: 1.5 }, { days: 1, rows: 0 }, { days: 1, rows: 0.5 }])(
  "%o is refused",
  async (options) => {
    await expect(generate({ out: path.join(folder, "refused"), ...options })).rejects.toMatchObject({
      code: "option-invalid",
    });
  },
);
