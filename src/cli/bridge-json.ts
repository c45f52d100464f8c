import type { BridgeAnswer } from "#flows/bridge/answer-bridge.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import type { Window } from "#units/window.ts";
import { csv } from "./csv.ts";

type Bridge = BridgeAnswer["bridges"][number]["bridge"];
type Line = Pick<Bridge["sum"], "before" | "after" | "parts">;

const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);
const span = ({ start, end }: Window): object => ({ start: formatInstant(start), end: formatInstant(end) });
/** Every amount within, as exact text. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? formatDecimal(each) : each)),
  );

const lineJson = ({ before, after, parts }: Line): object => ({
  before: exact(before),
  ...Object.fromEntries(Object.entries(parts).map(([effect, part]) => [effect, exact(part)])),
  after: exact(after),
});

/** A bridge for programs: amounts are exact decimal strings. */
export const bridgeJson = ({ asked, now, compared, bridges }: BridgeAnswer): object => ({
  period: span(now),
  compared: span(compared),
  of: asked.of,
  by: asked.by,
  volume: asked.volume,
  bridges: bridges.map(({ bridge, read, saving }) => ({
    currency: bridge.currency,
    method: bridge.method,
    factors: bridge.factors,
    volume: { before: exact(bridge.volume.before), after: exact(bridge.volume.after) },
    sum: {
      ...lineJson(bridge.sum),
      newItems: exact(bridge.sum.newItems),
      retiredItems: exact(bridge.sum.retiredItems),
    },
    reading: read.reading,
    fromUse: exact(read.fromUse),
    fromWork: exact(read.fromWork),
    notDivided: exact(read.notDivided),
    rows: bridge.rows.map((row) => ({
      item: row.key,
      kind: row.kind,
      ...(row.why === undefined ? {} : { why: row.why }),
      ...lineJson(row),
    })),
    unknown: bridge.unknown.map(({ key, before, after }) => ({
      item: key,
      before: exact(before),
      after: exact(after),
    })),
    ...(saving === undefined ? {} : { saving: plain(saving) }),
  })),
});

const columns = [
  "Currency",
  "Item",
  "Kind",
  "Before",
  "volume",
  "mix",
  "efficiency",
  "price",
  "credits",
  "undivided",
  "After",
];

/** Every item, exact. */
export const bridgeCsv = ({ bridges }: BridgeAnswer): string =>
  csv(
    columns,
    bridges.flatMap(({ bridge }) =>
      bridge.rows.map(({ key, kind, before, after, parts }) => ({
        Currency: bridge.currency,
        Item: key,
        Kind: kind,
        Before: exact(before),
        ...Object.fromEntries(Object.entries(parts).map(([effect, part]) => [effect, exact(part)])),
        After: exact(after),
      })),
    ),
  );
