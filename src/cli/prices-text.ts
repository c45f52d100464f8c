import { formatFraction } from "#facts/fraction.ts";
import type { Machine } from "#facts/machine.ts";
import type { MachinePrice } from "#facts/machine-price.ts";
import type { PriceRow, Unpriced } from "#facts/price.ts";
import { type LayeredPrice, priceLayers, STALE_DAYS } from "#facts/price-layers.ts";
import type { PriceLine, PricesAnswer } from "#flows/prices/answer-prices.ts";
import { formatDecimal } from "#units/decimal.ts";
import { bold, dim, yellow } from "./colors.ts";
import { count, day, many, rate } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const reasons: Record<Unpriced, string> = {
  "sku-unknown": "no layer has a price of it",
  "region-unpriced": "no layer has a price in this region",
  "option-unpriced": "no layer has a price for this way of buying",
  "currency-unpriced": "no layer has a price in this currency",
  "not-valid-then": "the known prices are of other times",
  ambiguous: "several things have this name; ask for one --provider or --currency",
  "sources-disagree": "two prices of the same date disagree",
};

/** Prices for people: a table, what is unpriced and why, and how old it all is. */
export function pricesText(answer: PricesAnswer, sku: string | undefined, explain: boolean): string {
  const [first] = answer.lines;
  if (first === undefined) return "No price matches.\n";
  const head = sku === undefined ? many(answer.lines.length, "price") : headOf(first);
  const notes = notesOf(answer).map((note) => `${note}\n`);
  const gap = notes.length === 0 ? "" : "\n";
  return `${bold(head)}\n\n${linesTable(answer, sku === undefined)}${gap}${notes.join("")}${explain ? explanation(answer) : ""}`;
}

const headOf = ({ sku, provider, machine }: PriceLine): string =>
  [
    sku,
    ...(provider === undefined ? [] : [provider]),
    ...(machine === undefined ? [] : [machineText(machine)]),
  ]
    .map(printable)
    .join(" · ");

function machineText({ vCpus, memoryGiB, accelerators }: Machine): string {
  const devices = accelerators.map(({ type, count: some }) =>
    some === undefined ? `${type} (how many is not known)` : `${formatFraction(some)} × ${type}`,
  );
  return [
    ...(vCpus === undefined ? [] : [`${vCpus} vCPUs`]),
    ...(memoryGiB === undefined ? [] : [`${memoryGiB} GiB`]),
    ...devices,
  ].join(", ");
}

function linesTable({ lines }: PricesAnswer, named: boolean): string {
  const kinds = lines.flatMap(({ machine }) => machine?.accelerators ?? []).map(({ kind }) => kind);
  const per = kinds.includes("gpu") ? "Per GPU-hour" : "Per chip-hour";
  const head = [
    ...(named ? ["SKU"] : []),
    "Region",
    "Bought",
    "Price",
    "Unit",
    per,
    "Layer",
    "As of",
    "Age",
    "Other layers",
  ];
  const cells = lines.map((line) => [...(named ? [line.sku] : []), ...lineCells(line)].map(printable));
  // A column that no line fills says nothing.
  const kept = head.flatMap((_, index) => (cells.some((row) => row[index] !== "") ? [index] : []));
  const pick = (row: readonly string[]): string[] => kept.map((index) => row[index] ?? "");
  const right = kept.map((index) => ["Price", per, "Age"].includes(head[index] ?? ""));
  return table(pick(head), cells.map(pick), right);
}

function lineCells({ region, purchase, answer, perAccelerator }: PriceLine): string[] {
  const where = [region ?? "any", purchase];
  if (answer.state === "unpriced") {
    const bound = answer.upperBound;
    const most = bound === undefined ? "" : `at most ${priceText(bound.row)} on demand (${bound.layer})`;
    return [...where, "unpriced", "", "", "", "", "", most];
  }
  const { row, layer, ageDays } = answer.chosen;
  return [
    ...where,
    priceText(row),
    row.unit,
    perAccelerator === undefined ? "" : `${rate(perAccelerator.units)} ${perAccelerator.currency}`,
    layer,
    row.asOf === undefined ? "undated" : day(Math.floor(row.asOf / 86_400_000) * 86_400_000),
    ageDays === undefined ? "" : many(ageDays, "day"),
    answer.others.map((other) => `${other.layer} ${priceText(other.row)}`).join(", "),
  ];
}

const priceText = ({ price }: PriceRow): string => `${formatDecimal(price.units)} ${price.currency}`;

function notesOf({ lines }: PricesAnswer): string[] {
  const chosen = lines.flatMap(({ answer }) => (answer.state === "priced" ? [answer.chosen] : []));
  const why = [
    ...new Set(lines.flatMap(({ answer }) => (answer.state === "unpriced" ? [answer.reason] : []))),
  ];
  const later = chosen.filter(({ seenLater }) => seenLater);
  return [
    ...lines.flatMap(({ withGuests, region, purchase }) =>
      withGuests === undefined ? [] : [guestNote(withGuests, `${purchase} in ${region ?? "any region"}`)],
    ),
    ...why.map((reason) => dim(`Unpriced: ${reasons[reason]}.`)),
    ...(later.length === 0 ? [] : [dim("Seen after the asked time; whether it held then is not known.")]),
    ...staleNotes(chosen),
    ...sourceNotes(chosen),
  ];
}

function guestNote(priced: MachinePrice, where: string): string {
  if (priced.state === "unpriced")
    return priced.why === "no-price"
      ? `With guests, ${where}: unpriced, since no layer has a price of ${priced.missing}.`
      : `With guests, ${where}: unpriced, since ${priced.missing} can't be attached to this machine.`;
  const parts = priced.parts.map(({ what, price, bundled }) =>
    bundled ? `${what} (in the machine's price)` : `${what} ${formatDecimal(price.units)}`,
  );
  return `With guests, ${where}: ${formatDecimal(priced.total.units)} ${priced.total.currency} = ${parts.join(" + ")}.`;
}

function staleNotes(chosen: readonly LayeredPrice[]): string[] {
  const old = chosen.filter(({ stale, ageDays }) => stale && ageDays !== undefined).length;
  const undated = chosen.filter(({ ageDays }) => ageDays === undefined).length;
  return [
    ...(old === 0
      ? []
      : [
          yellow(
            `Older than ${STALE_DAYS} days: ${many(old, "price")}. plimsoll prices refresh fetches new ones.`,
          ),
        ]),
    ...(undated === 0 ? [] : [yellow(`Undated, so of unknown age: ${many(undated, "price")}.`)]),
  ];
}

function sourceNotes(chosen: readonly LayeredPrice[]): string[] {
  const sources = [...new Set(chosen.map(({ row }) => row.source))];
  return sources.length > 3
    ? [dim(`${count(sources.length)} sources; --json names each.`)]
    : sources.map((source) => dim(`Source: ${printable(source)}`));
}

function explanation({ layers, query }: PricesAnswer): string {
  const lines = layers.map(({ layer, prices, asOf, from }) => {
    const dated = asOf === undefined ? "" : `, newest of ${day(Math.floor(asOf / 86_400_000) * 86_400_000)}`;
    return `  ${layer}: ${many(prices, "price")}${dated} (${priceLayers[layer]})${from.map((each) => `\n    ${each}`).join("")}`;
  });
  const asked = query === undefined ? "" : `\n${query}\n`;
  return `\n${bold("How this was answered")}\nThe first layer that has a price counts:\n${lines.join("\n")}\n${asked}`;
}
