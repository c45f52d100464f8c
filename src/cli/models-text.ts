import { type Charged, requestFees } from "#facts/rate-card.ts";
import { priceLayers } from "#facts/price-layers.ts";
import type { CallPrice, UnpricedCall } from "#facts/token-price.ts";
import type { LayeredRate } from "#facts/token-rates.ts";
import { modalities, type Modality } from "#facts/token-usage.ts";
import type { ModelLine, ModelsAnswer } from "#flows/prices/answer-models.ts";
import { formatDecimal } from "#units/decimal.ts";
import { chargedText, classText, splitCharged } from "./charged-text.ts";
import { bold, dim, yellow } from "./colors.ts";
import { count, day, many } from "./format.ts";
import { perUnit } from "./models-json.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const reasons: Record<UnpricedCall, string> = {
  "provider-unknown": "no layer knows the provider",
  "model-unknown": "no layer knows the model",
  "tier-unpriced": "no layer has a price for this tier",
  "region-unpriced": "no layer has a price in this region",
  "not-valid-then": "the known prices are of other times",
  "no-rates":
    "the list names the model and no price; if it is free, say so in your contract with a price of 0",
  "usage-faulty": "the counts are no partition",
  "part-unpriced": "no layer has a price of",
  "other-units": "the list charges also by units that tokens don't tell",
  "currencies-mixed": "its parts are priced in different currencies, which are never added",
};

/** Rates for people: a model with what one call costs, a provider's models, or the providers. */
export function modelsText(answer: ModelsAnswer, one: boolean, explain: boolean): string {
  const end = explain ? explanation(answer) : "";
  if (answer.providers.length > 0) return providersText(answer) + end;
  if (!one) return listText(answer) + end;
  const [line] = answer.lines;
  return line === undefined ? "No model matches.\n" : modelText(line, answer) + end;
}

function providersText({ providers }: ModelsAnswer): string {
  const rows = providers.map(({ id, name, models }) => [id, name, count(models)]);
  return `${bold(many(providers.length, "provider"))}\n\n${table(["Provider", "Name", "Models"], rows, [false, false, true])}\n${dim("plimsoll prices models --provider <name> lists a provider's models.")}\n`;
}

function listText({ lines }: ModelsAnswer): string {
  const head = ["Model", "Input", "From a cache", "Output", "Currency", "Layer", "As of"];
  const rows = lines.map(({ model, resolved }) => {
    if (resolved.state === "unpriced") return [model.name, "unpriced", "", "", "", "", ""];
    const { uncached_text: input, cache_read_text: read, visible_text: output } = resolved.rates;
    const any = input ?? output ?? Object.values(resolved.rates)[0];
    const currencies = [...new Set(Object.values(resolved.rates).map(({ currency }) => currency))];
    return [
      model.name,
      ...[input, read, output].map((rate) => (rate === undefined ? "" : base(rate))),
      currencies.join(", "),
      any?.layer ?? "",
      any?.asOf === undefined ? "" : day(floorDay(any.asOf)),
    ].map(printable);
  });
  const steps = lines.some(
    ({ resolved }) =>
      resolved.state === "resolved" && Object.values(resolved.rates).some((rate) => rate.steps.length > 1),
  );
  const note = steps
    ? dim("Per million tokens. Models with + cost more in long requests; name one for its steps.")
    : dim("Per million tokens.");
  return `${bold(many(lines.length, "model"))}\n\n${table(head, rows, [false, true, true, true, false, false, false])}\n${note}\n`;
}

const base = (rate: LayeredRate): string =>
  `${formatDecimal(perUnit(rate.steps[0]?.units ?? 0n, true))}${rate.steps.length > 1 ? "+" : ""}`;

function modelText(line: ModelLine, { alsoAt }: ModelsAnswer): string {
  const { model, tier, region, resolved, price } = line;
  const listed =
    model.listed === undefined || (model.listed.provider === model.provider && model.listed.id === model.name)
      ? []
      : [`listed as ${model.listed.provider}/${model.listed.id}`];
  const head = [
    model.name,
    model.provider ?? "any provider",
    tier,
    ...(region === undefined ? [] : [region]),
    ...listed,
  ];
  const rates = resolved.state === "unpriced" ? `unpriced\n` : ratesTable(resolved.rates);
  const others =
    resolved.state === "resolved" && resolved.uncounted.length > 0
      ? [`Charged too, and not told by tokens: ${resolved.uncounted.join(", ")}.`]
      : [];
  const notes = [
    ...(resolved.state === "unpriced" && price === undefined
      ? [`Unpriced: ${reasons[resolved.reason]}.`]
      : []),
    ...others,
    ...(resolved.state === "unpriced" ? [] : standingNotes(Object.values(resolved.rates))),
    ...(alsoAt.length === 0
      ? []
      : [
          dim(
            `Listed by other providers too: ${alsoAt.slice(0, 6).join(", ")}${alsoAt.length > 6 ? ", …" : ""}.`,
          ),
        ]),
  ];
  const call = price === undefined ? "" : `\n${callText(price)}`;
  return `${bold(head.map(printable).join(" · "))}\n\n${rates}${call}${notes.length === 0 ? "" : "\n"}${notes.map((note) => `${note}\n`).join("")}`;
}

/** One line per class and rate: modalities that cost the same share it. */
function ratesTable(rates: Readonly<Partial<Record<Charged, LayeredRate>>>): string {
  const groups = new Map<string, { name: string; of: Modality[]; rate: LayeredRate }>();
  for (const [charged, rate] of Object.entries(rates) as [Charged, LayeredRate][]) {
    const { name, modality } = splitCharged(charged);
    const steps = rate.steps.map(({ above, units }) => `${above} ${units}`);
    const key = [name, steps, rate.row, rate.currency].join("|");
    const group = groups.get(key) ?? { name, of: [], rate };
    if (modality !== undefined) group.of.push(modality);
    groups.set(key, group);
  }
  const rows = [...groups.values()].map(({ name, of, rate }) => {
    const tokens = !(requestFees as readonly string[]).includes(name);
    const price = (units: bigint): string => `${formatDecimal(perUnit(units, tokens))} ${rate.currency}`;
    const steps = rate.steps.slice(1).map(({ above, units }) => `${price(units)} above ${count(above)}`);
    const what = rate.scope === "request" ? "input tokens" : "tokens of its own";
    return [
      classText(
        name,
        modalities.filter((each) => of.includes(each)),
      ),
      price(rate.steps[0]?.units ?? 0n),
      tokens ? "million tokens" : "request",
      steps.length === 0 ? "" : `${steps.join(", ")} ${what}`,
      rate.layer,
      rate.asOf === undefined ? "undated" : day(floorDay(rate.asOf)),
      rate.ageDays === undefined ? "" : many(rate.ageDays, "day"),
    ];
  });
  const head = ["Charged", "Price", "Per", "In long requests", "Layer", "As of", "Age"];
  const kept = head.flatMap((_, index) => (rows.some((row) => row[index] !== "") ? [index] : []));
  const pick = (row: readonly string[]): string[] => kept.map((index) => row[index] ?? "");
  return table(
    pick(head),
    rows.map(pick),
    kept.map((index) => [1, 6].includes(index)),
  );
}

function callText(price: CallPrice): string {
  const rows = price.parts.map(({ charged, quantity, unitsEach, cost, rate }) => [
    chargedText(charged),
    count(quantity),
    unitsEach === undefined
      ? "in steps"
      : formatDecimal(perUnit(unitsEach, splitCharged(charged).modality !== undefined)),
    `${formatDecimal(cost.units)} ${cost.currency}`,
    rate.layer,
  ]);
  const head = ["This call", "Number", "Price", "Cost", "Layer"];
  if (price.state === "priced") {
    const total = [
      "Total",
      "",
      "",
      `${formatDecimal(price.cost.units)} ${price.cost.currency}`,
      price.layer ?? "",
    ];
    return table(head, [...rows, total], [false, true, true, true, false], { bold: new Set([rows.length]) });
  }
  const missing = price.unpriced.length === 0 ? "" : ` ${price.unpriced.map(chargedText).join("; ")}`;
  const why = price.reason === "part-unpriced" ? `${reasons[price.reason]}${missing}` : reasons[price.reason];
  const known =
    price.lowerBound === undefined
      ? ""
      : ` It costs at least ${formatDecimal(price.lowerBound.units)} ${price.lowerBound.currency}.`;
  const most =
    price.upperBound === undefined
      ? ""
      : ` At once it would cost ${formatDecimal(price.upperBound.units)} ${price.upperBound.currency}; waiting is sold below that.`;
  const told = `${yellow("This call is unpriced")}: ${why}.${known}${most}\n`;
  return rows.length === 0 ? told : `${table(head, rows, [false, true, true, true, false])}\n${told}`;
}

function standingNotes(rates: readonly LayeredRate[]): string[] {
  const old = rates.filter(({ stale, ageDays }) => stale && ageDays !== undefined);
  const oldest = Math.max(...old.map(({ ageDays }) => ageDays ?? 0));
  const sources = [...new Set(rates.map(({ source }) => source))];
  const stepped = rates.filter(({ steps }) => steps.length > 1);
  return [
    ...(stepped.some(({ scope }) => scope === "request")
      ? [
          dim(
            "A request above that many input tokens, cached ones counted, pays the higher price for all of its tokens.",
          ),
        ]
      : []),
    ...(stepped.some(({ scope }) => scope === "part")
      ? [dim("Tokens of its own: only those above pay the other price.")]
      : []),
    ...(rates.some(({ seenLater }) => seenLater)
      ? [dim("Seen after the asked time; whether it held then is not known.")]
      : []),
    ...(old.length === 0
      ? []
      : [yellow(`The list is ${many(oldest, "day")} old; a newer Plimsoll brings a newer one.`)]),
    ...sources.slice(0, 4).map((source) => dim(`Source: ${printable(source)}`)),
  ];
}

const floorDay = (time: number): number => Math.floor(time / 86_400_000) * 86_400_000;

function explanation({ layers, query }: ModelsAnswer): string {
  const lines = layers.map(({ layer, prices, from }) => {
    const what =
      layer === "contract"
        ? "your contract table, prices/tokens.csv"
        : layer === "bill"
          ? "what you paid in the last 30 days: EffectiveCost ÷ x_Tokens"
          : priceLayers[layer];
    return `  ${layer}: ${many(prices, layer === "shipped" ? "model" : "price")} (${what})${from.map((each) => `\n    ${each}`).join("")}`;
  });
  return `\n${bold("How this was answered")}\nEach part is priced by the first layer that has a price of it:\n${lines.join("\n")}\n${query === undefined ? "" : `\n${query}\n`}`;
}
