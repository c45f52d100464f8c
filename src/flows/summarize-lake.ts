import type { CostRow } from "#facts/cost-row.ts";
import { parseDimension, parseFilter, type CostQuestion } from "#facts/cost-question.ts";
import { readLake } from "#lake/snapshot.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { reportCost } from "./report/report-cost.ts";

/** What a lake holds, at a glance. Costs are EffectiveCost of invoices, currencies apart. */
export interface LakeSummary {
  readonly charges: number;
  readonly sources: readonly string[];
  /** From the first to the last charge. */
  readonly covers: Window;
  readonly totals: readonly CostRow[];
  readonly byProvider: readonly CostRow[];
  /** The five that cost most, per currency. */
  readonly topTeams: readonly CostRow[];
  readonly topServices: readonly CostRow[];
  /** Charges that name no team, per currency. */
  readonly unowned: readonly CostRow[];
}

/** @throws Problem "lake-empty" */
export async function summarizeLake(data: string): Promise<LakeSummary> {
  const { periods } = await readLake(data);
  const invoices = periods.filter(({ role }) => role === "invoice");
  if (invoices.length === 0)
    throw new Problem("lake-empty", `There are no invoices in ${data} yet.`, { at: { file: data } });
  const covers = {
    start: Math.min(...invoices.map(({ charges }) => charges.start)),
    end: Math.max(...invoices.map(({ charges }) => charges.end)),
  };
  const question: CostQuestion = {
    measures: ["EffectiveCost"],
    by: [],
    where: [],
    // Whole days, so that the smallest table answers.
    window: { start: floorDay(covers.start), end: floorDay(covers.end - 1) + DAY },
    time: "charge",
    spread: false,
    role: "invoice",
  };
  const ask = async (more: Partial<CostQuestion>): Promise<readonly CostRow[]> =>
    (await reportCost(data, { question: { ...question, ...more } })).rows;
  return {
    charges: invoices.reduce((sum, { rows }) => sum + rows, 0),
    sources: [...new Set(invoices.map(({ source }) => source))],
    covers,
    totals: await ask({}),
    byProvider: await ask({ by: [parseDimension("ServiceProviderName")] }),
    topTeams: await ask({ by: [parseDimension("x_Team")], where: [parseFilter("x_Team?")], top: 5 }),
    topServices: await ask({ by: [parseDimension("ServiceName")], top: 5 }),
    unowned: await ask({ where: [parseFilter("!x_Team?")] }),
  };
}

const DAY = 86_400_000;
const floorDay = (time: number): number => Math.floor(time / DAY) * DAY;
