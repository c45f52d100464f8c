import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { calcPrice, type Usage, waitForUpdate } from "@pydantic/genai-prices";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { identifyModel } from "#facts/model-identity.ts";
import { parseTokenCatalogue } from "#facts/token-catalogue.ts";
import { type CallPrice, priceCall } from "#facts/token-price.ts";
import type { TokenLayer } from "#facts/token-rates.ts";
import { partitionTokens } from "#facts/token-usage.ts";
import { ratio } from "#units/money.ts";

const project = path.join(import.meta.dirname, "..", "..");
const written = await readFile(path.join(project, "catalog/token-prices.json"), "utf8");
const catalogue = parseTokenCatalogue(JSON.parse(written));
const listed = await waitForUpdate();
if (listed === null) throw new Error("The package came without data.");

test("the catalogue is what the installed package says: after an upgrade, make it anew", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "plimsoll-"));
  try {
    const day = new Date(catalogue.asOf).toISOString().slice(0, 10);
    const script = path.join(project, "catalog/make-token-prices.js");
    await promisify(execFile)(process.execPath, [script, "--as-of", day, "--to", folder]);
    const made = await readFile(path.join(folder, "token-prices.json"), "utf8");
    expect(made === written, "Run node catalog/make-token-prices.js --as-of <the day it was published>").toBe(
      true,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every card can be read, and no rate is zero but where the list says so", () => {
  const cards = catalogue.providers.flatMap(({ models }) => models.flatMap((model) => model.cards));
  expect(cards.length).toBeGreaterThan(1700);
  const free = cards.filter(({ rates }) => {
    const all = Object.values(rates);
    return all.length > 0 && all.every(({ steps }) => steps.every(({ units }) => units === 0n));
  });
  expect(free.map(({ id }) => id)).toEqual([]);
});

const models = listed.flatMap((provider) =>
  provider.models.map((model) => ({ provider: provider.id, model })),
);
const named = fc.constantFrom(
  ...models.flatMap(({ provider, model }) => {
    const [name] = namesOf(model.match);
    return name === undefined ? [] : [{ provider, name }];
  }),
);

/** Names that a clause surely means. */
function namesOf(match: object): string[] {
  const [[kind, value] = ["", ""]] = Object.entries(match) as [string, unknown][];
  if (kind === "or") return (value as object[]).flatMap(namesOf);
  return ["equals", "starts_with", "contains", "ends_with"].includes(kind) ? [value as string] : [];
}

test("any call to any model costs what the package says, to its floats' precision, or is unpriced", () => {
  const size = fc.oneof(fc.nat(5000), fc.nat(400_000));
  let priced = 0;
  fc.assert(
    fc.property(
      named,
      fc.record({ uncached: size, read: size, write: size, output: size, reasoning: size, audio: size }),
      fc.date({ min: new Date("2025-01-01"), max: new Date("2027-06-01"), noInvalidDate: true }),
      fc.constantFrom<readonly string[]>([], ["read"], ["read", "write"], ["audio"], ["reasoning"]),
      ({ provider, name }, counts, time, kinds) => {
        const of = (kind: keyof typeof counts): number =>
          kind === "uncached" || kind === "output" || kinds.includes(kind) ? counts[kind] : 0;
        const input = of("uncached") + of("read") + of("write") + of("audio");
        const output = of("output") + of("reasoning");
        const price = ours(provider, name, time, {
          input,
          output,
          cacheRead: of("read"),
          cacheWrite5m: of("write"),
          reasoning: of("reasoning"),
          inputBy: { audio: of("audio") },
          cacheReadBy: { audio: 0 },
        });
        if (price.state === "unpriced") return;
        priced++;
        const usage: Usage = {
          input_tokens: input,
          output_tokens: output,
          cache_read_tokens: of("read"),
          cache_write_tokens: of("write"),
          output_reasoning_tokens: of("reasoning"),
          input_audio_tokens: of("audio"),
        };
        const theirs = calcPrice(usage, name, { providerId: provider, timestamp: time });
        const dollars = ratio(price.cost, { units: 10n ** 18n, currency: price.cost.currency }) ?? Number.NaN;
        expect(Math.abs(dollars - (theirs?.total_price ?? Number.NaN))).toBeLessThanOrEqual(
          1e-12 + dollars * 1e-12,
        );
      },
    ),
    { numRuns: 5000 },
  );
  expect(priced).toBeGreaterThan(1500);
});

function ours(
  provider: string,
  name: string,
  time: Date,
  claims: Parameters<typeof partitionTokens>[0],
): CallPrice {
  const layer: TokenLayer = { layer: "shipped", cardsOf: ({ listed }) => listed?.cards ?? [] };
  const call = {
    model: identifyModel(catalogue, { provider, model: name }),
    tier: "standard",
    region: undefined,
    tokens: partitionTokens(claims),
  } as const;
  return priceCall(call, [layer], time.getTime(), time.getTime());
}
