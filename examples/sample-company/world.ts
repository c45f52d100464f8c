import { accounts } from "./accounts.ts";
import { TOTAL_HOURS } from "./clock.ts";
import { addResource, type Estate } from "./estate.ts";
import { addBatch } from "./estate-batch.ts";
import { addCalls, addTern } from "./estate-calls.ts";
import { addAzure, addGpuCloud } from "./estate-others.ts";
import { addPlatform } from "./estate-platform.ts";
import { addServing } from "./estate-serving.ts";
import { addStorage } from "./estate-storage.ts";
import type { Meter, Source } from "./model.ts";
import { hexId } from "./random.ts";
import { boughtPlan, type SavingsPlan } from "./savings-plan.ts";
import { type Special, specialCharges } from "./specials.ts";
import { simulateStates, type States } from "./states.ts";
import { tagEstate, type TagState } from "./tags.ts";

/** The company, whole: what it does each hour, what it owns, how that is tagged, what it committed to. Emitters only read it. */
export interface World {
  readonly seed: number;
  /** Emissions stop here; the world itself always knows all 13 weeks. */
  readonly hours: number;
  readonly states: States;
  readonly estate: Estate;
  readonly tags: ReadonlyMap<string, TagState>;
  readonly plans: Readonly<Partial<Record<Source, SavingsPlan>>>;
  readonly specials: readonly Special[];
}

/** @param days from 2026-06-01 on, 1 to 91 */
export function buildWorld(seed: number, days: number): World {
  const states = simulateStates(seed);
  const estate: Estate = { seed, resources: [], meters: [] };
  addServing(estate, states);
  addBatch(estate, states);
  addStorage(estate, states);
  addPlatform(estate, states);
  addAzure(estate, states);
  addGpuCloud(estate, states);
  addCalls(estate, states);
  addTern(estate);
  const specials = specialCharges(estate);
  const hours = Math.min(days * 24, TOTAL_HOURS);
  const tags = tagEstate(estate, (meter) => plannedCost(meter, hours));
  const plans = { aws: plan(estate, "aws"), "aws-cur": plan(estate, "aws-cur") };
  return { seed, hours, states, estate, tags, plans, specials };
}

function plan(estate: Estate, source: "aws" | "aws-cur"): SavingsPlan {
  const account = source === "aws" ? accounts.shared : accounts.tern;
  const hash = hexId(estate.seed, `plan/${source}`, 32);
  const id = `arn:aws:savingsplans::${account.id}:savingsplan/${hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")}`;
  const resource = addResource(estate, {
    id,
    name: `m6i family, 1 year, ${account.name}`,
    type: "savingsplan",
    workload: source === "aws" ? "fees" : "sandbox-voice",
    account,
    tagsWanted: false,
  });
  const eligible = estate.meters.filter((meter) => meter.resource.account.source === source);
  return boughtPlan(eligible, resource);
}

/** Roughly what a meter will cost, for choosing what is badly tagged; the bills are exact, this needn't be. */
function plannedCost(meter: Meter, hours: number): number {
  const step = meter.cadence === "hour" ? 1 : meter.cadence === "day" ? 24 : 730;
  const until = Math.min(meter.until, hours);
  const last = meter.sku.prices.at(-1);
  let micro = 0;
  for (let hour = meter.from; hour < until; hour += step) micro += meter.micro(hour);
  return (micro / 1e6) * (Number(last?.contracted ?? 0n) / 1e18);
}
