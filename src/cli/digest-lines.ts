import type { Digest, DigestEntry, DigestReason } from "#flows/kpis/digest.ts";
import { absolute } from "#units/decimal.ts";
import { amount, day, percent } from "./format.ts";
import { type KpiChange, kpiText, movedText } from "./kpi-values.ts";
import { printable } from "./printable.ts";

/** A digest as sentences, whatever they are written into. */
export interface DigestLines {
  readonly title: string;
  /** What all of it cost, a sentence per currency. */
  readonly totals: readonly string[];
  readonly entries: readonly {
    readonly name: string;
    /** What it cost and why. */
    readonly sentences: readonly string[];
    readonly moved: readonly {
      readonly kpi: string;
      readonly before: string;
      readonly now: string;
      readonly change: string;
      readonly verdict: string;
    }[];
  }[];
  /** Where there is no entry: why. */
  readonly nothing: string;
  readonly more: string | undefined;
}

/** What a digest says. */
export function digestLines({ window, compared, by, totals, entries, isEmpty, more }: Digest): DigestLines {
  return {
    title: `What moved by ${by}, ${day(window.start)} to ${day(window.end)} against ${day(compared.start)} to ${day(compared.end)}`,
    totals: [...totals]
      .sort((a, b) => (sizeOf(a) > sizeOf(b) ? -1 : 1))
      .map(({ currency, before, after }) => {
        if (after === undefined) return `Some of the cost in ${currency} is unknown.`;
        const change = before === undefined ? "" : `, ${changeOf(before, after)}`;
        return `All of it cost ${amount(after)} ${currency}${change}.`;
      }),
    entries: entries.map(entryLines),
    nothing: isEmpty
      ? "There is nothing of either time in the lake: plimsoll doctor says how far its sources reach."
      : "Nothing moved by more than a hundredth.",
    more: more === 0 ? undefined : `${more} more moved; plimsoll kpis --compare tells them.`,
  };
}

function entryLines({ key, costs, parts, moved, reasons }: DigestEntry): DigestLines["entries"][number] {
  // Where everything came or went, so did its parts.
  const partText = parts.flatMap(({ id, costEffect, unit }) =>
    costEffect === undefined || unit.of !== "cost"
      ? []
      : [`${id.replace(/^cost of /, "")} ${signed(costEffect)} ${unit.currency}`],
  );
  return {
    name: key === null ? "what nobody is named for" : printable(key),
    sentences: [
      ...costs.map(costSentence),
      ...(partText.length === 0 ? [] : [`Of it ${partText.join(", ")}.`]),
      ...reasons.map(reasonSentence),
    ],
    moved: moved.map((change) => ({
      kpi: change.id,
      before: change.outcome === "new" ? "" : kpiText(change.unit, change.before),
      now: change.outcome === "gone" ? "" : kpiText(change.unit, change.after),
      change: movedText(change),
      verdict: change.outcome,
    })),
  };
}

function costSentence({ unit, before, after, outcome }: KpiChange): string {
  const currency = unit.of === "quantity" ? "" : unit.currency;
  if (outcome === "new") return `New: ${kpiText(unit, after)}.`;
  if (outcome === "gone") return `Gone: it cost ${kpiText(unit, before)} before.`;
  if (before === undefined || after === undefined) return "Some of its cost is unknown.";
  return `Cost ${changeText(before, after, currency)}.`;
}

const why: Readonly<Record<DigestReason["reading"], string>> = {
  "less-use": "there was less to do",
  "more-use": "there was more to do",
  efficiency: "work became cheaper: efficiency, not less use",
  dearer: "work became dearer: mix, tokens per call or price",
  both: "use and the cost of work both moved",
  new: "all of it is new",
  gone: "all of it is gone",
  same: "nothing changed",
  unexplained: "most of it can't be divided",
};

const reasonSentence = ({ currency, reading, fromUse, fromWork, before, after }: DigestReason): string =>
  `Its calls: ${changeText(before, after, currency)}: ${signed(fromUse)} by use, ${signed(fromWork)} by mix, tokens per call and price; ${why[reading]}.`;

const sizeOf = ({ after = 0n }: Digest["totals"][number]): bigint => absolute(after);

const changeText = (before: bigint, after: bigint, currency: string): string =>
  before === after
    ? `${amount(after)} ${currency}, as before`
    : `${amount(before)} to ${amount(after)} ${currency}, ${changeOf(before, after)}`;

function changeOf(before: bigint, after: bigint): string {
  const change = after - before;
  const ratio =
    before === 0n ? "" : ` (${percent(Number((change * 1_000_000n) / absolute(before)) / 1_000_000)})`;
  return `${signed(change)}${ratio}`;
}

const signed = (units: bigint): string => (units > 0n ? `+${amount(units)}` : amount(units));
