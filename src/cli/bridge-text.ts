import { roundedBridge } from "#flows/bridge/rounded-bridge.ts";
import type { BridgeAnswer } from "#flows/bridge/answer-bridge.ts";
import { absolute, formatDecimal, ONE } from "#units/decimal.ts";
import { bold, dim } from "./colors.ts";
import { amount, day, many, percent, rate } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

type Told = BridgeAnswer["bridges"][number];
type Effect = keyof Told["bridge"]["sum"]["parts"];

/** A bridge for people: the sentence first, then the table, then what is not in it. */
export function bridgeText(answer: BridgeAnswer, top: number): string {
  const { now, compared, bridges, asked } = answer;
  const head = bold(
    `Why cost changed · ${day(compared.start)} to ${day(compared.end)} against ${day(now.start)} to ${day(now.end)} · by ${printable(asked.by)}`,
  );
  if (bridges.length === 0) return `${head}\n\nThere is no cost in either of these times.\n`;
  return `${head}\n\n${bridges.map((told) => bridgeOf(told, top)).join("\n")}`;
}

function bridgeOf(told: Told, top: number): string {
  const { bridge, saving } = told;
  const lines = [
    sentence(told, top),
    "",
    bridgeTable(told, top),
    ...notesOf(told).map((note) => dim(note)),
    ...(saving === undefined ? [] : ["", savingText(saving)]),
  ];
  return `${bold(bridge.currency)}: ${lines.join("\n")}\n`;
}

const readings: Readonly<Record<Told["read"]["reading"], string>> = {
  "less-use": "There was less to do; what was done did not become cheaper.",
  "more-use": "There was more to do; what was done did not become dearer.",
  efficiency: "Work became cheaper: this is efficiency, not less use.",
  dearer: "Work became dearer: by mix, efficiency or price, not by use.",
  both: "Use and the cost of work both moved.",
  new: "All of it is new: there was nothing before to compare it with.",
  gone: "All of it is gone: there is nothing now to compare it with.",
  same: "Nothing changed.",
  unexplained: "Most of it is of items that can't be divided: see below.",
};

function sentence({ bridge, read: { reading } }: Told, top: number): string {
  // Of the rounded sums, so that the sentence says what the table does.
  const { sum, read } = roundedBridge(bridge, top);
  const { before, after } = sum;
  const change = after - before;
  const ratio =
    before === 0n ? "" : ` (${percent(Number((change * 1_000_000n) / absolute(before)) / 1_000_000)})`;
  const verb = change < 0n ? "fell by" : "rose by";
  const how =
    change === 0n
      ? "did not change"
      : `${verb} ${amount(absolute(change))}${ratio}, from ${amount(before)} to ${amount(after)}`;
  return `cost ${how}: ${plus(read.fromUse)} by use, ${plus(read.fromWork)} by mix, efficiency and price${read.notDivided === 0n ? "" : `, ${plus(read.notDivided)} not divided`}. ${readings[reading]}${unknownText(bridge)}`;
}

const unknownText = ({ unknown }: Told["bridge"]): string =>
  unknown.length === 0 ? "" : ` What ${many(unknown.length, "item")} cost is unknown and in none of this.`;

const plus = (units: bigint): string => (units > 0n ? `+${amount(units)}` : amount(units));

function bridgeTable({ bridge }: Told, top: number): string {
  const { rows, rest, sum, decimals } = roundedBridge(bridge, top);
  const shown = (units: bigint): string => (decimals === 2 ? amount(units) : formatDecimal(units));
  const told = (["volume", "mix", "efficiency", "price", "credits", "undivided"] as const).filter(
    (effect) => bridge.factors.includes(effect as never) || sum.parts[effect] !== 0n,
  );
  const cells = (line: Pick<typeof sum, "before" | "after" | "parts">): string[] => [
    shown(line.before),
    ...told.map((effect: Effect) => {
      const part = line.parts[effect];
      return part === 0n ? "" : `${part > 0n ? "+" : ""}${shown(part)}`;
    }),
    shown(line.after),
  ];
  const body = rows.map((row) => [
    printable(row.key),
    row.kind === "continuing" ? "" : row.kind,
    ...cells(row),
  ]);
  const hasRest =
    rest.count > 0 ||
    told.some((effect) => rest.parts[effect] !== 0n) ||
    rest.before !== 0n ||
    rest.after !== 0n;
  const restName = rest.count === 0 ? "rounding" : many(rest.count, "other item");
  const others = hasRest ? [[dim(restName), "", ...cells(rest)]] : [];
  const all = ["All", "", ...cells(sum)];
  return table(
    [
      "Item",
      "",
      "Before",
      ...told.map((effect) => (effect === "undivided" ? "not divided" : effect)),
      "After",
    ],
    [...body, ...others, all],
    [false, false, ...told.map(() => true), true, true],
    { bold: new Set([body.length + others.length]) },
  );
}

function notesOf({ bridge }: Told): string[] {
  const undivided = bridge.rows.filter(({ why }) => why !== undefined);
  const reasons = [...new Set(undivided.map(({ why }) => why ?? ""))].join(", ");
  const { before, after } = bridge.volume;
  return [
    ...(bridge.unknown.length === 0
      ? []
      : [`Cost unknown, in no sum: ${bridge.unknown.map(({ key }) => printable(key)).join(", ")}.`]),
    ...(undivided.length === 0 ? [] : [`Not divided: ${many(undivided.length, "item")} (${reasons}).`]),
    ...(before === undefined || after === undefined
      ? ["The volume of a period is not known, so use and efficiency can't be told apart."]
      : [`Volume: ${number(before)} before, ${number(after)} now.`]),
  ];
}

const number = (units: bigint): string => amount(units).replace(/\.00$/, "");

const verdicts = {
  efficiency: "efficiency",
  "less-use": "only less use",
  both: "efficiency and less use",
  neither: "no saving: it costs more than the periods before would at this volume",
  unclear: "unclear: the ranges don't tell",
} as const;

function savingText(saving: NonNullable<Told["saving"]>): string {
  if (saving.kind === "unknown")
    return "Against the periods before: the cost or the volume of this period is unknown.";
  if (saving.kind !== "measured")
    return `Against the periods before: not enough to tell (${saving.have} of ${saving.need} periods; ${saving.why.replaceAll("-", " ")}).`;
  const { verdict, confidence, fromEfficiency, fromLessUse, line, rangeProbability } = saving;
  const range = ({ cost, low, high }: typeof fromEfficiency): string =>
    `${amount(cost)} (${amount(low)} to ${amount(high)})`;
  return [
    `Against ${many(line.periods, "period")} before: ${bold(verdicts[verdict])}, confidence ${confidence.level}.`,
    `From efficiency ${range(fromEfficiency)}, from less use ${range(fromLessUse)}; ranges of ${Math.round(rangeProbability * 100)} %.`,
    `They cost ${amount(line.fixedCost)} and ${rate((line.costPerVolume * 1000n * ONE) / ONE)} per thousand of the volume. Not modelled: ${saving.notModelled.join(", ") || "nothing"}.`,
  ].join("\n");
}
