import { writeFileSync } from "node:fs";

/**
 * The borders between layers, in one table. `node lint/borders.js` writes them as lint rules to lint/borders.json, which
 * .oxlintrc.json extends; a test fails when the two differ, and another plants a violation of every rule.
 */

/** What each layer may import of ours, as STYLE.md §1 has it. */
const mayImport = {
  units: [],
  methods: [],
  facts: ["units"],
  findings: ["units", "facts"],
  policy: ["units", "facts"],
  analysis: ["units", "methods", "facts", "findings", "policy"],
  ingest: ["units", "facts", "findings", "policy"],
  lake: ["units", "facts", "findings", "policy"],
  store: ["units", "facts", "findings", "policy"],
  actions: ["units", "facts", "findings", "policy"],
  flows: [
    "units",
    "methods",
    "facts",
    "findings",
    "policy",
    "analysis",
    "ingest",
    "lake",
    "store",
    "actions",
  ],
  api: ["units", "facts", "findings", "policy", "flows"],
  cli: ["units", "facts", "findings", "policy", "flows", "api"],
  web: ["units", "facts", "findings", "policy"],
};
const layers = Object.keys(mayImport);
/** These see no clock, chance, files, network or environment. */
const pureLayers = ["units", "methods", "facts", "findings", "policy", "analysis"];

const climbing = {
  group: ["../**", "./**/../**"],
  message: "Use #layer/file.ts for another layer and ./file.ts for your own folder.",
};
const effects = {
  regex:
    "^(node:|@duckdb/|(libsql|pg|kysely)(/|$)|(assert|buffer|child_process|cluster|crypto|dgram|dns|events|fs|http2?|https|net|os|path|perf_hooks|process|readline|stream|timers|tls|url|util|v8|vm|worker_threads|zlib)(/|$))",
};
/** Outside the one file that reads it, the environment can't be seen. */
const environment = "The environment is read in src/cli/environment.ts alone.";
const readers = ["src/cli/environment.ts", "src/**/*.test.ts"];
const globals = [
  "process",
  "fetch",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "performance",
  "crypto",
  "Buffer",
  "console",
].map((name) => ({ name, message: "Pure layers take time, chance and effects as arguments." }));
const properties = [
  { object: "Date", property: "now", message: "Pass the instant in." },
  { object: "Math", property: "random", message: "Pass a seeded generator in." },
];

/** @param {{ more?: string[], pure?: boolean }} options layers allowed beyond the table; whether effects are shut out */
function importRule(layer, { more = [], pure = pureLayers.includes(layer) } = {}) {
  const allowed = [...mayImport[layer], ...more];
  // A capability never imports another one, so analysis may not import even itself by its layer's name.
  const own = layer === "analysis" ? [] : [layer];
  const others = ["sample", ...layers].filter((name) => ![...allowed, ...own].includes(name));
  const patterns = [
    climbing,
    { group: ["node:process", "process"], importNames: ["env"], message: environment },
    {
      group: others.map((name) => `#${name}/**`),
      message: `src/${layer} may import only: ${allowed.join(", ") || "nothing of ours"}.`,
    },
    ...(pure ? [{ ...effects, message: `src/${layer} is pure: no files, network, clock or chance.` }] : []),
  ];
  return { "no-restricted-imports": ["error", { patterns }] };
}

// Of two overrides of one rule the later counts.
const rules = {
  overrides: [
    ...layers.map((layer) => ({ files: [`src/${layer}/**/*.{ts,tsx}`], rules: importRule(layer) })),
    {
      files: ["src/**/*.{ts,tsx}"],
      excludeFiles: readers,
      rules: {
        "no-restricted-properties": ["error", { object: "process", property: "env", message: environment }],
      },
    },
    {
      files: pureLayers.map((layer) => `src/${layer}/**/*.ts`),
      rules: {
        "no-restricted-globals": ["error", ...globals],
        "no-restricted-properties": ["error", ...properties],
      },
    },
    // Tests may read files and the clock, but keep to the borders between layers.
    ...pureLayers.map((layer) => ({
      files: [`src/${layer}/**/*.test.ts`],
      rules: {
        ...importRule(layer, { pure: false }),
        "no-restricted-globals": "off",
        "no-restricted-properties": "off",
      },
    })),
    { files: ["src/cli/commands/demo-command.ts"], rules: importRule("cli", { more: ["sample"] }) },
  ],
};

writeFileSync(
  process.argv[2] ?? new URL("borders.json", import.meta.url),
  `${JSON.stringify(rules, null, 2)}\n`,
);
