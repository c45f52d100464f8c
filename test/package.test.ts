import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const project = path.join(import.meta.dirname, "..");

test("the package holds what runs, its handbook and its licence, and nothing else", async () => {
  const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: project,
    maxBuffer: 1 << 26,
  });
  // npm 11 names packages by key, older ones list them.
  const answer = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
  const files = answer.flatMap((each) => each.files.map((file) => file.path));
  expect(files).toEqual(
    expect.arrayContaining([
      "package.json",
      "LICENSE",
      "CHANGELOG.md",
      "bin/plimsoll.js",
      "catalog/gpu-instances.csv",
      "docs/README.md",
      "dist/cli/main.js",
      "dist/sample-company/generate.js",
    ]),
  );
  const allowed = /^(bin|catalog|docs)\/|^dist\/.*\.js$|^(package\.json|LICENSE|README\.md|CHANGELOG\.md)$/;
  expect(files.filter((name) => !allowed.test(name) || name.includes(".test."))).toEqual([]);
});

test("links between the project's pages lead somewhere", async () => {
  const pages = [
    ...(await readdir(project)).filter((name) => name.endsWith(".md")),
    ...(await readdir(path.join(project, "docs")))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(path.join(project, page), "utf8");
    for (const [, link = ""] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g))
      if (!existsSync(path.join(project, path.dirname(page), link))) broken.push(`${page}: ${link}`);
  }
  expect(broken).toEqual([]);
});
