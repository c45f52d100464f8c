// Makes the compact copies of FOCUS's requirement models: node catalog/compact-focus-requirements.js <folder with focus_requirements_model-*.json>
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

const sources = {
  1.2: "finopsfoundation/focus_validator, focus_validator/rules/model-1.2.json, commit 240cea25",
  1.3: "FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, specification/requirements_model/releases/1.3, commit 4343a284",
};
const argumentNames = {
  ColumnName: "column",
  // The models call the column so in two conditions.
  CheckCondition: "column",
  ColumnAName: "column",
  ColumnBName: "other",
  ResultColumnName: "result",
  ExpectedCount: "count",
  Value: "value",
  ModelRuleId: "rule",
  Path: "path",
  PathA: "path",
  PathB: "otherPath",
  ChildPath: "path",
  ParentPath: "parentPath",
  ExpectedType: "type",
  Prefix: "prefix",
  IgnoreKeys: "keys",
};
const TEXT_LENGTH = 160;

const folder = process.argv[2];
if (folder === undefined) throw new Error("Name the folder that holds focus_requirements_model-1.2.json and -1.3.json.");
const { corrections } = JSON.parse(
  await readFile(new URL("focus-requirements-corrections.json", import.meta.url), "utf8"),
);

for (const [version, source] of Object.entries(sources)) {
  const model = JSON.parse(
    await readFile(path.join(folder, `focus_requirements_model-${version}.json`), "utf8"),
  );
  const known = new Set(Object.keys(model.ModelRules));
  const rules = Object.entries(model.ModelRules)
    .filter(([id]) => !id.startsWith("CCT-"))
    .map(([id, rule]) => JSON.stringify(compactRule(id, rule, known)));
  const head = {
    version,
    title: `FOCUS ${version} requirements of the CostAndUsage dataset, compacted; texts are cut after ${TEXT_LENGTH} characters`,
    source,
    licence: "CC BY 4.0, FinOps Open Cost and Usage Specification, a Series of the Joint Development Foundation Projects, LLC",
  };
  const text = `{\n${JSON.stringify(head).slice(1, -1)},\n"rules": [\n${rules.join(",\n")}\n]}\n`;
  await writeFile(new URL(`focus-requirements-${version}.json`, import.meta.url), text);
}

function compactRule(id, rule, known) {
  const { Keyword, MustSatisfy, Requirement, Condition, Dependencies } = rule.ValidationCriteria;
  const correction = corrections[id.replace(/^CAU-/, "")];
  const dynamic = correction?.dynamic ?? (rule.Type === "Dynamic" && correction?.check === undefined);
  const check = compactCheck(correction?.check ?? Requirement, known);
  const when = compactCheck(correction?.when ?? Condition, known);
  const items = new Set(check?.rules ?? []);
  const needs = Dependencies.filter((other) => !items.has(other));
  return {
    id,
    entity: rule.EntityType,
    about: rule.Reference,
    kind: rule.Function,
    keyword: Keyword,
    text: shorten(MustSatisfy),
    ...(dynamic || check === undefined ? {} : { check }),
    ...(dynamic || when === undefined ? {} : { when }),
    ...(needs.length === 0 ? {} : { needs }),
    ...(rule.ApplicabilityCriteria.length === 0 ? {} : { appliesIf: rule.ApplicabilityCriteria }),
    ...(rule.Status === "Active" ? {} : { status: rule.Status }),
    ...(correction === undefined ? {} : { corrected: correction.why }),
  };
}

function compactCheck(check, known) {
  if (check === undefined || Object.keys(check).length === 0) return undefined;
  const { CheckFunction, Items, ...rest } = check;
  const compact = { fn: CheckFunction };
  if (Items !== undefined) return compactItems(CheckFunction, Items.map((item) => compactCheck(item, known)));
  for (const [name, value] of Object.entries(rest)) {
    const short = argumentNames[name];
    if (short === undefined) throw new Error(`Unknown argument ${name} in ${JSON.stringify(check)}`);
    compact[short] = short === "rule" && !known.has(value) ? `CAU-${value}` : value;
  }
  if (compact.fn === "TypeDateTime") delete compact.type;
  if (compact.otherPath === null) delete compact.otherPath;
  return compact;
}

/** Lists of rules, of values of one column and of pairs of values are written without repeating the function. */
function compactItems(fn, items) {
  if (items.every((item) => item.fn === "CheckModelRule")) return { fn, rules: items.map((item) => item.rule) };
  if (fn === "OR") {
    const columns = columnsOf(items[0]);
    const same = items.every((item) => columnsOf(item)?.join() === columns?.join());
    if (columns !== undefined && same && items.length > 1) return { fn: "ValuesIn", columns, values: items.map(valuesOf) };
  }
  return { fn, items };
}

function isText(check) {
  return check.fn === "CheckValue" && typeof check.value === "string";
}

function columnsOf(check) {
  if (isText(check)) return [check.column];
  return check.fn === "AND" && check.items?.every(isText) ? check.items.map((item) => item.column) : undefined;
}

function valuesOf(check) {
  return (check.items ?? [check]).map((item) => item.value);
}

function shorten(text) {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= TEXT_LENGTH ? line : `${line.slice(0, TEXT_LENGTH).replace(/\s+\S*$/, "")} …`;
}
