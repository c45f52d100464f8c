import type { Charged } from "#facts/rate-card.ts";
import { modalities, type Modality } from "#facts/token-usage.ts";

const classes: Readonly<Record<string, string>> = {
  uncached: "input",
  cache_read: "input from a cache",
  cache_write_5m: "input to a cache, 5 minutes",
  cache_write_1h: "input to a cache, 1 hour",
  visible: "output",
  reasoning: "reasoning",
  request: "request",
  web_search: "web search",
  file_search: "file search",
};

/** What is charged, in words: `input from a cache, audio`. Text goes without saying. */
export function chargedText(charged: Charged): string {
  const { name, modality } = splitCharged(charged);
  return `${classes[name] ?? name}${modality === undefined || modality === "text" ? "" : `, ${modality}`}`;
}

/** The class and the modality of what is charged; fees have none. */
export function splitCharged(charged: Charged): {
  readonly name: string;
  readonly modality: Modality | undefined;
} {
  const modality = modalities.find((each) => charged.endsWith(`_${each}`));
  return { name: modality === undefined ? charged : charged.slice(0, -modality.length - 1), modality };
}

/** A class in words, with its modalities where it is not of text alone. */
export function classText(name: string, of: readonly Modality[]): string {
  const told = of.length === 0 || (of.length === 1 && of[0] === "text") ? "" : ` (${of.join(", ")})`;
  return `${classes[name] ?? name}${told}`;
}
