import type { NamedCard } from "#facts/named-cards.ts";
import { type Charged, type Rate, requestFees, serviceTiers } from "#facts/rate-card.ts";
import { modalities, type Modality, type TokenClass } from "#facts/token-usage.ts";
import { parseDecimal } from "#units/decimal.ts";
import type { Instant } from "#units/instant.ts";
import type { ProblemReport } from "#units/problems.ts";
import type { TableLine } from "./read-table.ts";
import { overlap, problemAt, readCells } from "./table-cells.ts";

/** What a line of a table of token prices states; columns not named here are refused. */
export const tokenColumns = [
  "provider",
  "model",
  "class",
  "price",
  "currency",
  "valid_from",
  "valid_to",
  "tier",
  "region",
  "modality",
  "input_above",
  "above_applies_to",
  "note",
] as const;
/** A column of a table of token prices. */
export type TokenColumn = (typeof tokenColumns)[number];

const OPTIONAL: readonly TokenColumn[] = tokenColumns.slice(tokenColumns.indexOf("valid_to"));

/** What people write for what is charged, and the classes that it holds for. */
const classes: Readonly<Record<string, readonly TokenClass[]>> = {
  input: ["uncached"],
  cache_read: ["cache_read"],
  cache_write: ["cache_write_5m", "cache_write_1h"],
  cache_write_5m: ["cache_write_5m"],
  cache_write_1h: ["cache_write_1h"],
  output: ["visible", "reasoning"],
  reasoning: ["reasoning"],
};
const words = [...Object.keys(classes), ...requestFees];

/** One line, its price apart: lines that differ only in their step are one rate. */
interface Read {
  readonly line: number;
  readonly named: Omit<NamedCard, "card">;
  readonly head: {
    readonly tier: (typeof serviceTiers)[number];
    readonly region?: string;
    readonly currency: string;
    readonly validFrom: Instant;
    readonly validTo?: Instant;
  };
  readonly charged: readonly Charged[];
  readonly what: string;
  readonly above: number;
  readonly scope: Rate["scope"];
  readonly units: bigint;
  readonly note: string;
}

/**
 * A contract's prices of tokens, read strictly: no cell is guessed, and everything that is wrong is told. Prices are per million tokens,
 * those of searches and requests per one. A price of 0 is a statement: it is free.
 */
export function tokenRows(
  lines: readonly TableLine<TokenColumn>[],
  file: string,
): { readonly cards: NamedCard[]; readonly problems: ProblemReport[] } {
  const problems: ProblemReport[] = [];
  const groups = new Map<string, Read[]>();
  for (const line of lines) {
    const known = problems.length;
    const read = readLine(line, file, problems);
    if (problems.length > known || read === undefined) continue;
    const key = JSON.stringify([
      read.named.provider,
      read.named.model,
      read.what,
      read.head.tier,
      read.head.region ?? "",
    ]);
    const earlier = groups.get(key) ?? [];
    const clash = earlier.find((each) => clashes(each, read));
    const at = { file, line: read.line, column: "valid_from", value: line.cells.valid_from ?? "" };
    if (clash !== undefined)
      problems.push(
        problemAt(
          at,
          `gives ${read.named.model} a second price of ${read.what} for the same time as line ${clash.line}`,
        ),
      );
    groups.set(key, [...earlier, read]);
  }
  const cards = [...groups.values()].flatMap((group) =>
    [...bySpan(group).values()].flatMap((span) => cardOf(span, file, problems)),
  );
  return { cards, problems };
}

function readLine(line: TableLine<TokenColumn>, file: string, problems: ProblemReport[]): Read | undefined {
  const cells = readCells(line, file, OPTIONAL, problems);
  const { text, day, oneOf } = cells;
  const [provider, model] = [text("provider"), text("model")];
  if (model.slice(0, -1).includes("*")) cells.wrong("model", "may have a * at its end alone");
  const word = oneOf("class", words) ?? "";
  const modality = oneOf("modality", modalities);
  const fee = requestFees.find((each) => each === word);
  if (fee !== undefined && modality !== undefined)
    cells.wrong("modality", `has no place beside ${fee}, which is no token`);
  const units = unitsOf(cells.text("price"), fee === undefined, (what) => cells.wrong("price", what));
  const [validFrom, validTo] = [day("valid_from"), day("valid_to")];
  if (validFrom !== undefined && validTo !== undefined && validTo <= validFrom)
    cells.wrong("valid_to", "is not after valid_from");
  const written = text("input_above");
  if (!/^(|[1-9]\d{0,14})$/.test(written)) cells.wrong("input_above", "is not a whole number above zero");
  const scope = oneOf("above_applies_to", ["request", "part"]);
  if (scope !== undefined && written === "") cells.wrong("above_applies_to", "needs input_above");
  if (fee !== undefined && written !== "")
    cells.wrong("input_above", `has no place beside ${fee}, which is no token`);
  const [tier, region] = [oneOf("tier", serviceTiers) ?? "standard", text("region")];
  const currency = cells.currency("currency");
  if (units === undefined || validFrom === undefined) return undefined;
  return {
    line: line.line,
    // A line of one modality, or of a part of a class, says more than one of all.
    named: {
      provider,
      model: model.toLowerCase(),
      exactness: (modality === undefined ? 0 : 2) + (word === "output" || word === "cache_write" ? 0 : 1),
    },
    head: {
      tier,
      currency,
      validFrom,
      ...(region === "" ? {} : { region }),
      ...(validTo === undefined ? {} : { validTo }),
    },
    charged: fee === undefined ? chargedBy(word, modality) : [fee],
    what: modality === undefined ? word : `${word} ${modality}`,
    above: Number(written),
    scope: scope ?? "request",
    units,
    note: text("note"),
  };
}

const chargedBy = (word: string, modality: Modality | undefined): Charged[] =>
  (classes[word] ?? []).flatMap((each) =>
    (modality === undefined ? modalities : [modality]).map((one): Charged => `${each}_${one}`),
  );

/** Units of one token or one request: exact, so a price of a million tokens has 12 decimals at most. */
function unitsOf(text: string, tokens: boolean, wrong: (what: string) => void): bigint | undefined {
  if (text === "") return undefined;
  const most = tokens ? 12 : 18;
  const parsed = /^\d{1,12}(\.\d+)?$/.test(text) ? parseDecimal(text) : undefined;
  if (parsed === undefined) wrong("is not a plain decimal such as 2.45");
  else if ((text.split(".")[1] ?? "").replace(/0+$/, "").length > most)
    wrong(`has more than ${most} decimals`);
  else return tokens ? parsed.units / 1_000_000n : parsed.units;
}

/** Two lines of the same thing clash where they hold at the same time, unless they are two steps of one rate. */
const clashes = (a: Read, b: Read): boolean =>
  overlap(a.head, b.head) && (spanOf(a) !== spanOf(b) || a.above === b.above);

const spanOf = ({ head }: Read): string =>
  JSON.stringify([head.validFrom, head.validTo ?? null, head.currency]);

function bySpan(group: readonly Read[]): Map<string, Read[]> {
  const spans = new Map<string, Read[]>();
  for (const read of group) spans.set(spanOf(read), [...(spans.get(spanOf(read)) ?? []), read]);
  return spans;
}

function cardOf(span: readonly Read[], file: string, problems: ProblemReport[]): NamedCard[] {
  const steps = [...span].sort((a, b) => a.above - b.above);
  const [base, first, ...others] = steps;
  if (base === undefined) return [];
  const at = { file, line: base.line, column: "input_above", value: String(base.above) };
  if (base.above > 0) {
    problems.push(
      problemAt(at, `has no line of the same ${base.what} price below it: one without input_above`),
    );
    return [];
  }
  const scope = first?.scope ?? "request";
  const odd = others.find((each) => each.scope !== scope);
  if (odd !== undefined) {
    problems.push(
      problemAt(
        { ...at, line: odd.line, column: "above_applies_to", value: odd.scope },
        "differs from the other steps of this price",
      ),
    );
    return [];
  }
  const rate: Rate = { scope, steps: steps.map(({ above, units }) => ({ above, units })) };
  const place = `${file}, line${steps.length === 1 ? "" : "s"} ${steps.map(({ line }) => line).join(", ")}`;
  const card = {
    id: place,
    ...base.head,
    whole: false,
    rates: Object.fromEntries(base.charged.map((charged) => [charged, rate])),
    uncounted: [],
    source: `${place}${base.note === "" ? "" : `: ${base.note}`}`,
    asOf: base.head.validFrom,
  };
  return [{ ...base.named, card }];
}
