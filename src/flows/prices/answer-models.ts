import { identifyModel, type ModelIdentity, nearestModels, providersListing } from "#facts/model-identity.ts";
import { findProvider } from "#facts/model-provider.ts";
import { nearestNames } from "#facts/nearest-names.ts";
import type { ServiceTier } from "#facts/rate-card.ts";
import { type CallPrice, priceCall, type TokenCall } from "#facts/token-price.ts";
import { type ResolvedRates, resolveRates } from "#facts/token-rates.ts";
import type { Instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { LayerTold } from "./load-layers.ts";
import { loadTokenLayers, type TokenLayers } from "./token-layers.ts";

/** Which rates somebody wants to know, and maybe what one call costs by them. */
export interface ModelsAsked {
  readonly data: string;
  /** When the call is made. */
  readonly at: Instant;
  readonly now: Instant;
  readonly model?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly tier: ServiceTier;
  readonly call?: Pick<TokenCall, "tokens" | "fees">;
}

/** A model's rates in one way at one time. */
export interface ModelLine {
  readonly model: ModelIdentity;
  readonly tier: ServiceTier;
  readonly region: string | undefined;
  readonly resolved: ResolvedRates;
  /** The call that was asked for. */
  readonly price: CallPrice | undefined;
}

/** Rates with everything that stands behind them; or, where nothing was named, which providers there are. */
export interface ModelsAnswer {
  readonly at: Instant;
  readonly providers: readonly { readonly id: string; readonly name: string; readonly models: number }[];
  readonly lines: readonly ModelLine[];
  /** Other providers that list a model of the name that was asked for. */
  readonly alsoAt: readonly string[];
  readonly layers: readonly LayerTold[];
  readonly query: string | undefined;
}

/**
 * What models' tokens cost, and one call to one of them. What has no rate is a line too, unpriced.
 * @throws Problem "model-unknown" with the nearest names, and those of `loadTokenLayers`
 */
export async function answerModels(asked: ModelsAsked): Promise<ModelsAnswer> {
  const loaded = await loadTokenLayers(asked.data, asked.at);
  const { catalogue, told, query } = loaded;
  const common = { at: asked.at, layers: told, query };
  if (asked.model === undefined && asked.provider === undefined) {
    const providers = catalogue.providers.map(({ id, name, models }) => ({
      id,
      name,
      models: models.length,
    }));
    return { ...common, providers, lines: [], alsoAt: [] };
  }
  const names = asked.model === undefined ? namesOf(asked.provider ?? "", loaded) : [asked.model];
  const lines = names.map((name) => lineOf(name, asked, loaded));
  const [first] = lines;
  if (asked.model !== undefined && first !== undefined && isUnknown(first))
    throw unknownModel(asked.model, first, loaded);
  const alsoAt =
    asked.model === undefined || first === undefined
      ? []
      : providersListing(catalogue, first.model.name).filter((id) => id !== first.model.provider);
  return { ...common, providers: [], lines, alsoAt };
}

function lineOf(
  name: string,
  asked: ModelsAsked,
  { catalogue, layers, deployments }: TokenLayers,
): ModelLine {
  const named = { model: name, ...(asked.provider === undefined ? {} : { provider: asked.provider }) };
  const model = identifyModel(catalogue, named, deployments);
  const ask = { model, tier: asked.tier, region: asked.region ?? model.region };
  // Ages are counted to the asked time, or to now where that is still to come.
  const until = Math.min(asked.at, asked.now);
  const resolved = resolveRates(layers, ask, asked.at, until);
  const price =
    asked.call === undefined ? undefined : priceCall({ ...ask, ...asked.call }, layers, asked.at, until);
  return { model, tier: asked.tier, region: ask.region, resolved, price };
}

const isUnknown = ({ resolved }: ModelLine): boolean =>
  resolved.state === "unpriced" && ["provider-unknown", "model-unknown"].includes(resolved.reason);

/** What a provider lists, and what contract and bill name of it. */
function namesOf(provider: string, { catalogue, named }: TokenLayers): string[] {
  const listed = findProvider(catalogue, provider);
  const own = named.filter(
    (each) =>
      each.provider.toLowerCase() === provider.toLowerCase() ||
      (listed !== undefined && findProvider(catalogue, each.provider) === listed),
  );
  if (listed === undefined && own.length === 0) {
    const near = nearestNames(
      provider,
      catalogue.providers.map(({ id }) => id),
    );
    throw new Problem("model-unknown", `No layer knows a provider "${provider}".${question(near)}`, {
      at: { value: provider },
      hint: "Run `plimsoll prices models` for the providers that there are.",
    });
  }
  const ids = (listed?.models ?? []).map(({ id }) => id);
  const others = own.filter(
    ({ model }) => !model.endsWith("*") && identifyModel(catalogue, { provider, model }).listed === undefined,
  );
  return [...new Set([...ids, ...others.map(({ model }) => model)])];
}

function unknownModel(name: string, { model }: ModelLine, { catalogue }: TokenLayers): Problem {
  const of = model.provider === undefined ? "" : ` of ${model.provider}`;
  const listing = model.provider === undefined ? providersListing(catalogue, model.name) : [];
  if (listing.length > 0)
    return new Problem(
      "model-unknown",
      `Several providers may serve "${name.slice(0, 100)}", each at its own price.`,
      {
        at: { value: name },
        hint: `Name the one that does with --provider: ${listing.join(", ")}.`,
      },
    );
  const near = nearestModels(catalogue, model);
  return new Problem(
    "model-unknown",
    `No layer knows a model "${name.slice(0, 100)}"${of}.${question(near)}`,
    {
      at: { value: name },
    },
  );
}

const question = (near: readonly string[]): string =>
  near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
