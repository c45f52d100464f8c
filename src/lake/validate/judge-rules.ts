import { focusColumns, focusColumnNames, columnAliases, isFocusColumn } from "#facts/focus-columns.ts";
import type { Check, Requirement, RequirementModel } from "#facts/requirement.ts";

/** A rule that the delivered cells can break. */
export interface JudgedRule {
  readonly rule: Requirement;
  /** The column that its findings are told of. */
  readonly column: string;
  readonly check: Check;
  /** Conditions of the rule and of the rules that lead to it; it asks something only where all hold. */
  readonly when: readonly Check[];
}

/** What a model can say about a delivery with certain columns, before any row is looked at. */
export interface Judgement {
  readonly judged: readonly JudgedRule[];
  /** Broken by the header alone: mandatory columns that are missing, columns of the provider's own without their prefix. */
  readonly header: readonly { readonly rule: Requirement; readonly column: string }[];
  /** Rules that no machine can check. */
  readonly notCheckable: readonly Requirement[];
  /** Rules about columns that are not delivered, which providers may leave out. */
  readonly notDelivered: readonly Requirement[];
}

/**
 * Sorts a model's rules by what a delivery's header allows to judge. Composite rules are not judged themselves: their parts are,
 * under the conditions of the whole. What MAY be so can't be broken and is in none of the lists.
 * @param version FOCUS version of the delivery; rules about columns that came later are no business of it
 */
export function judgeRules(model: RequirementModel, columns: readonly string[], version: string): Judgement {
  const delivered = new Set(columns);
  const contexts = conditionsByRule(model);
  const judged: JudgedRule[] = [];
  const header: { rule: Requirement; column: string }[] = [];
  const notCheckable: Requirement[] = [];
  const notDelivered: Requirement[] = [];
  const known = knownColumns(model);
  for (const rule of model.rules) {
    if (rule.keyword === "MAY" || rule.status === "Removed") continue;
    if (rule.kind === "Composite" && rule.check?.fn === "AND" && rule.check.rules !== undefined) continue;
    const check = ownCheck(rule, model);
    if (check === undefined) notCheckable.push(rule);
    else if (check.fn === "ColumnPresent") {
      if (isMandatory(rule, check.column, version) && !delivered.has(check.column))
        header.push({ rule, column: check.column });
    } else if (check.fn === "CustomColumnPrefix") {
      const strange = columns.filter((column) => !known.has(column) && !column.startsWith(check.prefix));
      header.push(...strange.map((column) => ({ rule, column })));
    } else {
      const renamed = (each: Check): Check => (version >= "1.4" ? withNamesOf14(each) : each);
      const when = (contexts.get(rule.id) ?? []).map(renamed);
      const needed = [check, ...when].flatMap(checkColumns);
      const first = checkColumns(check)[0];
      if (first === undefined || !needed.every((column) => delivered.has(column))) notDelivered.push(rule);
      else
        judged.push({
          rule,
          column: delivered.has(rule.about) ? rule.about : first,
          check: renamed(check),
          when,
        });
    }
  }
  return { judged, header, notCheckable, notDelivered };
}

/** A rule's check; that of a choice between rules is put together from theirs. */
function ownCheck(rule: Requirement, model: RequirementModel): Check | undefined {
  const { check } = rule;
  if (check?.fn !== "OR" || check.rules === undefined) return check;
  const parts = check.rules.map((id) => model.rules.find((each) => each.id === id));
  const items = parts.flatMap((part) =>
    part?.check === undefined || part.when !== undefined ? [] : [part.check],
  );
  return items.length === parts.length ? { fn: "OR", items } : undefined;
}

/** The conditions under which each rule asks anything: its own and those of the composite rules on the way to it. */
function conditionsByRule(model: RequirementModel): Map<string, readonly Check[]> {
  const byId = new Map(model.rules.map((rule) => [rule.id, rule]));
  const parts = new Set(model.rules.flatMap(({ check }) => partsOf(check)));
  const found = new Map<string, readonly Check[]>();
  const visit = (rule: Requirement, outer: readonly Check[]): void => {
    const conditions = rule.when === undefined ? outer : [...outer, rule.when];
    const before = found.get(rule.id);
    // A rule that several wholes name asks most where it has the fewest conditions.
    if (before !== undefined && before.length <= conditions.length) return;
    found.set(rule.id, conditions);
    for (const id of partsOf(rule.check)) {
      const part = byId.get(id);
      if (part !== undefined) visit(part, conditions);
    }
  };
  for (const rule of model.rules) if (!parts.has(rule.id)) visit(rule, []);
  return found;
}

function partsOf(check: Check | undefined): readonly string[] {
  if (check === undefined) return [];
  if (check.fn === "CheckModelRule") return [check.rule];
  return check.fn === "AND" || check.fn === "OR"
    ? [...(check.rules ?? []), ...(check.items ?? []).flatMap(partsOf)]
    : [];
}

/** The columns that a check reads, the one it is about first. */
export function checkColumns(check: Check): readonly string[] {
  switch (check.fn) {
    case "AND":
    case "OR":
      return (check.items ?? []).flatMap(checkColumns);
    case "ValuesIn":
      return check.columns;
    case "CheckModelRule":
    case "CustomColumnPrefix":
      return [];
    default:
      return [
        check.column,
        ...("other" in check ? [check.other] : []),
        ...("result" in check ? [check.result] : []),
      ];
  }
}

/** Mandatory whatever the provider supports, and known to the version of the delivery. */
function isMandatory(rule: Requirement, column: string, version: string): boolean {
  if (rule.keyword !== "MUST" || rule.appliesIf !== undefined) return false;
  // Deprecated columns are asked for once more in the version that deprecates them, and gone in the next.
  if (rule.status === "Deprecated" && version >= "1.4") return false;
  return !isFocusColumn(column) || focusColumns[column].since <= version;
}

function knownColumns(model: RequirementModel): ReadonlySet<string> {
  const named = model.rules.flatMap(({ check }) => (check?.fn === "ColumnPresent" ? [check.column] : []));
  return new Set([...named, ...focusColumnNames, ...Object.values(columnAliases).flat()]);
}

/** FOCUS 1.4 writes the identifiers inside ContractApplied with Id where 1.3 wrote ID. */
function withNamesOf14(check: Check): Check {
  return JSON.parse(
    JSON.stringify(check).replaceAll("ContractCommitmentID", "ContractCommitmentId"),
  ) as Check;
}
