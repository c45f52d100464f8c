import { matchesModel } from "./model-match.ts";
import { normalName } from "./normal-name.ts";
import type { ListedProvider, TokenCatalogue } from "./token-catalogue.ts";

/**
 * Other names of providers: as OpenTelemetry's gen_ai.provider.name, LiteLLM's custom_llm_provider, FOCUS's ServiceProviderName and
 * people write them. They come before the catalogue's own patterns, by which azure.ai.openai would be OpenAI.
 */
const aliases: Readonly<Record<string, string>> = {
  "amazon-web-services": "aws",
  "aws.bedrock": "aws",
  bedrock: "aws",
  "bedrock-converse": "aws",
  "amazon-bedrock": "aws",
  "azure.ai.openai": "azure",
  "azure.ai.inference": "azure",
  "az.ai.openai": "azure",
  "az.ai.inference": "azure",
  "azure-openai": "azure",
  "azure-ai": "azure",
  "azure-text": "azure",
  microsoft: "azure",
  gcp: "google",
  gemini: "google",
  vertex: "google",
  "vertex-ai": "google",
  "vertex-ai-beta": "google",
  "gcp.vertex-ai": "google",
  "gcp.gemini": "google",
  "gcp.gen-ai": "google",
  "google-cloud": "google",
  "google-vertex": "google",
  "github-copilot": "github-copilot",
  xai: "x-ai",
  "mistral-ai": "mistral",
  mistralai: "mistral",
  "fireworks-ai": "fireworks",
  "together-ai": "together",
  moonshot: "moonshotai",
  kimi: "moonshotai",
  "zai-org": "zai",
};

/** Names that carry calls and price none: the provider is in the model's name. */
const carriers = ["litellm", "litellm-proxy"];

/** True for a proxy that has no prices of its own. */
export const isCarrier = (name: string): boolean => carriers.includes(normalName(name));

/** The provider by any of its names; undefined if the catalogue lists none of that name. */
export function findProvider(catalogue: TokenCatalogue, name: string): ListedProvider | undefined {
  const plain = normalName(name);
  if (plain === "" || plain.length > 200 || isCarrier(name)) return undefined;
  const id = aliases[plain] ?? (plain.startsWith("vertex-ai-") ? "google" : plain);
  const listed = catalogue.providers.find((each) => each.id === id);
  // The patterns look for a word anywhere: a name of several words, such as "Azure OpenAI Service", is told by its first.
  return listed ?? byWords(catalogue, plain);
}

function byWords(catalogue: TokenCatalogue, plain: string): ListedProvider | undefined {
  if (/(^|[^a-z])azure|microsoft/.test(plain)) return catalogue.providers.find(({ id }) => id === "azure");
  return catalogue.providers.find(({ match }) => match !== undefined && matchesModel(match, plain));
}

/** The provider whose model it is where none is told: by the beginning of its name. */
export const providerOfModel = (catalogue: TokenCatalogue, model: string): ListedProvider | undefined =>
  catalogue.providers.find(({ modelMatch }) => modelMatch !== undefined && matchesModel(modelMatch, model));

/** Servers of models that people run themselves, as gen_ai.provider.name and gateways call them: no list has a price of theirs. */
export const selfHosting: readonly string[] = [
  "vllm",
  "hosted_vllm",
  "sglang",
  "tgi",
  "text-generation-inference",
  "triton",
  "tensorrt-llm",
  "ray-serve",
  "llamacpp",
  "llama.cpp",
  "ollama",
  "lmstudio",
  "kserve",
];
