import { amount, over, share, times } from "./derive.ts";
import { charges, type NamedReport, sum } from "./named-report.ts";

const all = { group: "AI", time: "charge", where: ["x_Tokens?", "ChargeCategory=Usage"] } as const;
/** Tokens and the cost of the same charges: unknown cost makes no token cheaper. */
const priced = [
  sum("x_Tokens", { name: "pricedTokens", when: ["EffectiveCost?"], hidden: true }),
  sum("EffectiveCost", { name: "pricedCost", when: ["x_Tokens?", "EffectiveCost?"], hidden: true }),
];
const perMillion = amount(
  "EffectiveCostPerMillionTokens",
  times(over("pricedCost", "pricedTokens"), "1000000"),
);

/** Models and their tokens. */
export const modelsAndTokens: readonly NamedReport[] = [
  {
    ...all,
    name: "model-token-prices",
    title: "Effective cost per million tokens",
    what: "What a million tokens cost, by model, direction and cache action.",
    source: "FOCUS supported feature: AI model billing (1.5 draft)",
    by: ["ServiceProviderName", "x_ModelId", "x_TokenDirection", "x_TokenCacheAction"],
    sums: [sum("EffectiveCost"), sum("x_Tokens"), ...priced],
    derived: [perMillion],
  },
  {
    ...all,
    name: "token-volume",
    title: "Token volume over time",
    what: "How many tokens each model read and wrote per day, and what they cost.",
    source: "FOCUS supported feature: AI model billing (1.5 draft)",
    by: ["x_ModelId", "x_TokenDirection"],
    period: "day",
    sums: [sum("x_Tokens"), sum("EffectiveCost"), ...priced],
    derived: [perMillion],
  },
  {
    ...all,
    name: "cached-input-share",
    title: "Share of input tokens read from a cache",
    what: "How much of each model's input came from the prompt cache; charges that don't say count as not known.",
    source: "FOCUS supported feature: AI model billing, TokenCacheAction (1.5 draft)",
    by: ["ServiceProviderName", "x_ModelId"],
    where: [...all.where, "x_TokenDirection=Input"],
    sums: [
      sum("x_Tokens"),
      sum("x_Tokens", { name: "CacheReadTokens", when: ["x_TokenCacheAction=Read"] }),
      sum("x_Tokens", { name: "CacheWriteTokens", when: ["x_TokenCacheAction=Write"] }),
      sum("x_Tokens", { name: "UnsaidTokens", when: ["!x_TokenCacheAction?"] }),
      sum("x_Tokens", { name: "said", when: ["x_TokenCacheAction?"], hidden: true }),
    ],
    derived: [share("CacheReadRatio", "CacheReadTokens", "said")],
  },
  {
    ...all,
    name: "model-costs-by-team",
    title: "Model cost by team",
    what: "Which teams and workloads use which models, and what it costs them.",
    source: "FOCUS supported feature: AI model billing (1.5 draft)",
    by: ["x_Team", "x_Workload", "x_ModelId"],
    where: ["x_ModelId?", "ChargeCategory=Usage"],
    sums: [sum("EffectiveCost"), sum("x_Tokens"), charges, ...priced],
    derived: [perMillion],
  },
];
