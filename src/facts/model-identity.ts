import { matchesModel } from "./model-match.ts";
import { findProvider, isCarrier, providerOfModel } from "./model-provider.ts";
import { nearestNames } from "./nearest-names.ts";
import type { ListedModel, ListedProvider, TokenCatalogue } from "./token-catalogue.ts";

/** A deployment's name and the model behind it: what only its owner knows. */
export interface Deployment {
  readonly provider: string;
  readonly deployment: string;
  readonly model: string;
}

/** A model as a call names it, and what the catalogue makes of that. */
export interface ModelIdentity {
  /** The provider's id in the catalogue, else the name that was given in lower case; undefined if none is told and none is known. */
  readonly provider: string | undefined;
  /** The name in lower case, without what only leads to the model: resource names, regions, the provider. */
  readonly name: string;
  /** Where it is served, as far as the name tells. */
  readonly region: string | undefined;
  /** What the catalogue lists it as, maybe with another provider, whose price holds here too. */
  readonly listed: ListedModel | undefined;
}

/** Names longer than this are none of a model. */
const LONGEST = 300;

/**
 * What a call's provider and model mean. `anthropic/claude-sonnet-4-5`, a Bedrock profile or its ARN, and
 * `publishers/google/models/gemini-2.5-pro` are read; a deployment's own name needs its line among the deployments.
 */
export function identifyModel(
  catalogue: TokenCatalogue,
  call: { readonly provider?: string; readonly model: string },
  deployments: readonly Deployment[] = [],
): ModelIdentity {
  const given = call.provider === undefined ? undefined : findProvider(catalogue, call.provider);
  const told =
    call.provider === undefined || isCarrier(call.provider)
      ? undefined
      : (given?.id ?? call.provider.trim().toLowerCase());
  const raw = call.model.trim().toLowerCase();
  if (raw.length > LONGEST)
    return { provider: told, name: raw.slice(0, LONGEST), region: undefined, listed: undefined };
  const path = readPath(catalogue, raw, told);
  const own = deployments.find(
    (each) =>
      each.deployment.toLowerCase() === path.name &&
      (findProvider(catalogue, each.provider)?.id ?? each.provider.toLowerCase()) === path.provider,
  );
  const name = own === undefined ? path.name : own.model.toLowerCase();
  const provider =
    path.provider === undefined
      ? providerOfModel(catalogue, name)
      : catalogue.providers.find(({ id }) => id === path.provider);
  const listed = provider === undefined ? undefined : listedModel(catalogue, provider, name);
  return { provider: path.provider ?? provider?.id, name, region: path.region, listed };
}

/** What leads to the model: an ARN, Google's resource path, `provider/`, `provider:`, a region of Bedrock or Azure. */
function readPath(
  catalogue: TokenCatalogue,
  raw: string,
  told: string | undefined,
): { readonly provider: string | undefined; readonly name: string; readonly region: string | undefined } {
  const arn = /^arn:aws[a-z-]*:bedrock:([a-z0-9-]*):\d*:[a-z-]+\/(.+)$/.exec(raw);
  if (arn !== null) return { provider: told ?? "aws", name: arn[2] ?? "", region: arn[1] || undefined };
  const resource = /^(?:projects\/[^/]+\/locations\/([^/]+)\/)?(?:publishers\/[^/]+\/)?models\/([^/]+)$/.exec(
    raw,
  );
  if (resource !== null)
    return { provider: told ?? "google", name: resource[2] ?? "", region: resource[1] || undefined };
  let [provider, name] = [told, raw];
  let region: string | undefined;
  for (;;) {
    const [, head = "", rest = ""] = /^([^/:]+)[/:](.+)$/.exec(name) ?? [];
    // A router lists models under their makers' names: openrouter's "anthropic/claude-…" is whole as it is.
    const whole = lists(catalogue, provider, name) && !lists(catalogue, provider, rest);
    const leads =
      head === "" || whole ? undefined : leadsTo(catalogue, head, name[head.length] ?? "", provider);
    if (leads === undefined) return { provider, name, region };
    provider = leads.provider ?? provider;
    region = leads.region ?? region;
    name = rest;
  }
}

const REGION = /^[a-z]{2,4}(-gov|-iso[a-z]?)?-[a-z]+-\d$/;

/** What a first word says: the provider, unless another one was told, or a region. Undefined if it belongs to the model's name. */
function leadsTo(
  catalogue: TokenCatalogue,
  head: string,
  sign: string,
  provider: string | undefined,
): { readonly provider?: string; readonly region?: string } | undefined {
  if (sign === "/" && provider !== undefined && REGION.test(head)) return { region: head };
  if (provider === "azure" && ["us", "eu", "global"].includes(head)) return { region: head };
  if (isCarrier(head)) return {};
  const found = findProvider(catalogue, head);
  // "anthropic.claude-v2:0" is a model with its version: only a provider's whole name leads.
  if (found === undefined || /[.\d]/.test(head.replace(/^(aws|azure|gcp)\./, ""))) return undefined;
  return provider === undefined || provider === found.id ? { provider: found.id } : undefined;
}

const lists = (catalogue: TokenCatalogue, provider: string | undefined, name: string): boolean =>
  catalogue.providers.some(
    ({ id, models }) => id === provider && models.some(({ match }) => matchesModel(match, name)),
  );

/** The model that a provider's list means by a name, else what it falls back on: Azure lists some of OpenAI's models and sells more. */
function listedModel(
  catalogue: TokenCatalogue,
  provider: ListedProvider,
  name: string,
): ListedModel | undefined {
  const from = [
    provider,
    ...provider.fallback.flatMap((id) => catalogue.providers.find((each) => each.id === id) ?? []),
  ];
  const dashed = dashedDate(name);
  for (const spelling of name === dashed ? [name] : [name, dashed])
    for (const { models } of from) {
      const found = models.find(({ match }) => matchesModel(match, spelling));
      if (found !== undefined) return found;
    }
  // A few models are listed under an id that is no name of theirs at the provider; what we print is understood nevertheless.
  return provider.models.find(({ id }) => id.toLowerCase() === name);
}

/** Providers that list a model of a name. */
export const providersListing = (catalogue: TokenCatalogue, name: string): string[] =>
  catalogue.providers
    .filter(({ models }) => models.some(({ match }) => matchesModel(match, name)))
    .map(({ id }) => id);

/** gpt-5-20250807 as gpt-5-2025-08-07: lists write a model's date one way or the other. */
const dashedDate = (name: string): string =>
  name.replaceAll(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g, "-$1-$2-$3");

/** Models that a provider lists, or all do, whose names are most like one that nobody does. */
export function nearestModels(catalogue: TokenCatalogue, { provider, name }: ModelIdentity): string[] {
  const listed = catalogue.providers.find(({ id }) => id === provider);
  const among = listed === undefined ? catalogue.providers : [listed];
  return nearestNames(name, [...new Set(among.flatMap(({ models }) => models.map(({ id }) => id)))]);
}
