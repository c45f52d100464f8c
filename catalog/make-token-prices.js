// Makes the catalogue of token prices from the installed @pydantic/genai-prices:
// node catalog/make-token-prices.js --as-of <the day that version was published> [--to <folder>]
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { waitForUpdate } from "@pydantic/genai-prices";
import { clauseOf } from "./make/token-patterns.js";

const { values } = parseArgs({
  options: { to: { type: "string", default: import.meta.dirname }, "as-of": { type: "string" } },
});
const file = path.join(values.to, "token-prices.json");
const asOf = values["as-of"];
if (!/^\d{4}-\d{2}-\d{2}$/.test(asOf ?? "")) throw new Error("Give the day on which the package was published, --as-of 2026-09-23.");
const { version } = JSON.parse(
  await readFile(new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url), "utf8"),
);

/** What a call is priced by: tokens of six classes, and what is charged once a request. */
const priced = /^(input|output|cache_read|cache_write|cache_write_5m|cache_write_1h|output_reasoning)_mtok$|^(input|output)_(audio|image|video)_mtok$|^cache_(audio|image|video)_(read|write|write_5m|write_1h)_mtok$|^(requests|web_searches|storage_searches)_kcount$/;

const former = await readFile(file, "utf8").then(JSON.parse, () => undefined);
// Without a factory nothing is fetched: this is the data that came with the package.
const providers = (await waitForUpdate()).map(providerOf);
const source = { name: `pydantic/genai-prices ${version}`, asOf };
const lines = providers.map(
  ({ models, ...head }) =>
    `${JSON.stringify(head).slice(0, -1)},"models":[\n${models.map((model) => JSON.stringify(model)).join(",\n")}]}`,
);
await writeFile(
  file,
  `{"format": 1,\n"source": ${JSON.stringify(source)},\n"currency": "USD",\n"providers": [\n${lines.join(",\n")}\n]}\n`,
);
console.log(`${providers.length} providers, ${providers.flatMap(({ models }) => models).length} models.`);
for (const line of movedFrom(former)) console.log(line);

function providerOf({ id, name, provider_match, model_match, fallback_model_providers, models }) {
  return {
    id, name,
    ...(provider_match === undefined ? {} : { match: clauseOf(provider_match) }),
    ...(model_match === undefined ? {} : { modelMatch: clauseOf(model_match) }),
    ...(fallback_model_providers === undefined ? {} : { fallback: fallback_model_providers }),
    models: models.map((model) => ({
      id: model.id,
      match: clauseOf(model.match),
      prices: Array.isArray(model.prices) ? model.prices.map(conditional) : pricesOf(model.prices),
    })),
  };
}

function conditional({ constraint, prices }) {
  if (constraint === undefined) return { prices: pricesOf(prices) };
  if (constraint.type === "start_date") return { from: constraint.start_date, prices: pricesOf(prices) };
  return { daily: [constraint.start_time, constraint.end_time], prices: pricesOf(prices) };
}

/** Prices as decimals: the shortest text that is the package's number, which is what its makers typed. */
function pricesOf(prices) {
  const also = Object.keys(prices).filter((key) => !priced.test(key));
  const rates = Object.entries(prices).filter(([key]) => priced.test(key)).map(([key, price]) => [key, priceOf(price)]);
  return { ...Object.fromEntries(rates), ...(also.length === 0 ? {} : { also }) };
}

function priceOf(price) {
  if (typeof price === "number") return decimal(price);
  return { base: decimal(price.base), above: price.tiers.map(({ start, price }) => [start, decimal(price)]) };
}

function decimal(number) {
  const text = String(number);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`${text} is no plain decimal.`);
  return text;
}

/** What a person should look at: prices that are gone, and those that changed. */
function* movedFrom(book) {
  for (const { id, models } of book?.providers ?? []) {
    const now = new Map(providers.find((each) => each.id === id)?.models.map((model) => [model.id, JSON.stringify(model.prices)]));
    for (const model of models) {
      const [before, after] = [JSON.stringify(model.prices), now.get(model.id)];
      if (before !== after) yield `${id}/${model.id}: ${before} is now ${after ?? "gone"}`;
    }
  }
}
