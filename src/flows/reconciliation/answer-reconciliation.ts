import {
  type BilledClass,
  billedClasses,
  type DayOfModel,
  reconcileDays,
  type ReconciledDay,
} from "#analysis/reconciliation/reconcile.ts";
import { identifyModel, type ModelIdentity } from "#facts/model-identity.ts";
import { providerName } from "#facts/provider-name.ts";
import type { ServiceTier } from "#facts/rate-card.ts";
import { resolveRates } from "#facts/token-rates.ts";
import { loadTokenLayers, type TokenLayers } from "#flows/prices/token-layers.ts";
import { absolute } from "#units/decimal.ts";
import { grouped } from "#units/grouped.ts";
import { formatInstant } from "#units/instant.ts";
import { parsePeriod } from "#units/parse-period.ts";
import type { Window } from "#units/window.ts";
import { billedDays, type BilledDay, type NotCompared, notComparedCharges } from "./billed-days.ts";
import { meteredDays, type MeteredDay } from "./metered-days.ts";

/** What is reconciled, and how finely. */
export interface ReconciliationAsked {
  readonly data: string;
  readonly now: number;
  readonly period: string;
  /** True to tell projects apart: the bill's sub account, and the workload that calls name. */
  readonly byProject: boolean;
  /** Whose calls are compared; those of all sources if absent. */
  readonly source?: string;
}

/** A model of a provider, day by day. */
export interface ReconciledModel {
  readonly provider: string;
  readonly model: string;
  /** null where it is not named; undefined where projects are not told apart. */
  readonly project: string | null | undefined;
  readonly currency: string;
  readonly calls: number;
  /** Calls without a price: their days are not compared. */
  readonly unpriced: number;
  readonly days: readonly ReconciledDay[];
}

export interface ReconciliationAnswer {
  readonly window: Window;
  /** The largest difference first. */
  readonly models: readonly ReconciledModel[];
  /** What the same providers billed for AI without a model or a class of tokens, the largest first; the provider as its bill names it. */
  readonly notCompared: readonly NotCompared[];
}

/**
 * Compares what was metered (calls × prices) with what was billed, per provider, model and day, and names why they differ.
 * @throws Problem "lake-empty", "window-invalid", and those of what is asked
 */
export async function answerReconciliation(asked: ReconciliationAsked): Promise<ReconciliationAnswer> {
  const window = parsePeriod(asked.period, asked.now);
  const span = {
    data: asked.data,
    now: asked.now,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
  };
  const layers = await loadTokenLayers(asked.data, Math.min(window.end, asked.now));
  const billed = await billedDays(span, asked.byProject);
  const metered = await meteredDays(span, asked.byProject, asked.source);
  const groups = new Map<string, Group>();
  const groupOf = (each: BilledDay | MeteredDay): Group => {
    const provider = providerOf(each.provider);
    const identity = identifyModel(layers.catalogue, { provider, model: each.model }, layers.deployments);
    const model = identity.listed?.id ?? identity.name;
    const id = JSON.stringify([provider, model, each.project, each.currency]);
    const group = groups.get(id) ?? { ...each, provider, model, identity, billed: [], metered: [] };
    groups.set(id, group);
    return group;
  };
  for (const each of billed) groupOf(each).billed.push(each);
  for (const each of metered) groupOf(each).metered.push(each);
  const models = [...groups.values()].map((group) => reconciled(group, layers, asked.now));
  return {
    window,
    models: models.sort((a, b) => (sizeOf(b) > sizeOf(a) ? 1 : -1)),
    notCompared: notComparedOf(await notComparedCharges(span), new Set(models.map((each) => each.provider))),
  };
}

function notComparedOf(charges: readonly NotCompared[], providers: ReadonlySet<string>): NotCompared[] {
  const own = charges.filter(({ provider }) => providers.has(providerOf(provider)));
  const sums = [
    ...grouped(own, ({ provider, service, currency }) => JSON.stringify([provider, service, currency])),
  ].map(([, [first, ...more]]): NotCompared =>
    more.reduce(
      (all, each) => ({
        ...all,
        charges: all.charges + each.charges,
        cost: all.cost === undefined || each.cost === undefined ? undefined : all.cost + each.cost,
      }),
      first as NotCompared,
    ),
  );
  const size = ({ cost = 0n }: NotCompared): bigint => absolute(cost);
  return sums.sort((a, b) => (size(b) > size(a) ? 1 : size(b) < size(a) ? -1 : 0));
}

interface Group {
  readonly provider: string;
  readonly model: string;
  readonly identity: ModelIdentity;
  readonly project: string | null | undefined;
  readonly currency: string;
  readonly billed: BilledDay[];
  readonly metered: MeteredDay[];
}

/** Who sends the bill, as calls name it. */
const sellers: Readonly<Record<string, string>> = {
  microsoft: "azure.ai.openai",
  "microsoft azure": "azure.ai.openai",
  "google cloud": "gcp.vertex_ai",
};
const providerOf = (name: string): string => sellers[name.toLowerCase()] ?? providerName(name.toLowerCase());

function reconciled(group: Group, layers: TokenLayers, now: number): ReconciledModel {
  const { provider, model, project, currency, billed, metered } = group;
  const days = [...new Set([...billed, ...metered].map(({ day }) => day))].sort();
  const told = days.map((day) => dayOf(group, layers, day, now));
  return {
    provider,
    model,
    project,
    currency,
    calls: metered.reduce((sum, { calls }) => sum + calls, 0),
    unpriced: metered.reduce((sum, { unpriced }) => sum + unpriced, 0),
    days: reconcileDays(told),
  };
}

function dayOf(
  { identity, currency, billed, metered }: Group,
  layers: TokenLayers,
  day: string,
  now: number,
): DayOfModel {
  const bills = billed.filter((each) => each.day === day);
  const calls = metered.filter((each) => each.day === day);
  const sum = (of: BilledClass) => {
    const own = bills.filter((each) => each.tokenClass === of);
    return own.length === 0
      ? undefined
      : {
          tokens: own.reduce<bigint | undefined>(
            (all, { tokens }) => (all === undefined || tokens === undefined ? undefined : all + tokens),
            0n,
          ),
          cost: own.reduce((all, { cost }) => all + cost, 0n),
        };
  };
  const classes = billedClasses.flatMap((name) => {
    const found = sum(name);
    return found === undefined ? [] : [[name, found] as const];
  });
  const tokens = (name: BilledClass): bigint => calls.reduce((all, each) => all + each.tokens[name], 0n);
  const ratesOf = (tier: ServiceTier) => classRates(identity, currency, layers, day, tier, now);
  return {
    day,
    billed: Object.fromEntries(classes),
    credits: bills.filter((each) => each.tokenClass === "credit").reduce((all, { cost }) => all + cost, 0n),
    metered: { input: tokens("input"), cached: tokens("cached"), output: tokens("output") },
    meteredCost: calls.some(({ unpriced }) => unpriced > 0)
      ? undefined
      : calls.reduce((all, { cost }) => all + cost, 0n),
    rates: ratesOf("standard"),
    otherRates: (["batch", "flex", "priority"] as const).map((tier) => ({ tier, rates: ratesOf(tier) })),
  };
}

const charged = { input: "uncached_text", cached: "cache_read_text", output: "visible_text" } as const;

/** What one token of a class costs in a small request at the day's noon, in the bill's currency. */
function classRates(
  model: ModelIdentity,
  currency: string,
  { layers }: TokenLayers,
  day: string,
  tier: ServiceTier,
  now: number,
): DayOfModel["rates"] {
  const at = Date.parse(`${day}T12:00:00Z`);
  // What was paid is the other side of the comparison.
  const ours = layers.filter(({ layer }) => layer !== "bill");
  const resolved = resolveRates(ours, { model, tier, region: undefined }, at, Math.min(at, now));
  if (resolved.state !== "resolved") return {};
  return Object.fromEntries(
    billedClasses.flatMap((name) => {
      const rate = resolved.rates[charged[name]];
      const [first] = rate?.steps ?? [];
      return rate === undefined || first === undefined || rate.currency !== currency
        ? []
        : [[name, first.units]];
    }),
  );
}

const sizeOf = ({ days }: ReconciledModel): bigint =>
  days.reduce((sum, { difference, billed }) => sum + absolute(difference ?? billed), 0n);
