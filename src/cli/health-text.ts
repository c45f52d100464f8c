import type { RuleSummary } from "#flows/doctor/conformance.ts";
import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import type { SourceHealth } from "#flows/doctor/source-health.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { ratio } from "#units/money.ts";
import { bold, dim, green, red, yellow } from "./colors.ts";
import { amount, count, exactCost, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** The broken requirements shown without --findings. */
const SHOWN_RULES = 8;

/** A lake's health for people: the verdict first, then what there is, then what is wrong or worth knowing. */
export function healthText(health: LakeHealth, allFindings: boolean): string {
  const sections = [
    verdict(health),
    ...damage(health),
    sourceTable(health.sources),
    periodTable(health.sources),
    list("Worth knowing", remarks(health)),
    list("Restated, as far back as versions are kept", restated(health)),
    conformance(health, allFindings),
    disk(health),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function verdict({ verdict: found, sources, proof, damaged }: LakeHealth): string {
  const periods = sources.reduce((sum, source) => sum + source.periods.length, 0);
  const rows = sources.reduce((sum, source) => sum + source.rows, 0);
  const what = `${many(rows, "charge")} of ${many(sources.length, "source")} in ${many(periods, "billing period")}`;
  switch (found) {
    case "healthy":
      return `${green("Healthy")}: the books of ${what} balance. ${count(proof.compared)} figures, summed from the files just now, equal those of the delivered text digit for digit.\n`;
    case "unbalanced":
      return `${red("The books don't balance")}: ${count(proof.imbalances.length)} of ${count(proof.compared)} figures of ${what} differ from the delivered text.\n`;
    case "damaged":
      return `${red("Damaged")}: ${many(damaged.length, "file")} of ${what} can't be used.\n`;
  }
}

function damage({ damaged, proof }: LakeHealth): string[] {
  const lines = damaged.map(({ file, why }) => `${red("lake-corrupt")} ${file} ${printable(why)}.`);
  const differences = proof.imbalances.map(
    ({ source, billingPeriod, table: name, figure, recorded, found }) =>
      `${red("differs")} ${source} ${billingPeriod}, ${name}, ${figure}: delivered ${exactCost(recorded)}, on disk ${exactCost(found)}.`,
  );
  const all = [...lines, ...differences];
  if (all.length === 0) return [];
  const hint =
    "Import all files of these periods again with --mode overwrite --force. If that doesn't help, please report it.";
  return [`${all.slice(0, 20).join("\n")}\n${more(all.length - 20)}${dim(hint)}\n`];
}

function sourceTable(sources: readonly SourceHealth[]): string {
  return table(
    ["Source", "Role", "Format", "Charges", "First charge", "Last charge until", "Imported"],
    sources.map((source) => [
      bold(source.source),
      source.role,
      source.formats.join(", "),
      count(source.rows),
      minute(source.firstCharge),
      minute(source.lastCharge),
      minute(source.lastImport),
    ]),
    [false, false, false, true],
  );
}

function periodTable(sources: readonly SourceHealth[]): string {
  const rows = sources.flatMap(({ source, periods }) =>
    periods.flatMap(({ billingPeriod, closed, rows: charges, totals }) =>
      Object.entries(totals).map(([currency, sums], index) => [
        index === 0 ? source : "",
        index === 0 ? billingPeriod : "",
        index === 0 ? (closed ? "closed" : "open") : "",
        index === 0 ? count(charges) : "",
        exactCost(sums["BilledCost"]),
        exactCost(sums["EffectiveCost"]),
        currency,
      ]),
    ),
  );
  return table(["Source", "Period", "State", "Charges", "BilledCost", "EffectiveCost", "Currency"], rows, [
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
}

function remarks({ sources, duplicates, conformance: { rowsNotJudged } }: LakeHealth): string[] {
  return [
    ...duplicates.map(({ file, sources: holders, countedTwice }) =>
      countedTwice
        ? `${yellow("Counted twice")}: ${printable(file)} is imported as ${holders.join(" and ")} in the same role.`
        : `${printable(file)} is imported as ${holders.join(" and ")}, in different roles.`,
    ),
    ...sources.flatMap((source) => [
      ...gapLine(source),
      ...Object.entries(source.unknown).map(
        ([column, unknown]) =>
          `${source.source}: ${column} is unknown for ${many(unknown, "charge")}; sums leave them out.`,
      ),
      ...(source.roundedAmounts > 0
        ? [
            `${source.source}: ${many(source.roundedAmounts, "amount")} had more than 18 decimals and were rounded.`,
          ]
        : []),
      ...source.unattributed.map((costs) => {
        const share = (part: string): string => shareOf(part, costs.billedCost, costs.currency);
        return `${source.source}: of ${amount(decimal(costs.billedCost))} ${costs.currency} billed, ${share(costs.withoutTeam)} names no team, ${share(costs.withoutOwner)} no owner and ${share(costs.withoutEnvironment)} no environment.`;
      }),
    ]),
    ...(rowsNotJudged > 0
      ? [
          `${many(rowsNotJudged, "charge")} came in formats other than FOCUS, which are not judged by its requirements.`,
        ]
      : []),
  ];
}

function restated({ restatements }: LakeHealth): string[] {
  const lines = restatements.map(({ at, source, billingPeriod, rowsBefore, rowsAfter, billedCost }) => {
    const moved = Object.entries(billedCost).map(
      ([currency, difference]) =>
        `BilledCost ${difference.startsWith("-") ? "" : "+"}${difference} ${currency}`,
    );
    return `${minute(at)} ${source} ${billingPeriod}: ${many(rowsBefore, "charge")} became ${count(rowsAfter)}, ${moved.length === 0 ? "BilledCost unchanged" : moved.join(", ")}.`;
  });
  return lines.length > 20 ? [...lines.slice(0, 20), `${lines.length - 20} more; see --json.`] : lines;
}

function conformance({ conformance: { rules, rows, notCheckable } }: LakeHealth, all: boolean): string {
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

function disk({ disk: { liveBytes, formerBytes, liveFiles }, formerVersions, version }: LakeHealth): string {
  return dim(
    `Version ${version}; ${many(liveFiles, "live file")} take ${bytes(liveBytes)}, ${many(formerVersions, "former version")} ${bytes(formerBytes)} more.\n`,
  );
}

/** All gaps of a source on one line, the first ones by their dates. */
function gapLine({ source, gaps }: SourceHealth): string[] {
  if (gaps.length === 0) return [];
  const dates = gaps
    .slice(0, 4)
    .map(({ from, to, days }) => (days === 1 ? from : `${from} to ${lastDay(to)}`));
  const rest = gaps.length > 4 ? ` and ${many(gaps.length - 4, "more gap")}` : "";
  const days = gaps.reduce((sum, gap) => sum + gap.days, 0);
  return [`${source}: ${many(days, "day")} without charges: ${dates.join(", ")}${rest}.`];
}

const lastDay = (end: string): string => formatInstant(Date.parse(end) - 86_400_000).slice(0, 10);

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `${bold(title)}\n${lines.map((line) => `  ${line}\n`).join("")}`;

const more = (left: number): string => (left > 0 ? `and ${left} more\n` : "");

const minute = (time: number): string => formatInstant(time).slice(0, 16).replace("T", " ");

/** A part of a sum as a percentage; credits can make it no share at all, and then it is told as the amount it is. */
function shareOf(part: string, whole: string, currency: string): string {
  const of = ratio({ units: decimal(part), currency }, { units: decimal(whole), currency });
  return of === undefined || of < 0 || of > 1 ? `${amount(decimal(part))} ${currency}` : share(of);
}

function bytes(size: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  return `${(size / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
