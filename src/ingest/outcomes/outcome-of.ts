import { isoCurrencies } from "#facts/iso-currencies.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { type Outcome, outcomeKinds } from "#facts/outcome.ts";
import { ONE, parseDecimal } from "#units/decimal.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** Names that a row gives meaning to; every other one is a label. */
export const outcomeFields = ["id", "time", "kind", "count", "success", "value", "currency"] as const;
/** A name that a row gives meaning to. */
export type OutcomeField = (typeof outcomeFields)[number];

/** A row as it was written; an empty text is no value. */
export type OutcomeRow = Readonly<Record<string, string | undefined>>;

/** What is wrong with a cell, without its place. */
export interface OutcomeFault {
  readonly field: string;
  readonly what: string;
}

const MOST_LABELS = 50;
const LONGEST = 1000;

/** Reads a row strictly: everything that is wrong is told, and nothing is guessed. */
export function outcomeOf(row: OutcomeRow, source: string): Outcome | readonly OutcomeFault[] {
  const faults: OutcomeFault[] = [];
  const wrong = (field: string, what: string): undefined => {
    faults.push({ field, what });
  };
  const text = (field: OutcomeField): string => row[field]?.trim() ?? "";
  const id = text("id");
  if (id === "")
    wrong("id", "is empty; without one the same outcome would count again each time it is delivered");
  else if (id.length > LONGEST) wrong("id", `is longer than ${LONGEST} letters`);
  const attributes = labelsOf(row, wrong);
  const kind = text("kind");
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(kind))
    wrong(
      "kind",
      `is no kind of outcome: write one of ${outcomeKinds.join(", ")} or a name of your own in small letters, digits and hyphens.${didYouMean(kind, outcomeKinds)}`,
    );
  const value = amount(text("value"), "value", wrong);
  const currency = text("currency");
  if ((value === undefined) !== (currency === ""))
    wrong(
      value === undefined ? "value" : "currency",
      "is empty: a value needs its currency, and a currency a value",
    );
  else if (currency !== "" && !isoCurrencies.includes(currency))
    wrong("currency", "is no ISO 4217 code such as USD");
  const time = timeOf(text("time"), wrong);
  const count = text("count") === "" ? ONE : amount(text("count"), "count", wrong);
  const success = successOf(text("success"), wrong);
  if (faults.length > 0 || time === undefined || count === undefined || success === undefined) return faults;
  return {
    source,
    id,
    time,
    kind,
    count,
    success,
    value: value ?? null,
    currency: currency === "" ? null : currency,
    attributes,
  };
}

type Wrong = (field: string, what: string) => undefined;

/** A plain decimal that is not negative. */
function amount(text: string, field: OutcomeField, wrong: Wrong): bigint | undefined {
  if (text === "") return undefined;
  const read = parseDecimal(text);
  if (read === undefined || read.rounded) return wrong(field, "is not a plain decimal such as 12.5");
  return read.units < 0n ? wrong(field, "is negative") : read.units;
}

function timeOf(text: string, wrong: Wrong): number | undefined {
  try {
    return instant(text);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    return wrong(
      "time",
      "is neither a day such as 2026-07-01 nor a time with its zone such as 2026-07-01T09:30:00Z",
    );
  }
}

const successes: Readonly<Record<string, boolean | null>> = {
  "": null,
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};

function successOf(text: string, wrong: Wrong): boolean | null | undefined {
  const plain = text.toLowerCase();
  return Object.hasOwn(successes, plain)
    ? successes[plain]
    : wrong("success", "is neither true nor false nor empty");
}

function labelsOf(row: OutcomeRow, wrong: Wrong): Record<string, string> {
  const known = outcomeFields as readonly string[];
  const labels = Object.entries(row).filter(([name, value]) => !known.includes(name) && (value ?? "") !== "");
  if (labels.length > MOST_LABELS) wrong("labels", `are ${labels.length}; ${MOST_LABELS} are the most`);
  const long = labels.find(([name, value = ""]) => name.length > LONGEST || value.length > LONGEST);
  if (long !== undefined) wrong(long[0].slice(0, 80), `is longer than ${LONGEST} letters`);
  return Object.fromEntries(labels.map(([name, value = ""]) => [name, value]));
}
