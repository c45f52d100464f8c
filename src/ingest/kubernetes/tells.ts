import { wordsIn } from "#facts/type-words.ts";
import type { Sighting } from "#facts/sighting.ts";
import { at, isFields, type KubernetesObject, listAt, textAt } from "./fields.ts";
import type { PodSet } from "./pod-sets.ts";

/** Command and arguments of all containers. They may hold secrets: they are looked through here and never handed on. */
function commandTexts(sets: readonly PodSet[]): string[] {
  return sets.flatMap(({ podSpec }) =>
    listAt(podSpec, "containers").flatMap((container) =>
      [...listAt(container, "command"), ...listAt(container, "args")].filter(
        (part): part is string => typeof part === "string",
      ),
    ),
  );
}

/** Words of the vocabulary of types in names, commands and a Ray job's entry point. */
export function wordsOf(object: KubernetesObject, sets: readonly PodSet[]): string[] {
  const texts = [
    textAt(object, "metadata", "name") ?? "",
    textAt(object, "spec", "entrypoint") ?? "",
    ...commandTexts(sets),
  ];
  return [...new Set(texts.flatMap(wordsIn))].sort();
}

const environments: ReadonlyMap<string, string> = new Map(
  Object.entries({
    prod: "production",
    production: "production",
    staging: "staging",
    stage: "staging",
    dev: "development",
    development: "development",
    test: "test",
    research: "research",
  }),
);

/** What can be read off an object that declares nothing: the model that it serves, and the environment that its namespace is called. */
export function hintsOf(
  object: KubernetesObject,
  sets: readonly PodSet[],
  namespace: string,
): Pick<Sighting, "hints"> {
  const model = modelOf(object, sets);
  const environment = namespace
    .toLowerCase()
    .split("-")
    .map((word) => environments.get(word))
    .find((found) => found !== undefined);
  const hints = {
    ...(model === undefined ? {} : { model }),
    ...(environment === undefined
      ? {}
      : { environment: { value: environment, what: `its namespace is called ${namespace}` } }),
  };
  return Object.keys(hints).length === 0 ? {} : { hints };
}

function modelOf(
  object: KubernetesObject,
  sets: readonly PodSet[],
): { value: string; what: string } | undefined {
  const stated = textAt(object, "spec", "model", "name") ?? textAt(object, "spec", "model", "uri");
  if (stated !== undefined) return { value: plainModel(stated), what: "spec.model names it" };
  const predictor = at(object, "spec", "predictor");
  const uris = isFields(predictor)
    ? Object.values(predictor).flatMap((part) => textAt(part, "storageUri") ?? [])
    : [];
  if (uris[0] !== undefined) return { value: plainModel(uris[0]), what: "its storageUri names it" };
  for (const container of sets.flatMap(({ podSpec }) => listAt(podSpec, "containers"))) {
    const texts = [...listAt(container, "command"), ...listAt(container, "args")].filter(
      (part): part is string => typeof part === "string",
    );
    const value = modelArgument(texts.flatMap((text) => text.split(/\s+/)));
    if (value !== undefined) return { value: plainModel(value), what: "an argument of its command names it" };
  }
  return undefined;
}

const modelOption = /^--(?:model|model[-_](?:id|name|path)|served-model-name)(?:=(.+))?$/;

/** `--model X`, `--model=X` or `vllm serve X`. */
function modelArgument(words: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    const option = modelOption.exec(word);
    const served = word === "serve" && /(^|\/)vllm$/.test(words[index - 1] ?? "");
    const value = option?.[1] ?? (option !== null || served ? words[index + 1] : undefined);
    // What is filled in when it starts, or is a secret's place, is no name.
    if (value !== undefined && /^[\w./:@-]{2,200}$/.test(value) && !value.startsWith("-")) return value;
  }
  return undefined;
}

/** A model's name without how it is fetched: `hf://meta-llama/Llama-2-7b` is `meta-llama/Llama-2-7b`, without an access token. */
const plainModel = (text: string): string => text.replace(/^[a-z0-9]+:\/\//, "").replace(/^[^/]*@/, "");
