import type { Judged, RuleSummary } from "#flows/doctor/conformance.ts";
import { bold, dim } from "./colors.ts";
import { count, many } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** The broken requirements shown without --findings. */
const SHOWN_RULES = 8;

/**
 * The requirements of FOCUS that the live deliveries break, for people.
 * @param all every rule with its text, instead of the first ones
 */
export function conformanceText({ rules, rows, notCheckable }: Judged, all: boolean): string {
  if (rows === 0) return "";
  const left = notCheckable.map(({ model, rules: open }) => `${many(open.length, "rule")} of FOCUS ${model}`);
  const unchecked = all ? dim(`No machine can check ${left.join(" and ")}; --json lists them.\n`) : "";
  if (rules.length === 0)
    return `${bold("FOCUS requirements")}: none is broken by ${many(rows, "charge")}.\n${unchecked}`;
  const shown = all ? rules : rules.slice(0, SHOWN_RULES);
  const head = `${bold("FOCUS requirements")}: ${many(rules.length, "rule")} broken, judged over every one of ${many(rows, "charge")}; no charge was dropped.\n`;
  const body = table(
    ["Keyword", "Rows", "Column", "Rule", "First"],
    shown.map((rule) => [
      rule.keyword,
      count(rule.count),
      printable(rule.column),
      rule.ruleId.replace(/^CAU-/, ""),
      firstOf(rule),
    ]),
    [false, true],
  );
  const rest =
    all || rules.length <= SHOWN_RULES ? "" : dim(`${rules.length - SHOWN_RULES} more with --findings.\n`);
  return `${head}${all ? withTexts(body, shown) : body}${rest}${unchecked}`;
}

/** What each requirement says, below its row: beside it, the table would be wider than any terminal. */
function withTexts(body: string, rules: readonly RuleSummary[]): string {
  const [head = "", line = "", ...rows] = body.trimEnd().split("\n");
  const pairs = rows.flatMap((row, index) => [row, dim(`  ${rules[index]?.requirement ?? ""}`)]);
  return `${[head, line, ...pairs].join("\n")}\n`;
}

function firstOf({ first }: RuleSummary): string {
  const cell = first.value === null ? "null" : `"${printable(first.value)}"`;
  const short = cell.length > 40 ? `${Array.from(cell).slice(0, 39).join("")}…` : cell;
  return first.row === null
    ? `the header of ${first.source}`
    : `${short} in ${first.source}, row ${first.row}`;
}
