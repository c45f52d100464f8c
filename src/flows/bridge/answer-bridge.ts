import { bridgeCosts } from "#analysis/bridge/bridge-costs.ts";
import type { Bridge, BridgeQuestion, ItemPeriod } from "#analysis/bridge/bridge.ts";
import { judgeSaving } from "#analysis/bridge/judge-saving.ts";
import { type ReadBridge, readBridge } from "#analysis/bridge/read-bridge.ts";
import type { Saving, UsePeriod } from "#analysis/bridge/saving.ts";
import { parseCallFilter } from "#facts/call-question.ts";
import { parseOutcomeFilter } from "#facts/outcome-question.ts";
import { parseSignalFilter, parseSignalName } from "#facts/signal-question.ts";
import type { UnitCostDenominator } from "#facts/unit-cost-definition.ts";
import { volumeAmounts } from "#flows/unit-costs/amounts.ts";
import { formatInstant } from "#units/instant.ts";
import { parseCompared, parseComparison, parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { type BridgeOf, bridgeItems, type PeriodItems } from "./bridge-items.ts";

/** A bridge as a person asks for it. */
export interface BridgeAsked extends BridgeOf {
  readonly period: string;
  /** previous, year-ago, same-weekdays, a period, or FROM..TO. */
  readonly compare: string;
  /** What the volume is: `items` (each call model's own calls), `units`, or `outcome:kind`, `signal:name`, `calls`, `tokens` for all items. */
  readonly volume: string;
  /** Filters of a volume of all items. */
  readonly volumeWhere: readonly string[];
  readonly method: "lmdi" | "shapley";
  /** How many periods before this one a judgement of savings is drawn from; none if 0. */
  readonly history: number;
}

/** Why cost changed, per currency. */
export interface BridgeAnswer {
  readonly asked: BridgeAsked;
  readonly now: Window;
  readonly compared: Window;
  readonly bridges: readonly {
    readonly bridge: Bridge;
    readonly read: ReadBridge;
    /** Where periods before were asked for. */
    readonly saving?: Saving;
  }[];
}

/**
 * Why cost changed between two periods: by volume, mix, efficiency and price, item by item and exactly, with a verdict.
 * @throws Problem "option-invalid", "window-invalid", and those of what is asked
 */
export async function answerBridge(asked: BridgeAsked): Promise<BridgeAnswer> {
  const now = parsePeriod(asked.period, asked.now);
  const compared = parseCompared(asked.compare, now, asked.now);
  const volume = volumeOf(asked);
  const [before, after] = [await bridgeItems(asked, compared), await bridgeItems(asked, now)];
  const whole = volume === undefined ? undefined : await volumesOf(asked, volume, [compared, now]);
  const currencies = [...new Set([...before.keys(), ...after.keys()])].sort();
  const past = asked.history === 0 ? [] : await historyOf(asked, volume, now);
  return {
    asked,
    now,
    compared,
    bridges: currencies.map((currency) => {
      const question = questionOf(asked, currency, before, after, whole);
      const bridge = bridgeCosts(question);
      const saving = asked.history === 0 ? {} : { saving: savingOf(currency, past, bridge) };
      return { bridge, read: readBridge(bridge), ...saving };
    }),
  };
}

/** Undefined where the volume is of the items or their units. */
function volumeOf({ volume, volumeWhere: texts, of }: BridgeAsked): UnitCostDenominator | undefined {
  const [kind = "", name] = volume.split(/:(.*)/s);
  if (volume === "units" || volume === "items") {
    if (texts.length > 0)
      throw new Problem("option-invalid", `--volume-where is of a volume of all items, not of ${volume}.`);
    if (volume === "items" && of === "charges")
      throw new Problem("option-invalid", "Charges have no volume of their own; calls have.", {
        hint: "Write --volume units, --volume outcome:resolved-ticket or --volume signal:requests_finished.",
      });
    return undefined;
  }
  if (kind === "outcome" && name !== undefined)
    return { of: "outcome", kind: name, where: texts.map(parseOutcomeFilter), texts };
  if (kind === "signal" && name !== undefined)
    return { of: "signal", signal: parseSignalName(name), where: texts.map(parseSignalFilter), texts };
  if (volume === "calls" || volume === "tokens")
    return { of: volume, where: texts.map(parseCallFilter), texts };
  throw new Problem("option-invalid", `--volume ${volume} is not known.`, {
    hint: "Write items, units, calls, tokens, outcome:<kind> or signal:<name>.",
  });
}

/** One number per period; undefined where nobody counted. */
async function volumesOf(
  { data, now }: BridgeAsked,
  of: UnitCostDenominator,
  windows: readonly Window[],
): Promise<(bigint | undefined)[]> {
  const volumes: (bigint | undefined)[] = [];
  for (const { start, end } of windows) {
    const time = { data, now, from: formatInstant(start), to: formatInstant(end) };
    volumes.push((await volumeAmounts(time, of))[0]?.volume);
  }
  return volumes;
}

function questionOf(
  { volume, method }: BridgeAsked,
  currency: string,
  before: PeriodItems,
  after: PeriodItems,
  whole: readonly (bigint | undefined)[] | undefined,
): BridgeQuestion {
  const [was, is] = [before.get(currency) ?? new Map(), after.get(currency) ?? new Map<string, ItemPeriod>()];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return {
    currency,
    method,
    items: names.map((key) => {
      const [one, other] = [was.get(key), is.get(key)];
      return {
        key,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
      };
    }),
    volume:
      whole === undefined
        ? { of: volume === "items" ? "items" : "units" }
        : { of: "whole", before: whole[0], after: whole[1] },
  };
}

interface Past {
  readonly items: PeriodItems;
  readonly volume: bigint | undefined;
}

/** The periods before, the last first, as far as the lake has anything of them. */
async function historyOf(
  asked: BridgeAsked,
  volume: UnitCostDenominator | undefined,
  now: Window,
): Promise<Past[]> {
  const past: Past[] = [];
  let window = now;
  for (let back = 0; back < asked.history; back++) {
    window = parseComparison("previous", window);
    const items = await bridgeItems(asked, window);
    if (items.size === 0) break;
    const [whole] = volume === undefined ? [] : await volumesOf(asked, volume, [window]);
    past.push({ items, volume: whole });
  }
  return past;
}

function savingOf(currency: string, past: readonly Past[], { volume, sum, unknown }: Bridge): Saving {
  const baseline = past.map(({ items, volume: whole }): UsePeriod => {
    const own = [...(items.get(currency)?.values() ?? [])];
    const costs = own.map(({ cost }) => cost);
    const units = own.map((item) => item.volume ?? item.units);
    return { cost: total(costs), volume: whole ?? total(units) };
  });
  const cost = unknown.length > 0 ? undefined : sum.after;
  return judgeSaving({ currency, baseline, reporting: { cost, volume: volume.after }, guardrails: [] });
}

/** Undefined where a part is. */
const total = (parts: readonly (bigint | undefined)[]): bigint | undefined =>
  parts.reduce<bigint | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0n,
  );
