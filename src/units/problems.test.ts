import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Problem } from "./problems.ts";
import { type ProblemCode, problemCodes } from "./problem-codes.ts";

const codes = Object.keys(problemCodes) as ProblemCode[];
const source = path.join(import.meta.dirname, "..");
const texts = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter(
    (name) =>
      name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== path.join("units", "problem-codes.ts"),
  )
  // What a comment names is not yet used.
  .map((name) => readFileSync(path.join(source, name), "utf8").replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ""));

describe("the table of problem codes", () => {
  test.each(codes)("%s has an exit code, a hint that is a sentence, and a user", (code) => {
    const { exit, hint } = problemCodes[code];
    expect([1, 2, 3]).toContain(exit);
    expect(hint).toMatch(/^\S.*[.?]$/s);
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    const named = code === "internal" ? "problemCodes.internal" : `"${code}"`;
    expect(texts.some((text) => text.includes(named))).toBe(true);
  });

  test("no code is written twice, in the table or by a slip of the pen elsewhere", () => {
    const table = readFileSync(path.join(import.meta.dirname, "problem-codes.ts"), "utf8");
    const written = [...table.matchAll(/^ {2}"?([a-z-]+)"?: \{/gm)].map(([, code]) => code);
    expect(written).toEqual(codes);
    const thrown = texts.flatMap((text) =>
      [...text.matchAll(/new Problem\(\s*"([^"]+)"/g)].map(([, code]) => code),
    );
    expect(thrown.length).toBeGreaterThan(30);
    expect(thrown.filter((code) => !codes.includes(code as ProblemCode))).toEqual([]);
  });
});

test("a problem carries its code's hint unless it knows better, and its cause", () => {
  const cause = new Error("EACCES");
  const plain = new Problem("source-unreadable", "Can't read a.csv.", { at: { file: "a.csv" }, cause });
  expect(plain).toMatchObject({
    code: "source-unreadable",
    hint: problemCodes["source-unreadable"].hint,
    cause,
  });
  expect(plain.at).toEqual({ file: "a.csv" });
  expect(new Problem("internal", "x", { hint: "Try again." }).hint).toBe("Try again.");
});
