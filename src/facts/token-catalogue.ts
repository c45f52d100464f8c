import { decimal, divideRounded } from "#units/decimal.ts";
import { instant, type Instant } from "#units/instant.ts";
import { isModelMatch, type ModelMatch } from "./model-match.ts";
import type { Charged, DailyWindow, Rate, RateCard, RequestFee } from "./rate-card.ts";
import { shown } from "./read-counts.ts";
import { inputClasses, type Modality, modalities, type TokenClass } from "./token-usage.ts";

/** A model as the catalogue lists it. */
export interface ListedModel {
  readonly provider: string;
  readonly id: string;
  readonly match: ModelMatch;
  /** In the catalogue's order: of those that hold the last one counts. */
  readonly cards: readonly RateCard[];
}

/** Who serves models. */
export interface ListedProvider {
  readonly id: string;
  readonly name: string;
  /** Other spellings of the provider. */
  readonly match?: ModelMatch;
  /** Names of models that are this provider's where none is told. */
  readonly modelMatch?: ModelMatch;
  /** Providers whose prices hold for what this one does not list itself. */
  readonly fallback: readonly string[];
  readonly models: readonly ListedModel[];
}

/** The prices of tokens that came with Plimsoll. */
export interface TokenCatalogue {
  readonly providers: readonly ListedProvider[];
  readonly source: string;
  readonly asOf: Instant;
}

/**
 * Reads `catalog/token-prices.json`, strictly.
 * @throws Error that names what is wrong: the file is ours
 */
export function parseTokenCatalogue(value: unknown): TokenCatalogue {
  const book = object(value);
  if (book["format"] !== 1) throw new Error("format is not 1");
  const source = object(book["source"]);
  const common = {
    source: text(source["name"]),
    asOf: instant(text(source["asOf"])),
    currency: text(book["currency"]),
  };
  const providers = list(book["providers"]).map((each) => provider(object(each), common));
  return { providers, source: common.source, asOf: common.asOf };
}

interface Common {
  readonly source: string;
  readonly asOf: Instant;
  readonly currency: string;
}

function provider(json: Json, common: Common): ListedProvider {
  const id = text(json["id"]);
  return {
    id,
    name: text(json["name"]),
    ...(json["match"] === undefined ? {} : { match: clause(json["match"]) }),
    ...(json["modelMatch"] === undefined ? {} : { modelMatch: clause(json["modelMatch"]) }),
    fallback: json["fallback"] === undefined ? [] : list(json["fallback"]).map(text),
    models: list(json["models"]).map((each) => model(id, object(each), common)),
  };
}

function model(provider: string, json: Json, common: Common): ListedModel {
  const id = text(json["id"]);
  const written = Array.isArray(json["prices"]) ? list(json["prices"]) : [{ prices: json["prices"] }];
  let cards: RateCard[] | undefined;
  return {
    provider,
    id,
    match: clause(json["match"]),
    // A question is of a few models; the cards of the others are never made.
    get cards() {
      return (cards ??= written.map((each, index) => card(provider, id, object(each), index, common)));
    },
  };
}

function card(provider: string, model: string, json: Json, index: number, common: Common): RateCard {
  const prices = object(json["prices"]);
  return {
    id: `${provider}/${model}${index === 0 ? "" : ` (${conditionText(json)})`}`,
    tier: "standard",
    ...common,
    ...(json["from"] === undefined ? {} : { validFrom: instant(text(json["from"])) }),
    ...(json["daily"] === undefined ? {} : { daily: daily(list(json["daily"])) }),
    whole: true,
    rates: ratesOf(provider, model, prices),
    uncounted: prices["also"] === undefined ? [] : list(prices["also"]).map(text),
  };
}

const conditionText = (json: Json): string =>
  json["from"] === undefined ? list(json["daily"]).map(text).join(" to ") : `from ${text(json["from"])}`;

function daily([start, end]: readonly unknown[]): DailyWindow {
  const seconds = (time: unknown): number => {
    const [, hour, minute, second] = /^(\d{2}):(\d{2}):(\d{2})Z$/.exec(text(time)) ?? [];
    if (second === undefined) throw new Error(`${text(time)} is no time of the day in UTC`);
    return Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  };
  return { start: seconds(start), end: seconds(end) };
}

function ratesOf(provider: string, model: string, prices: Json): Partial<Record<Charged, Rate>> {
  const rates: Partial<Record<Charged, Rate>> = {};
  const put = (charged: Charged, keys: readonly string[], per: bigint): void => {
    const key = keys.find((each) => prices[each] !== undefined);
    if (key !== undefined) rates[charged] = rateOf(prices[key], per);
  };
  for (const modality of modalities) {
    for (const each of inputClasses)
      put(`${each}_${modality}`, inputKeys(each, modality, provider, prices), MILLION);
    put(`visible_${modality}`, outputKeys(modality, model, prices), MILLION);
  }
  put("reasoning_text", ["output_reasoning_mtok", "output_mtok"], MILLION);
  for (const [fee, key] of Object.entries(feeKeys)) put(fee as RequestFee, [key], 1000n);
  return rates;
}

const MILLION = 1_000_000n;
const feeKeys: Readonly<Record<RequestFee, string>> = {
  request: "requests_kcount",
  web_search: "web_searches_kcount",
  file_search: "storage_searches_kcount",
};

/**
 * The rates that may be meant, the most exact first. A list that does not name a modality charges it as text: so with images and video
 * everywhere, with audio at Google alone, since others charge audio many times over and a list without it merely lacks it.
 */
function inputKeys(each: TokenClass, modality: Modality, provider: string, prices: Json): string[] {
  const plain: Readonly<Record<string, string[]>> = {
    uncached: ["input_mtok"],
    cache_read: ["cache_read_mtok"],
    cache_write_5m: ["cache_write_5m_mtok", "cache_write_mtok"],
    cache_write_1h: ["cache_write_1h_mtok"],
  };
  const own = (plain[each] ?? []).map((key) =>
    key.replace(/^(input|cache)/, (word) => `${word}_${modality}`),
  );
  if (modality === "text") return plain[each] ?? [];
  const named = Object.keys(prices).some(
    (key) => key.startsWith(`input_${modality}_`) || key.startsWith(`cache_${modality}_`),
  );
  if (named || (modality === "audio" && provider !== "google")) return own;
  return plain[each] ?? [];
}

/** Answers in sound and pictures cost many times what text costs: only a model that makes nothing else has one rate for them. */
function outputKeys(modality: Modality, model: string, prices: Json): string[] {
  if (modality === "text") return ["output_mtok"];
  const own = `output_${modality}_mtok`;
  const only = modality === "audio" ? /(^|-)tts(-|$)/ : modality === "image" ? /^gpt-image-/ : undefined;
  return prices[own] === undefined && only?.test(model) === true ? ["output_mtok"] : [own];
}

/** A rate of one, at the 18th decimal, half to even: that is where what is left of a float, such as 0.18000000000000002, ends. */
function rateOf(price: unknown, per: bigint): Rate {
  const units = (value: unknown): bigint => divideRounded(decimal(text(value)), per, "half-even");
  if (typeof price === "string") return { steps: [{ above: 0, units: units(price) }], scope: "request" };
  const { base, above } = object(price);
  const steps = list(above).map((each) => {
    const [start, higher] = list(each);
    if (typeof start !== "number" || !Number.isSafeInteger(start))
      throw new Error(`${JSON.stringify(each)} is no step`);
    return { above: start, units: units(higher) };
  });
  return {
    steps: [{ above: 0, units: units(base) }, ...steps.sort((a, b) => a.above - b.above)],
    scope: "request",
  };
}

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new Error(`${shown(value)} is no object`);
}
function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${shown(value)} is no list`);
}
function text(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${shown(value)} is no text`);
}
function clause(value: unknown): ModelMatch {
  if (isModelMatch(value)) return value;
  throw new Error(`${shown(value)} is no clause`);
}
