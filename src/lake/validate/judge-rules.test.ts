import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Check, RequirementModel } from "#facts/requirement.ts";
import { checkColumns, judgeRules } from "./judge-rules.ts";
import { modelFor, readRequirements } from "./read-requirements.ts";

const models = await Promise.all([readRequirements("1.2"), readRequirements("1.3")]);

const allColumns = (model: RequirementModel): string[] => [
  ...new Set(model.rules.flatMap(({ check }) => (check === undefined ? [] : [...checkColumns(check)]))),
];

describe("the models of the catalogue", () => {
  test("1.2 has 621 rules, 1.3 has 837 of its 933 without its other dataset; each names rules it has", () => {
    expect(models.map(({ version, rules }) => [version, rules.length])).toEqual([
      ["1.2", 621],
      ["1.3", 837],
    ]);
    for (const { rules } of models) {
      const ids = new Set(rules.map(({ id }) => id));
      const named = rules.flatMap(({ check }) =>
        check?.fn === "AND" || check?.fn === "OR" ? (check.rules ?? []) : [],
      );
      expect(named.filter((id) => !ids.has(id))).toEqual([]);
    }
  });
  test("every correction is applied and says why", async () => {
    const file = new URL("../../../catalog/focus-requirements-corrections.json", import.meta.url);
    const { corrections } = JSON.parse(await readFile(file, "utf8")) as {
      corrections: Record<string, { why: string }>;
    };
    const applied = models.flatMap(({ rules }) => rules.filter(({ corrected }) => corrected !== undefined));
    for (const [id, { why }] of Object.entries(corrections)) {
      const rules = applied.filter((rule) => rule.id.replace("CAU-", "") === id);
      expect(rules.map(({ corrected }) => corrected)[0], id).toBe(why);
    }
  });
  test("with all columns delivered every checkable rule is judged", () => {
    for (const model of models) {
      const { judged, notDelivered } = judgeRules(model, allColumns(model), model.version);
      expect(notDelivered).toEqual([]);
      expect(judged.length).toBe(model.version === "1.2" ? 205 : 272);
    }
  });
});

const [model12, model13] = models;
const missing = (model: RequirementModel, columns: readonly string[], version: string): string[] =>
  judgeRules(model, columns, version).header.map(({ column }) => column);

describe("what a header allows to judge", () => {
  test("FOCUS up to 1.2 is judged by the model of 1.2, later by that of 1.3", () => {
    expect(["0.5", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5"].map(modelFor)).toEqual([
      "1.2",
      "1.2",
      "1.2",
      "1.2",
      "1.3",
      "1.3",
      "1.3",
    ]);
  });
  test("a mandatory column that is missing is found; what depends on the provider is not asked for", () => {
    const columns = allColumns(model12);
    expect(missing(model12, columns, "1.2")).toEqual([]);
    expect(
      missing(
        model12,
        columns.filter((name) => name !== "ChargeClass"),
        "1.2",
      ),
    ).toEqual(["ChargeClass"]);
    expect(
      missing(
        model12,
        columns.filter((name) => name !== "CommitmentDiscountId"),
        "1.2",
      ),
    ).toEqual([]);
  });
  test("a version is not asked for columns that came later, nor for those that are gone", () => {
    expect(missing(model13, ["BilledCost"], "1.3")).toContain("ProviderName");
    expect(missing(model13, ["BilledCost"], "1.4")).not.toContain("ProviderName");
    expect(missing(model13, ["BilledCost"], "1.4")).toContain("ServiceProviderName");
  });
  test("a column of the provider's own needs its prefix", () => {
    const columns = [...allColumns(model12), "Id", "x_Id"];
    expect(missing(model12, columns, "1.2")).toEqual(["Id"]);
  });
  test("a rule about a column that is not delivered is not judged", () => {
    const columns = allColumns(model12).filter((name) => name !== "ChargeClass");
    const { judged, notDelivered } = judgeRules(model12, columns, "1.2");
    expect(notDelivered.map(({ id }) => id)).toContain("SkuId-C-005-C");
    expect(judged.map(({ rule }) => rule.id)).not.toContain("SkuId-C-005-C");
  });
  test("a part of a whole asks under the condition of the whole", () => {
    const { judged } = judgeRules(model12, allColumns(model12), "1.2");
    const part = judged.find(({ rule }) => rule.id === "SkuPriceId-C-008-M");
    const condition: Check = { fn: "CheckNotValue", column: "SkuPriceId", value: null };
    expect(part?.when).toEqual([condition]);
  });
  test("removed rules and what MAY be so are not judged", () => {
    const { judged } = judgeRules(model13, allColumns(model13), "1.3");
    expect(judged.filter(({ rule }) => rule.status === "Removed" || rule.keyword === "MAY")).toEqual([]);
  });
  test("FOCUS 1.4 writes the commitment's key with Id", () => {
    const paths = (version: string): string =>
      JSON.stringify(judgeRules(model13, allColumns(model13), version).judged.map(({ check }) => check));
    expect(paths("1.3")).toContain("ContractCommitmentID");
    expect(paths("1.4")).not.toContain("ContractCommitmentID");
    expect(paths("1.4")).toContain("ContractCommitmentId");
  });
});
