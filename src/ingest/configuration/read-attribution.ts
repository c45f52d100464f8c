import type { Attribution, AttributionRule } from "#facts/attribution.ts";
import { attributionKeyNames } from "#facts/attribution-keys.ts";
import { decidedColumnNames } from "#facts/charge-columns.ts";
import { type Filter, parseFilter } from "#facts/cost-question.ts";
import { normalName } from "#facts/normal-name.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { invalid } from "./invalid.ts";
import { type LineOf, readConfiguration } from "./read-configuration.ts";
import type { Configuration } from "./schema.ts";

type Rule = Configuration["attribution"]["rules"][number];

/** Rules, and the line that each stands in. */
export interface WrittenAttribution {
  readonly attribution: Attribution;
  /** The line of a rule's condition, both counted from 0. */
  readonly lineOfCondition: (rule: number, condition: number) => number | undefined;
}

/**
 * The attribution of a `plimsoll.yaml`.
 * @throws Problem "config-invalid", naming the line: an unknown column or filter, two rules of one id in force at the same time, an alias
 * that means no value of the list
 */
export function readAttribution(text: string, file: string): WrittenAttribution {
  const { configuration, lineOf } = readConfiguration(text, file);
  const { production, gate, keys, rules } = configuration.attribution;
  if (rules.length === 0 && Object.keys(keys).length === 0)
    throw invalid(
      file,
      undefined,
      "it holds no rule and no tag schema, so nothing would be attributed by it.",
    );
  const read = rules.map((rule, index) => readRule(rule, index, file, lineOf));
  refuseOverlaps(read, file, lineOf);
  refuseStrayAliases(keys, file, lineOf);
  const schema = Object.fromEntries(
    attributionKeyNames.flatMap((key) => {
      const { values, aliases = {} } = keys[key] ?? {};
      if (keys[key] === undefined) return [];
      return [[key, { aliases, ...(values === undefined ? {} : { values }) }]];
    }),
  );
  return {
    attribution: { schema, rules: read, production, ...(gate === undefined ? {} : { gate }) },
    lineOfCondition: (rule, condition) => lineOf(["attribution", "rules", rule, "when", condition]),
  };
}

function readRule(
  { when, from, until, ...rule }: Rule,
  index: number,
  file: string,
  lineOf: LineOf,
): AttributionRule {
  const at = ["attribution", "rules", index] as const;
  const located = <T>(path: readonly (string | number)[], read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      // A time's own hint names the options of a report.
      const hint =
        cause.code === "window-invalid"
          ? "Write a day such as 2026-07-01 (its midnight in UTC), or a time with a zone."
          : cause.hint;
      throw invalid(file, lineOf([...at, ...path]), `rule ${rule.id}: ${cause.message}`, hint);
    }
  };
  const start = from === undefined ? undefined : located(["from"], () => timeOf(from));
  const end = until === undefined ? undefined : located(["until"], () => timeOf(until));
  if (start !== undefined && end !== undefined && end <= start)
    throw invalid(file, lineOf([...at, "until"]), `rule ${rule.id} ends before it starts.`);
  return {
    ...rule,
    when: when.map((text, condition) => located(["when", condition], () => deliveredFilter(text))),
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { until: end }),
  };
}

/** A day alone is its midnight in UTC. */
const timeOf = (text: string): number =>
  instant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);

/** Conditions see what was delivered: what rules decide can't decide rules, and a row that takes a charge away belongs where the charge does. */
function deliveredFilter(text: string): Filter {
  const filter = parseFilter(text);
  const { dimension } = filter;
  if (dimension.kind === "column" && (decidedColumnNames as readonly string[]).includes(dimension.column))
    throw new Problem(
      "filter-invalid",
      `${dimension.column} is decided by rules, so no rule can ask for it.`,
    );
  if (dimension.kind === "column" && dimension.column === "x_Division")
    throw new Problem(
      "filter-invalid",
      "x_Division is made after rules have decided, so no rule can ask for it.",
      {
        hint: "Ask for AllocatedResourceId? or IdleKind instead: they tell whose part of a divided charge a row is.",
      },
    );
  return filter;
}

/** A rule may change over time under its id, but only one form of it may be in force. */
function refuseOverlaps(rules: readonly AttributionRule[], file: string, lineOf: LineOf): void {
  rules.forEach((rule, index) => {
    const other = rules.findIndex((each, at) => at < index && each.id === rule.id && overlap(each, rule));
    if (other === -1) return;
    const where = lineOf(["attribution", "rules", other, "id"]);
    throw invalid(
      file,
      lineOf(["attribution", "rules", index, "id"]),
      `rule ${rule.id} is in force already: the one in line ${where ?? "?"} holds at the same time.`,
      "End the former one with until where the new one starts with from, or give it another id.",
    );
  });
}

const overlap = (a: AttributionRule, b: AttributionRule): boolean =>
  (a.from ?? -Infinity) < (b.until ?? Infinity) && (b.from ?? -Infinity) < (a.until ?? Infinity);

function refuseStrayAliases(keys: Configuration["attribution"]["keys"], file: string, lineOf: LineOf): void {
  for (const key of attributionKeyNames) {
    const { values, aliases = {} } = keys[key] ?? {};
    for (const [spelling, value] of Object.entries(aliases)) {
      const line = lineOf(["attribution", "keys", key, "aliases", spelling]);
      if (values !== undefined && !values.includes(value))
        throw invalid(
          file,
          line,
          `${spelling} means ${value}, which is no value of ${key}.`,
          "List it under values.",
        );
      const own = values?.find((each) => normalName(each) === normalName(spelling));
      if (own !== undefined && own !== value)
        throw invalid(
          file,
          line,
          `${spelling} is a value of ${key} itself (${own}), so it can't mean ${value}.`,
        );
    }
  }
}
