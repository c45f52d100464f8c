import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { showProblem } from "#cli/show-problem.ts";
import { Problem } from "#units/problems.ts";
import { type BadCase, file } from "./bad-input/bad-case.ts";
import { csv, line } from "./imports/bill.ts";
import { badCells } from "./bad-input/bad-cells.ts";
import { badFiles } from "./bad-input/bad-files.ts";
import { badTexts } from "./bad-input/bad-texts.ts";
import { bring, contents, ownFolder, type OwnFolder } from "./imports/kit.ts";

let own: OwnFolder;
let data: string;
let before: Record<string, string>;
let made = 0;

beforeAll(async () => {
  own = await ownFolder();
  data = own.data;
  await bring(data, await file("good.csv", csv(line(), line()))(own.folder));
  before = await contents(data);
});
afterAll(() => own.remove());

async function refusal(bad: BadCase, into: string): Promise<Problem> {
  const folder = path.join(own.folder, `delivery-${made++}`);
  await mkdir(folder);
  const cause: unknown = await bring(into, await bad.make(folder), bad.options).then(
    () => undefined,
    (why: unknown) => why,
  );
  if (cause instanceof Problem) return cause;
  throw cause ?? new Error("it was imported");
}

describe.each([
  ["cells", badCells],
  ["texts", badTexts],
  ["files", badFiles],
])("bad %s", (_, cases) => {
  test.each(cases)("$name", async (bad) => {
    const problem = await refusal(bad, data);
    const { file: named = "", ...at } = bad.at ?? {};
    expect(problem).toMatchObject({ code: bad.code, at });
    if (named !== "") expect(problem.at.file).toMatch(new RegExp(`${named}$`));
    if (bad.says !== undefined) expect(problem.message).toMatch(bad.says);
    expect(problem.others).toHaveLength(bad.others ?? 0);
    if (at.line !== undefined) expect(problem.message).toContain(`line ${at.line}`);
    expect(exitCode(problem)).toBe(2);
    expect(await contents(data)).toEqual(before);
  });
});

test("a first import that fails leaves no folder behind", async () => {
  const [bad] = badCells;
  const fresh = path.join(own.folder, "new", "data");
  if (bad !== undefined) await refusal(bad, fresh);
  expect(await contents(path.join(own.folder, "new"))).toEqual({});
});

function exitCode(problem: Problem): number {
  const quiet = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    return showProblem(problem);
  } finally {
    quiet.mockRestore();
  }
}
