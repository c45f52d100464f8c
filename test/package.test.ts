import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

const project = path.join(import.meta.dirname, "..");

let files: string[];
beforeAll(async () => {
  const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: project,
    maxBuffer: 1 << 26,
  });
  // npm 11 names packages by key, older ones list them.
  const answer = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
  files = answer.flatMap((each) => each.files.map((file) => file.path));
});

test("the package holds what runs, its handbook and its licence, and nothing else", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "package.json",
      "LICENSE",
      "CHANGELOG.md",
      "bin/plimsoll.js",
      "catalog/accelerators.csv",
      "catalog/machines.csv",
      "catalog/prices.json",
      "catalog/token-prices.json",
      "docs/README.md",
      "dist/cli/main.js",
      "dist/sample-company/generate.js",
    ]),
  );
  const allowed = /^(bin|catalog|docs)\/|^dist\/.*\.js$|\.md$|^(package\.json|LICENSE)$/;
  expect(files.filter((name) => !allowed.test(name) || name.includes(".test."))).toEqual([]);
});

/** The pages that a page links to, from the project's folder. */
async function linksOf(page: string): Promise<string[]> {
  const text = await readFile(path.join(project, page), "utf8");
  return [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) =>
    path.posix.join(path.posix.dirname(page), link),
  );
}

test("links between the pages of the package lead to what it holds", async () => {
  const pages = files.filter((name) => name.endsWith(".md"));
  expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/formats.md"]));
  const broken: string[] = [];
  for (const page of pages)
    for (const link of await linksOf(page)) if (!files.includes(link)) broken.push(`${page}: ${link}`);
  expect(broken).toEqual([]);
});

test("every page of the project belongs to the package", async () => {
  const pages = [
    ...(await readdir(project)),
    ...(await readdir(path.join(project, "docs"))).map((name) => `docs/${name}`),
  ].filter((name) => name.endsWith(".md"));
  expect(pages.filter((page) => !files.includes(page))).toEqual([]);
});
