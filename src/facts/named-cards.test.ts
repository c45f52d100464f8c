import { expect, test } from "vitest";
import { identifyModel } from "./model-identity.ts";
import { namedLayer } from "./named-cards.ts";
import { parseTokenCatalogue } from "./token-catalogue.ts";

const catalogue = parseTokenCatalogue({
  format: 1,
  source: { name: "a list", asOf: "2026-09-01" },
  currency: "USD",
  providers: [
    {
      id: "openai",
      name: "OpenAI",
      match: { contains: "openai" },
      modelMatch: { starts_with: "gpt-" },
      models: [{ id: "gpt-4o", match: { starts_with: "gpt-4o" }, prices: { input_mtok: "1" } }],
    },
  ],
});
const cards = (asked: string, ...names: string[]): string[] => {
  const named = names.map((model) => ({
    provider: "OpenAI",
    model,
    exactness: 0,
    card: {
      id: model,
      tier: "standard",
      currency: "USD",
      whole: false,
      rates: {},
      uncounted: [],
      source: "",
    } as const,
  }));
  return namedLayer("contract", named, catalogue)
    .cardsOf(identifyModel(catalogue, { provider: "openai", model: asked }))
    .map(({ id }) => id);
};

test("the name as written counts most, then another name of the same model, then the longer pattern", () => {
  expect(cards("gpt-4o-2024-08-06", "gpt-4o", "gpt-4o-2024-08-06", "gpt-*", "gpt-4*", "o1*")).toEqual([
    "gpt-*",
    "gpt-4*",
    "gpt-4o",
    "gpt-4o-2024-08-06",
  ]);
});

test("of several other names of a model only the catalogue's own speaks for it", () => {
  expect(cards("gpt-4o-new", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06")).toEqual([]);
  expect(cards("gpt-4o-new", "gpt-4o-2024-05-13", "gpt-4o")).toEqual(["gpt-4o"]);
  expect(cards("gpt-4o-new", "gpt-4o-2024-05-13")).toEqual(["gpt-4o-2024-05-13"]);
});
