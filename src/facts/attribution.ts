import type { Instant } from "#units/instant.ts";
import type { AttributionKey } from "./attribution-keys.ts";
import type { Filter } from "./cost-question.ts";

/** How the value of a tag is understood. */
export interface TagSchema {
  /** Values that count; any value does if absent. What is none of them is attributed by rules, as if it were not there. */
  readonly values?: readonly string[];
  /** Another spelling to the value that it means. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** How sure a rule is: a guess is shown as one, and every declared tag and every other rule goes before it. */
export const ruleStrengths = ["override", "rule", "guess"] as const;
/** override: goes before the tag; rule: where no valid tag is; guess: where nothing else says anything. */
export type RuleStrength = (typeof ruleStrengths)[number];

/** A virtual tag: charges that pass all filters get the values. */
export interface AttributionRule {
  readonly id: string;
  readonly strength: RuleStrength;
  /** All must hold; conditions see what was delivered, not what other rules say. */
  readonly when: readonly Filter[];
  readonly set: Readonly<Partial<Record<AttributionKey, string>>>;
  /** Charges from this time on; all earlier ones too if absent. */
  readonly from?: Instant;
  /** Charges before this time. */
  readonly until?: Instant;
}

/** The rules in force: the tag schema, then rules of which the first that holds wins, key by key. */
export interface Attribution {
  readonly schema: Readonly<Partial<Record<AttributionKey, TagSchema>>>;
  readonly rules: readonly AttributionRule[];
  /** Environments that are production; every other one is research and development. */
  readonly production: readonly string[];
  /** Per cent of what was billed that must name a team before findings that save money are more than guesses; DEFAULT_GATE if absent. */
  readonly gate?: number;
}

/** Per cent of what was billed that must name a team, unless rules say otherwise. */
export const DEFAULT_GATE = 80;

/** What holds where nobody has published rules: tags count as they were delivered. */
export const noAttribution: Attribution = { schema: {}, rules: [], production: ["production", "prod"] };
