import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The table of STYLE.md §1, written once more by hand: what each layer may import of ours. */
const types = ["units", "facts", "findings", "policy"];
const below = [...types, "methods", "analysis", "ingest", "lake", "store", "actions"];
const mayImport: Readonly<Record<string, readonly string[]>> = {
  units: [],
  methods: [],
  facts: ["units"],
  findings: ["units", "facts"],
  policy: ["units", "facts"],
  analysis: ["units", "methods", "facts", "findings", "policy"],
  ingest: types,
  lake: types,
  store: types,
  actions: types,
  flows: below,
  api: [...types, "flows"],
  cli: [...types, "flows", "api"],
  web: types,
};
const layers = Object.keys(mayImport);
const pure = ["units", "methods", "facts", "findings", "policy", "analysis"];

const project = path.join(import.meta.dirname, "..");
const run = promisify(execFile);
let copy: string;
/** File to what lint or the compiler says about it. */
let lint: Map<string, string[]>;
let compiler: Map<string, string[]>;
let compiled: string[];

/** Planted files: name to text. */
const planted = new Map<string, string>();
const plant = (name: string, text: string): string => {
  planted.set(name, `${text}\n`);
  return name;
};
const say = (found: Map<string, string[]>, name: string): string => (found.get(name) ?? []).join("\n");

beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), "plimsoll-borders-"));
  for (const name of [".oxlintrc.json", "lint", "package.json", "tsconfig.base.json"])
    await cp(path.join(project, name), path.join(copy, name), { recursive: true });
  await symlink(path.join(project, "node_modules"), path.join(copy, "node_modules"));
  compiled = (await readdir(path.join(project, "src"), { withFileTypes: true })).map(({ name }) => name);
  for (const layer of compiled) {
    await mkdir(path.join(copy, "src", layer), { recursive: true });
    await cp(
      path.join(project, "src", layer, "tsconfig.json"),
      path.join(copy, "src", layer, "tsconfig.json"),
    );
  }
  plantAll();
  for (const [name, text] of planted) {
    await mkdir(path.dirname(path.join(copy, name)), { recursive: true });
    await writeFile(path.join(copy, name), text);
  }
  [lint, compiler] = await Promise.all([runLint(), runCompiler()]);
}, 60_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

function plantAll(): void {
  for (const layer of layers) {
    plant(`src/${layer}/clean.ts`, "export const clean = 1;");
    for (const other of [...layers, "sample"])
      if (other !== layer)
        plant(
          `src/${layer}/imports-${other}.ts`,
          `import { clean } from "#${other}/clean.ts";\nexport const x = clean;`,
        );
    plant(`src/${layer}/climbs.ts`, `import { clean } from "../${layer}/clean.ts";\nexport const x = clean;`);
    plant(`src/${layer}/default.ts`, "export default 1;");
    plant(
      `src/${layer}/type-only.ts`,
      `import type { X } from "#${layer === "web" ? "cli" : "web"}/clean.ts";\nexport type Y = X;`,
    );
    for (const [name, text] of Object.entries(effects)) plant(`src/${layer}/${name}.ts`, text);
    plant(
      `src/${layer}/inside.test.ts`,
      `import { readFileSync } from "node:fs";\nexport const x = [readFileSync, Date.now()];`,
    );
    plant(
      `src/${layer}/crosses.test.ts`,
      `import { clean } from "#${layer === "cli" ? "web" : "cli"}/clean.ts";\nexport const x = clean;`,
    );
  }
  plant("src/analysis/one/own.ts", `import { x } from "./other.ts";\nexport const y = x;`);
  plant("src/analysis/one/other.ts", "export const x = 1;");
  plant("src/analysis/two/capability.ts", `import { x } from "#analysis/one/other.ts";\nexport const y = x;`);
  plant("src/lake/engines/own.ts", `import { clean } from "#lake/clean.ts";\nexport const x = clean;`);
  plant(
    "src/cli/commands/demo-command.ts",
    `import { clean } from "#sample/clean.ts";\nexport const x = clean;`,
  );
  plant(
    "src/cli/commands/other-command.ts",
    `import { clean } from "#sample/clean.ts";\nexport const x = clean;`,
  );
  plant(
    "examples/sample-company/reads-lake.ts",
    `import { clean } from "#lake/clean.ts";\nexport const x = clean;`,
  );
  plant(
    "examples/sample-company/uses-units.ts",
    `import { clean } from "#units/clean.ts";\nexport const x = clean;`,
  );
  plant("src/cli/environment.ts", "export const x = process.env;");
  plant(
    "src/units/long.ts",
    Array.from({ length: 301 }, (_, line) => `export const l${line} = ${line};`).join("\n"),
  );
}

/** What a pure layer may not do, and a word of the message that says so. */
const effects = {
  files: `import { readFileSync } from "node:fs";\nexport const x = readFileSync;`,
  "files-old-name": `import { readFileSync } from "fs/promises";\nexport const x = readFileSync;`,
  network: `import { get } from "node:https";\nexport const x = get;`,
  engine: `import { DuckDBInstance } from "@duckdb/node-api";\nexport const x = DuckDBInstance;`,
  database: `import { Kysely } from "kysely";\nexport const x = Kysely;`,
  variables: `export const x = process.env;`,
  "variables-imported": `import { env } from "node:process";\nexport const x = env;`,
  clock: `export const x = Date.now();`,
  chance: `export const x = Math.random();`,
  timer: `export const x = setTimeout;`,
  fetching: `export const x = fetch;`,
  buffers: `export const x = Buffer;`,
} as const;
const effectMessage =
  /is pure: no files, network|take time, chance and effects as arguments|Pass the instant|Pass a seeded/;

async function runLint(): Promise<Map<string, string[]>> {
  const { stdout } = await output(path.join(project, "node_modules/.bin/oxlint"), [
    "--format",
    "json",
    "src",
    "examples",
  ]);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { message: string; help?: string; filename: string }[];
  };
  return grouped(diagnostics.map(({ filename, message, help }) => [filename, `${message} ${help ?? ""}`]));
}

/** All layers in one build, each with its own settings. */
async function runCompiler(): Promise<Map<string, string[]>> {
  const { stdout } = await output(path.join(project, "node_modules/.bin/tsc"), [
    "-b",
    "--pretty",
    "false",
    ...compiled.map((layer) => `src/${layer}`),
  ]);
  return grouped(
    [...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error (.*)$/gm)].map(([, file = "", message = ""]) => [
      file,
      message,
    ]),
  );
}

/** Both tools end with a code above zero when they find something, which is what we want. */
async function output(command: string, args: readonly string[]): Promise<{ stdout: string }> {
  return run(command, args, { cwd: copy, maxBuffer: 1 << 26 }).catch(
    (cause: unknown) => cause as { stdout: string },
  );
}

function grouped(found: readonly (readonly [string, string])[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [file, message] of found) all.set(file, [...(all.get(file) ?? []), message]);
  return all;
}

describe.each(layers)("src/%s", (layer) => {
  const allowed = mayImport[layer] ?? [];

  test("may import what STYLE.md says, and nothing else of ours", () => {
    for (const other of [...layers, "sample"].filter((name) => name !== layer)) {
      const said = say(lint, `src/${layer}/imports-${other}.ts`);
      if (allowed.includes(other)) expect(said).toBe("");
      else
        expect(`${other}: ${said}`).toContain(
          `src/${layer} may import only: ${allowed.length === 0 ? "nothing of ours" : ""}`,
        );
    }
    expect(say(lint, `src/${layer}/type-only.ts`)).toContain("may import only");
    expect(say(lint, `src/${layer}/crosses.test.ts`)).toContain("may import only");
  });

  test("does not climb, and has no default exports", () => {
    expect(say(lint, `src/${layer}/climbs.ts`)).toContain("Use #layer/file.ts for another layer");
    expect(say(lint, `src/${layer}/default.ts`)).toMatch(/default export/i);
    expect(say(lint, `src/${layer}/clean.ts`)).toBe("");
  });

  test(pure.includes(layer) ? "is pure" : "may have effects", () => {
    for (const name of Object.keys(effects)) {
      const said = say(lint, `src/${layer}/${name}.ts`);
      if (pure.includes(layer)) expect(`${name}: ${said}`).toMatch(effectMessage);
      else if (!name.startsWith("variables")) expect(`${name}: ${said}`).toBe(`${name}: `);
      else expect(`${name}: ${said}`).toContain("The environment is read in src/cli/environment.ts alone.");
    }
    // A test may read files and the clock.
    expect(say(lint, `src/${layer}/inside.test.ts`)).toBe("");
  });
});

describe("borders inside and beside the layers", () => {
  test("a capability imports no other capability", () => {
    expect(say(lint, "src/analysis/two/capability.ts")).toContain("src/analysis may import only");
    expect(say(lint, "src/analysis/one/own.ts")).toBe("");
    expect(say(lint, "src/lake/engines/own.ts")).toBe("");
  });

  test("only the demonstration knows the sample company, and that knows nothing of us", () => {
    expect(say(lint, "src/cli/commands/demo-command.ts")).toBe("");
    expect(say(lint, "src/cli/commands/other-command.ts")).toContain("src/cli may import only");
    expect(say(lint, "examples/sample-company/reads-lake.ts")).toContain(
      "must not know how Plimsoll reads it",
    );
    expect(say(lint, "examples/sample-company/uses-units.ts")).toBe("");
  });

  test("the environment is read in one file", () => expect(say(lint, "src/cli/environment.ts")).toBe(""));

  test("a file of more than 300 lines is refused", () =>
    expect(say(lint, "src/units/long.ts")).toMatch(/too many lines/));
});

describe("the compiler", () => {
  test("every layer is compiled, and every folder of src is a layer", async () => {
    expect(compiled.filter((name) => !layers.includes(name))).toEqual([]);
    const root = JSON.parse(await readFile(path.join(project, "tsconfig.json"), "utf8")) as {
      references: { path: string }[];
    };
    const referenced = root.references
      .map((reference) => reference.path)
      .filter((name) => name.startsWith("./src/"));
    expect(referenced.map((name) => path.basename(name)).sort()).toEqual(compiled.toSorted());
  });

  test("pure layers see neither Node nor a browser", () => {
    for (const layer of compiled.filter((name) => pure.includes(name))) {
      for (const name of ["files", "variables", "timer", "fetching", "buffers"])
        expect(`${layer} ${name}: ${say(compiler, `src/${layer}/${name}.ts`)}`).toMatch(
          /TS2304|TS2307|TS2552|TS2580|TS2584|TS2591/,
        );
      expect(say(compiler, `src/${layer}/clean.ts`)).toBe("");
    }
  });

  test("the others see Node", () => {
    for (const layer of compiled.filter((name) => !pure.includes(name) && name !== "web"))
      for (const name of ["files", "variables", "timer"])
        expect(`${layer} ${name}: ${say(compiler, `src/${layer}/${name}.ts`)}`).toBe(`${layer} ${name}: `);
  });

  test("a pure layer is not compiled together with one it may not import", () => {
    for (const layer of compiled.filter((name) => pure.includes(name)))
      for (const other of compiled.filter(
        (name) => name !== layer && !(mayImport[layer] ?? []).includes(name),
      ))
        expect(`${layer} ${other}: ${say(compiler, `src/${layer}/imports-${other}.ts`)}`).toMatch(
          /TS6059|TS6307/,
        );
  });
});

test("the written rules are those of the table", async () => {
  const fresh = path.join(copy, "fresh.json");
  await run(process.execPath, [path.join(project, "lint/borders.js"), fresh]);
  expect(await readFile(path.join(project, "lint/borders.json"), "utf8")).toBe(await readFile(fresh, "utf8"));
});
