import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { file } from "./bad-input/bad-case.ts";
import { csv, line } from "./imports/bill.ts";
import { bring, contents, ownFolder, type OwnFolder, plimsoll } from "./imports/kit.ts";

/** Lines that hardly pack, so that sizes on the disk are what the test says. */
const noise = (rows: number, seed: number): string =>
  csv(
    ...Array.from({ length: rows }, (_, row) => {
      const text = Array.from({ length: 12 }, (_unused, part) =>
        Math.imul(row * 31 + part + seed, 0x9e3779b1).toString(36),
      ).join("");
      return line({ BilledCost: `${row}.${row % 97}`, ServiceName: text });
    }),
  );

let own: OwnFolder;
let data: string;

beforeAll(async () => {
  own = await ownFolder();
  data = own.data;
  await bring(data, await file("good.csv", csv(line(), line()))(own.folder));
});
afterAll(() => own.remove());

test("the command says what is wrong, where, and what to do, and exits with 2", async () => {
  const bill = path.join(own.folder, "typo.csv");
  await writeFile(bill, csv(line(), line({ BilledCost: "1_000" }), line({ BillingCurrency: "usd" })));
  const before = await contents(data);
  expect(await plimsoll(["import", bill, "--data", data, "--source", "aws"])).toEqual({
    exit: 2,
    signal: null,
    stdout: "",
    stderr: `Error amount-invalid: ${bill}, line 3, column BilledCost: "1_000" is not a decimal.
Amounts are plain decimals such as -1234.5 or 1.2E-7, without separators or signs of currency.
`,
  });
  expect(await contents(data)).toEqual(before);
});

test("a cell of 300 MB that never closes is refused in bounded memory", async () => {
  const bill = path.join(own.folder, "huge.csv");
  await writeFile(bill, csv(line(), line({ Tags: '"' })).trimEnd());
  const part = "words and more words, without an end\n".repeat(1 << 18);
  for (let written = 0; written < 300 << 20; written += part.length) appendFileSync(bill, part);
  const shown = `data:text/javascript,process.on("exit",()=>console.error("KiB",process.resourceUsage().maxRSS))`;
  const { exit, stderr } = await plimsoll(["import", bill, "--data", data, "--source", "aws"], {
    node: ["--import", shown],
  });
  expect(stderr).toMatch(/^Error input-too-large: .*huge\.csv, line 3: a record is longer than 4 MiB\./);
  expect(exit).toBe(2);
  expect(Number(/KiB (\d+)/.exec(stderr)?.[1])).toBeLessThan(1 << 20);
});

test("a file that grows while it is read is refused", async () => {
  const bill = await file("grows.csv", csv(line(), line({ BilledCost: "7" })))(own.folder);
  const before = await contents(data);
  const grow = bring(data, bill, {}, ({ step }) => {
    if (step === "checking") appendFileSync(String(bill), `${line()}\n`);
  });
  await expect(grow).rejects.toMatchObject({ code: "source-changed", at: { file: bill } });
  expect(await contents(data)).toEqual(before);
});

test("a file that is half written when it is read is called changing, not malformed", async () => {
  const bill = await file("half.csv", csv(line(), line({ BilledCost: "8" })))(own.folder);
  const grow = bring(data, bill, {}, ({ step, done }) => {
    if (step === "staging" && done === 0) appendFileSync(String(bill), "9,9,9");
  });
  await expect(grow).rejects.toMatchObject({ code: "source-changed" });
});

test("a pipe is refused, not waited for", async () => {
  const pipe = path.join(own.folder, "pipe.csv");
  execFileSync("mkfifo", [pipe]);
  const { exit, stderr } = await plimsoll(["import", pipe, "--data", data]);
  expect(stderr).toContain("Error source-unreadable");
  expect(exit).toBe(2);
});

const isRoot = process.getuid?.() === 0;
/** Rights mean nothing to root, so a root's tests hand the command to nobody. */
const asNobody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

test.each([
  ["a file without rights", "file"],
  ["a folder without rights", "folder"],
])("%s", async (_, kind) => {
  const folder = path.join(own.folder, `locked-${kind}`);
  await mkdir(folder);
  await chmod(own.folder, 0o755);
  const bill = path.join(folder, "bill.csv");
  await writeFile(bill, csv(line()));
  await chmod(kind === "file" ? bill : folder, 0);
  const free = path.join(own.folder, `free-${kind}`);
  await mkdir(free);
  await chmod(free, 0o777);
  const { exit, stderr } = await plimsoll(
    ["import", kind === "file" ? bill : folder, "--data", path.join(free, "data")],
    { before: asNobody },
  );
  await chmod(kind === "file" ? bill : folder, 0o700);
  expect(stderr).toMatch(/^Error source-unreadable: .* permission is missing\./);
  expect(exit).toBe(2);
  expect(await contents(free)).toEqual({});
});

test("a data folder without rights", async () => {
  const locked = path.join(own.folder, "locked-data");
  await mkdir(locked);
  await chmod(own.folder, 0o755);
  await chmod(locked, 0o555);
  const bill = path.join(own.folder, "bill.csv");
  await writeFile(bill, csv(line()));
  const { exit, stderr } = await plimsoll(["import", bill, "--data", locked], { before: asNobody });
  expect(stderr).toMatch(/^Error data-unwritable: .*locked-data/);
  expect(exit).toBe(2);
});

/** Mounts a disk of that many KiB over a folder; undefined where the machine does not let us. */
function smallDisk(folder: string, kib: number): (() => void) | undefined {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return () => execFileSync("umount", [folder]);
}

test("a disk that fills at any moment of an import changes nothing and is said so", async (context) => {
  const disk = path.join(own.folder, "disk");
  await mkdir(disk);
  const small = await file("small.csv", csv(line()))(own.folder);
  const large = await file("large.csv", noise(2500, 1))(own.folder);
  const codes: string[] = [];
  for (const kib of [60, 250, 400, 500, 600, 700, 4000]) {
    const unmount = smallDisk(disk, kib);
    if (unmount === undefined) return context.skip("this machine lets us mount no small disk");
    try {
      await bring(disk, small);
      const before = await contents(disk);
      const code = await bring(disk, large).then(
        () => "imported",
        (cause: unknown) => {
          if (cause instanceof Problem) return cause.code;
          throw cause;
        },
      );
      codes.push(code);
      if (code !== "imported") expect(await contents(disk)).toEqual(before);
    } finally {
      unmount();
    }
  }
  expect(new Set(codes)).toEqual(new Set(["disk-full", "imported"]));
  expect(codes.at(-1)).toBe("imported");
  expect(codes.filter((code) => code === "disk-full").length).toBeGreaterThan(3);
});
