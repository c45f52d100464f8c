import type { Cost, Preview } from "#flows/attribution/preview-rules.ts";
import type { Published } from "#flows/attribution/publish-rules.ts";
import { bold, dim, green, yellow } from "./colors.ts";
import { amount, count, many, share } from "./format.ts";
import { table } from "./table.ts";

/** What rules would change, for people. */
export function previewText(preview: Preview, key: string): string {
  return [
    bold("EffectiveCost whose owner is known, now and with these rules"),
    coverageTable(preview),
    preview.moves.length === 0
      ? `No charge changes its ${key}.\n`
      : `${bold(`What changes its ${key}`)}\n${movesTable(preview)}`,
    ...(preview.more ? [dim("There are more; --limit shows them.\n")] : []),
    ...(preview.rules.length === 0 ? [] : [bold("What each rule holds for"), rulesTable(preview)]),
    ...(preview.stray.length === 0 ? [] : [bold("Values of tags that do not count"), strayTable(preview)]),
    ...(preview.closed.length === 0 ? [] : [dim(closedText(preview.closed))]),
    dim("Nothing was changed; plimsoll attribution publish puts the rules in force."),
    "",
  ].join("\n");
}

const closedText = (closed: Preview["closed"]): string =>
  `${many(closed.length, "closed billing period")} keep what they were closed with and are not counted here: ${closed.map(({ source, billingPeriod }) => `${source} ${billingPeriod}`).join(", ")}.`;

const ratio = (part: bigint, whole: bigint): string =>
  whole === 0n ? "–" : share(Number((part * 1_000_000n) / whole) / 1_000_000);

function coverageTable({ coverage }: Preview): string {
  const rows = coverage.map(({ key, currency, total, before, after }) => [
    key,
    currency,
    amount(before),
    ratio(before, total),
    amount(after),
    ratio(after, total),
    change(after - before),
  ]);
  const head = ["Key", "Currency", "Now", "Share", "With the rules", "Share", "Change"];
  return table(head, rows, [false, false, true, true, true, true, true]);
}

const change = (units: bigint): string => (units > 0n ? `+${amount(units)}` : amount(units));

function movesTable({ moves }: Preview): string {
  const rows = moves.map(({ before, after, basis, currency, cost, charges }) => [
    before ?? "nobody",
    after ?? "nobody",
    basis ?? "–",
    amount(cost),
    currency,
    count(charges),
  ]);
  const head = ["From", "To", "By", "EffectiveCost", "Currency", "Charges"];
  return table(head, rows, [false, false, false, true, false, true]);
}

function rulesTable({ rules }: Preview): string {
  const rows = rules.flatMap(({ rule, held }) => {
    if (held.length === 0) return [[rule.id, rule.strength, yellow("holds for no charge"), "", ""]];
    return held.map((cost, index) => [
      index === 0 ? rule.id : "",
      index === 0 ? rule.strength : "",
      ...costCells(cost),
    ]);
  });
  return table(["Rule", "Strength", "EffectiveCost", "Currency", "Charges"], rows, [
    false,
    false,
    true,
    false,
    true,
  ]);
}

function strayTable({ stray }: Preview): string {
  const rows = stray.map((each) => [
    each.key,
    each.value,
    ...costCells(each),
    each.meant.length === 0 ? "" : `${each.meant.join(" or ")}?`,
  ]);
  return table(["Key", "Value", "EffectiveCost", "Currency", "Charges", "Meant"], rows, [
    false,
    false,
    true,
    false,
    true,
    false,
  ]);
}

const costCells = ({ cost, currency, charges }: Cost): string[] => [amount(cost), currency, count(charges)];

/** What publishing did, for people. */
export function publishedText({
  changed,
  rules,
  backfilled,
  closed,
  version,
}: Published & { readonly version: number }): string {
  const kept =
    closed.length === 0
      ? []
      : [
          dim(
            `${many(closed.length, "closed billing period")} keep what they were closed with: ${closed.map(({ source, billingPeriod }) => `${source} ${billingPeriod}`).join(", ")}.`,
          ),
        ];
  const done = changed
    ? `${green("Published")} version ${version} of the rules (${bold(rules)}): ${many(backfilled.length, "billing period")} attributed anew; later deliveries follow them.`
    : `Rules ${bold(rules)} were in force already.`;
  return `${[done, ...kept].join("\n")}\n`;
}
