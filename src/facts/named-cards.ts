import { identifyModel, type ModelIdentity } from "./model-identity.ts";
import { findProvider } from "./model-provider.ts";
import type { PriceLayer } from "./price-layers.ts";
import type { RateCard } from "./rate-card.ts";
import type { ListedModel, TokenCatalogue } from "./token-catalogue.ts";
import type { TokenLayer } from "./token-rates.ts";

/** A card with the provider and model that its source names: a line of a contract, a rate of a bill. */
export interface NamedCard {
  readonly provider: string;
  /** A name, or the beginning of names followed by `*`. */
  readonly model: string;
  readonly card: RateCard;
  /** Among cards of the same name: one that says more exactly what it is of has the higher number, and counts. */
  readonly exactness: number;
}

/** How well a card's name fits; the same name counts before another name of the same model, and that before a pattern. */
const FITS = { pattern: 0, listed: 1, name: 2 } as const;

/**
 * A layer of cards that are known by name. A card holds for every name that the catalogue knows its model by; where the source names
 * several of them, only for the one that is the catalogue's own, and for the names as written.
 */
export function namedLayer(
  layer: PriceLayer,
  cards: readonly NamedCard[],
  catalogue: TokenCatalogue,
): TokenLayer {
  const known = cards.map((named) => knownAs(named, catalogue));
  const cardsOf = (model: ModelIdentity): readonly RateCard[] => {
    const fitting = known.flatMap((each) => {
      const fit = fitOf(each, model);
      return fit === undefined ? [] : [{ ...each, fit }];
    });
    const others = new Set(fitting.filter(({ fit }) => fit === FITS.listed).map(({ name }) => name));
    return fitting
      .filter(({ fit, name }) => fit !== FITS.listed || others.size === 1 || name === model.listed?.id)
      .sort(
        (a, b) =>
          a.fit - b.fit ||
          (a.fit === FITS.pattern ? a.name.length - b.name.length : 0) ||
          a.named.exactness - b.named.exactness ||
          (a.named.card.validFrom ?? 0) - (b.named.card.validFrom ?? 0),
      )
      .map(({ named }) => named.card);
  };
  return { layer, cardsOf };
}

interface KnownCard {
  readonly named: NamedCard;
  readonly provider: string | undefined;
  readonly name: string;
  readonly listed: ListedModel | undefined;
  readonly pattern: boolean;
}

function knownAs(named: NamedCard, catalogue: TokenCatalogue): KnownCard {
  if (!named.model.endsWith("*")) {
    const { provider, name, listed } = identifyModel(catalogue, named);
    return { named, provider, name, listed, pattern: false };
  }
  // A pattern is held against names as they are: what is before its * need not be a model's name.
  const provider = findProvider(catalogue, named.provider)?.id ?? named.provider.trim().toLowerCase();
  return {
    named,
    provider,
    name: named.model.slice(0, -1).trim().toLowerCase(),
    listed: undefined,
    pattern: true,
  };
}

function fitOf(card: KnownCard, model: ModelIdentity): number | undefined {
  if (card.provider !== model.provider) return undefined;
  if (card.pattern) return model.name.startsWith(card.name) ? FITS.pattern : undefined;
  if (card.name === model.name) return FITS.name;
  return card.listed !== undefined && card.listed === model.listed ? FITS.listed : undefined;
}

/** The prices that came with Plimsoll, as a layer. */
export const shippedLayer: TokenLayer = { layer: "shipped", cardsOf: ({ listed }) => listed?.cards ?? [] };
