import type { ApiUse, ModelComparison, SelfHosted } from "#flows/self-hosted/compare-models.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";

const exact = (units: bigint | undefined): string | null =>
  units === undefined ? null : formatDecimal(units);

type TokenRates = NonNullable<SelfHosted["cost"]>["allocation"];

const ratesJson = (rates: TokenRates | undefined): object | null =>
  rates === undefined
    ? null
    : {
        cost: exact(rates.cost),
        perMillionTokens: exact(rates.perMillion),
        perMillionInputTokens: exact(rates.inputPerMillion),
        perMillionOutputTokens: exact(rates.outputPerMillion),
      };

/** For programs: amounts as exact decimal strings, tokens as whole numbers in text. */
export const comparisonJson = ({ window, selfHosted, apis }: ModelComparison): object => ({
  window: { start: formatInstant(window.start), end: formatInstant(window.end) },
  selfHosted: selfHosted.map(selfHostedJson),
  apis: apis.map(apiJson),
});

const selfHostedJson = ({ work, cost, api, users, unmetered, ...line }: SelfHosted): object => ({
  model: line.model,
  workload: line.workload,
  ...(line.bucket === undefined ? {} : { bucket: line.bucket }),
  requests: line.requests,
  failed: line.failed,
  inputTokens: String(work.input),
  outputTokens: String(work.output),
  cachedTokens: work.cached === undefined ? null : String(work.cached),
  cacheHits: exact(cost?.cacheHits),
  gpuActive: work.gpuActive ?? null,
  currency: line.currency ?? null,
  costFrom: line.basis ?? null,
  allocation: ratesJson(cost?.allocation),
  usage: ratesJson(cost?.usage),
  utilisation: exact(cost?.utilisation),
  split: cost?.split ?? null,
  ...(api === undefined
    ? {}
    : {
        against: {
          model: api.model,
          provider: api.provider ?? null,
          perMillionTokens: exact(api.perMillion),
          currency: api.currency ?? null,
          layer: api.layer ?? null,
          ageDays: api.ageDays ?? null,
          breakEvenUtilisation: exact(api.breakEven),
        },
      }),
  ...(users === undefined
    ? {}
    : {
        users: users.map(({ name, cost: part }) => ({ name, cost: exact(part) })),
        unmetered: exact(unmetered),
      }),
});

/** null where no call tells; else what is told, at least. */
const tokensJson = (
  { calls, uncounted }: Pick<ApiUse, "calls" | "uncounted">,
  tokens: bigint,
): string | null => (uncounted === calls ? null : String(tokens));

const apiJson = ({ input, output, cached, cost, perMillion, bucket, currency, ...use }: ApiUse): object => ({
  ...use,
  ...(bucket === undefined ? {} : { bucket }),
  inputTokens: tokensJson(use, input),
  outputTokens: tokensJson(use, output),
  cachedTokens: tokensJson(use, cached),
  currency,
  cost: currency === null ? null : exact(cost),
  perMillionTokens: exact(perMillion),
});

export const comparisonColumns = [
  "Where",
  "Model",
  "Provider",
  "Bucket",
  "User",
  "InputTokens",
  "OutputTokens",
  "CachedTokens",
  "Currency",
  "Cost",
  "PerMillionTokens",
  "PerMillionInputTokens",
  "PerMillionOutputTokens",
  "UsagePerMillionTokens",
  "Utilisation",
  "AgainstPerMillionTokens",
  "BreakEvenUtilisation",
] as const;

type Row = Readonly<Record<string, string | number | null>>;

/** A row per model, and beneath one of your own a row per user of it. */
export const comparisonRows = ({ selfHosted, apis }: ModelComparison): Row[] => [
  ...selfHosted.flatMap((line) => {
    const { work, cost, api, users = [], unmetered } = line;
    const common = {
      Where: line.workload,
      Model: line.model,
      Bucket: line.bucket ?? null,
      Currency: line.currency ?? null,
    };
    const user = (name: string, part: bigint): Row => ({ ...common, User: name, Cost: exact(part) });
    return [
      {
        ...common,
        InputTokens: String(work.input),
        OutputTokens: String(work.output),
        CachedTokens: work.cached === undefined ? null : String(work.cached),
        Cost: exact(cost?.allocation.cost),
        PerMillionTokens: exact(cost?.allocation.perMillion),
        PerMillionInputTokens: exact(cost?.allocation.inputPerMillion),
        PerMillionOutputTokens: exact(cost?.allocation.outputPerMillion),
        UsagePerMillionTokens: exact(cost?.usage?.perMillion),
        Utilisation: exact(cost?.utilisation),
        AgainstPerMillionTokens: exact(api?.perMillion),
        BreakEvenUtilisation: exact(api?.breakEven),
      },
      ...users.map(({ name, cost: part }) => user(name ?? "(unknown)", part)),
      ...(unmetered === undefined || unmetered === 0n ? [] : [user("(not metered)", unmetered)]),
    ];
  }),
  ...apis.map((use) => ({
    Where: "API",
    Model: use.model,
    Provider: use.provider,
    Bucket: use.bucket ?? null,
    InputTokens: tokensJson(use, use.input),
    OutputTokens: tokensJson(use, use.output),
    CachedTokens: tokensJson(use, use.cached),
    Currency: use.currency,
    Cost: use.currency === null ? null : exact(use.cost),
    PerMillionTokens: exact(use.perMillion),
  })),
];
