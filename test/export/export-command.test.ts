import { mkdir, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closePeriods } from "#flows/close-periods.ts";
import { closeMonth } from "#flows/statements/close-statement.ts";
import { type FixtureRow, focusCsv } from "../engines/focus-csv.ts";
import { bring, type OwnFolder, ownFolder, plimsoll, start } from "../imports/kit.ts";
import { csvRows } from "./kit.ts";

const charge = (team: string, cost: string): FixtureRow => ({
  BilledCost: cost,
  ServiceName: "Compute",
  Tags: JSON.stringify({ team }),
});

let own: OwnFolder;
let at: (name: string) => string;
beforeAll(async () => {
  own = await ownFolder();
  at = (name) => `${own.folder}/${name}`;
  await bring(
    own.data,
    await own.write("bill.csv", focusCsv([charge("search", "1.5"), charge("platform", "2")])),
  );
  await own.write("plimsoll.yaml", "splits:\n  - { id: p, from: platform }\n");
});
afterAll(() => own.remove());
const send = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
  plimsoll(["export", ...args, "--data", own.data, "--config", at("plimsoll.yaml")]);

describe("plimsoll export", () => {
  test("writes a file and says what is in it", async () => {
    const { exit, stdout } = await send("2026-07", "-o", at("july.parquet"));
    expect(exit).toBe(0);
    expect(stdout).toContain("2 rows of 2026-07-01T00:00:00Z to 2026-08-01T00:00:00Z; FOCUS 1.4");
    expect(stdout).toMatch(/USD\s+2\s+3\.50\s+3\.50/);
  });

  test("writes CSV to standard output, and what it has to say beside it", async () => {
    const { exit, stdout, stderr } = await send(
      "2026-07",
      "-o",
      "-",
      "--columns",
      "Team,BilledCost,servicename",
    );
    expect(exit).toBe(0);
    expect(stdout).toBe(
      '"x_Team",BilledCost,"ServiceName"\n"search",1.5,"Compute"\n"platform",2,"Compute"\n',
    );
    expect(stderr).toContain("Wrote standard output: 2 rows");
  });

  test("divides shared cost, and writes a manifest that an import of the folder passes over", async () => {
    const folder = at("sent");
    await mkdir(folder);
    const args = [
      "2026-07",
      "--split",
      "team",
      "-o",
      `${folder}/july.csv.gz`,
      "--manifest",
      "--where",
      "Team=search",
    ];
    const { exit, stdout } = await send(...args, "--json");
    expect(exit).toBe(0);
    const manifest = JSON.parse(await readFile(`${folder}/july.csv.gz.manifest`, "utf8")) as object;
    expect(manifest).toEqual(JSON.parse(stdout));
    expect(manifest).toMatchObject({
      file: "july.csv.gz",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      rows: 2,
      sums: [{ currency: "USD", BilledCost: "3.5", withoutValue: {} }],
      selection: { role: "invoice", time: "billing", month: "2026-07", where: ["Team=search"] },
      lake: { version: 1, periods: [{ source: "aws", billingPeriod: "2026-07", rules: null }] },
      split: {
        key: "team",
        splits: [{ id: "p", method: "proportional", by: "EffectiveCost" }],
        open: ["aws"],
      },
    });
    const imported = await plimsoll(["import", folder, "--data", at("from-folder")]);
    expect(imported.stdout).toContain("Imported 2 charges");
    expect(await readdir(folder)).toEqual(["july.csv.gz", "july.csv.gz.manifest"]);
  });

  test("replaces a file only if it is told to, and then what a link points to", async () => {
    await writeFile(at("kept.csv"), "mine");
    await symlink(at("kept.csv"), at("link.csv"));
    const refused = await send("-o", at("kept.csv"));
    expect([refused.exit, await readFile(at("kept.csv"), "utf8")]).toEqual([2, "mine"]);
    expect(refused.stderr).toContain("file-exists");
    expect((await send("-o", at("link.csv"), "--force")).exit).toBe(0);
    expect(await csvRows(at("kept.csv"))).toHaveLength(2);
    expect((await readdir(own.folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  test("never writes where Plimsoll keeps its own files, whatever is forced and wherever a link leads", async () => {
    const current = await readFile(`${own.data}/lake/CURRENT`, "utf8");
    await symlink(`${own.data}/lake`, at("elsewhere"));
    await symlink(`${own.data}/lake/CURRENT`, at("july.csv"));
    for (const file of [
      `${own.data}/lake/CURRENT`,
      `${own.data}/state/x`,
      at("elsewhere/x"),
      at("july.csv"),
    ]) {
      const { exit, stderr } = await send("-o", file, "--format", "csv", "--force");
      expect([exit, stderr]).toEqual([
        2,
        expect.stringMatching(/where only Plimsoll's own files are written/),
      ]);
    }
    expect(await readFile(`${own.data}/lake/CURRENT`, "utf8")).toBe(current);
    // Beside them is as good as anywhere else.
    expect((await send("-o", `${own.data}/july.csv`)).exit).toBe(0);
    await symlink(at("nothing.csv"), at("dangling.csv"));
    expect((await send("-o", at("dangling.csv"), "--force")).stderr).toContain(
      "is a link to what is not there",
    );
  });

  test("sweeps what a killed export left in the folder of temporary files, and says if there is none", async () => {
    const tmp = at("tmp");
    const left = ["plimsoll-export-killed", "plimsoll-export-running", "another"];
    for (const name of left) await mkdir(`${tmp}/${name}`, { recursive: true });
    for (const name of ["plimsoll-export-killed", "another"]) await utimes(`${tmp}/${name}`, 0, 0);
    const to = (folder: string): ReturnType<typeof plimsoll> =>
      plimsoll(["export", "-o", at("swept.csv"), "--force", "--data", own.data], { env: { TMPDIR: folder } });
    expect((await to(tmp)).exit).toBe(0);
    expect(await readdir(tmp)).toEqual(["another", "plimsoll-export-running"]);
    const { exit, stderr } = await to(at("no-such-folder"));
    expect([exit, stderr]).toEqual([
      2,
      expect.stringMatching(/plimsoll-export-… can't be written: its folder is not there/),
    ]);
  });

  test("a month that was closed without splits says so, and not that there are none", async () => {
    const world = await ownFolder();
    try {
      await bring(world.data, await world.write("bill.csv", focusCsv([charge("search", "1")])));
      await world.write("data/plimsoll.yaml", "splits:\n  - { id: p, from: platform }\n");
      const books = { data: world.data, source: "aws", billingPeriods: ["2026-07"], closed: true, now: 0 };
      await closePeriods(books);
      const by = { actor: "ada", at: 0 };
      await closeMonth({ data: world.data }, { month: "2026-07", key: "team", splits: [] }, by);
      const { stderr } = await plimsoll([
        "export",
        "2026-07",
        "--split",
        "team",
        "-o",
        `${world.folder}/x.csv`,
        "--data",
        world.data,
      ]);
      expect(stderr).toContain("2026-07 was closed by team without splits, and stays so.");
    } finally {
      await world.remove();
    }
  });
});

test.each<[string, () => readonly string[], string]>([
  ["no file", () => ["2026-07"], "option-invalid: plimsoll export needs a file to write."],
  ["a file of no known form", () => ["-o", at("x.xls")], "does not say what form it has"],
  ["Parquet to standard output", () => ["-o", "-", "--format", "parquet"], "Standard output takes CSV"],
  ["a manifest of standard output", () => ["-o", "-", "--manifest"], "standard output has the rows"],
  ["a folder that is not there", () => ["-o", at("no/x.csv")], "can't be written: its folder is not there."],
  ["a folder", () => ["-o", own.folder, "--format", "csv", "--force"], "is no file that can be replaced"],
  ["a device", () => ["-o", "/dev/null", "--format", "csv", "--force"], "is no file that can be replaced"],
  ["an unknown column", () => ["-o", at("x.csv"), "--columns", "ServiceNam"], "Did you mean ServiceName?"],
  ["the map of tags", () => ["-o", at("x.csv"), "--columns", "x_Tags"], "There is no column"],
  ["a column twice", () => ["-o", at("x.csv"), "--columns", "Team,x_team"], "column-duplicate"],
  ["another FOCUS", () => ["-o", at("x.csv"), "--focus", "0.9"], "--focus 0.9 is not one of"],
  [
    "an unknown key",
    () => ["2026-07", "-o", at("x.csv"), "--split", "tem"],
    "--split tem is not one of team",
  ],
  [
    "a key without splits",
    () => ["2026-07", "-o", at("x.csv"), "--split", "model"],
    "There are splits by team.",
  ],
  ["a broken pattern", () => ["-o", at("x.csv"), "--where", "ServiceName=~("], "filter-invalid"],
  [
    "nothing in that time",
    () => ["2025", "-o", at("x.csv")],
    "selection-empty: No charge of 2025-01-01T00:00:00Z",
  ],
  ["nothing that passes", () => ["-o", at("x.csv"), "--where", "Team=serch"], "Did you mean search?"],
  [
    "a role that nothing has",
    () => ["-o", at("x.csv"), "--role", "estimate"],
    "no source of the role estimate",
  ],
])("refused with one clear answer, and no file: %s", async (_, args, message) => {
  const { exit, stdout, stderr } = await send(...args());
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
  expect([exit, stdout]).toEqual([2, ""]);
  expect((await readdir(own.folder)).filter((name) => /^x\.|partial/.test(name))).toEqual([]);
});

test(
  "killed at any moment it leaves the old file or the new one, never a part",
  { timeout: 120_000 },
  async () => {
    const world = await ownFolder();
    try {
      const many = Array.from({ length: 30_000 }, (_, index) => charge("search", `${index}.25`));
      await bring(world.data, await world.write("bill.csv", focusCsv(many)));
      const file = await world.write("out.csv", "old");
      for (const wait of [0, 20, 60, 120]) {
        const { child, ended } = start(["export", "-o", file, "--force", "--data", world.data]);
        while (
          child.exitCode === null &&
          !(await readdir(world.folder)).some((name) => name.endsWith(".partial"))
        )
          await setTimeout(5);
        await setTimeout(wait);
        child.kill("SIGKILL");
        await ended;
        const text = await readFile(file, "utf8");
        if (text !== "old") expect(await csvRows(file)).toHaveLength(30_000);
      }
    } finally {
      await world.remove();
    }
  },
);
