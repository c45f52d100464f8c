import type { BilledClass } from "#analysis/reconciliation/reconcile.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { ONE } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";

/** What was billed of a model's tokens on a day. */
export interface BilledDay {
  readonly provider: string;
  readonly model: string;
  readonly project: string | null | undefined;
  readonly currency: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly tokenClass: BilledClass | "credit";
  /** undefined where the bill states none. */
  readonly tokens: bigint | undefined;
  readonly cost: bigint;
}

/** Charges of invoices that are of a model's tokens, by day; a credit or refund of a model is told as one. */
export async function billedDays({ data, ...time }: TimeAsked, byProject: boolean): Promise<BilledDay[]> {
  const by = ["ServiceProviderName", "ModelId", "ChargeCategory", "TokenDirection", "TokenCacheAction"];
  const { question } = await exactQuestion(data, {
    ...time,
    by: byProject ? [...by, "SubAccountName"] : by,
    measures: ["EffectiveCost", "Tokens"],
    where: ["ModelId?", "TokenDirection?"],
    granularity: "day",
    spread: true,
  });
  const { rows } = await reportCost(data, { question });
  return rows.map(({ keys, currency, bucket = 0, sums: [cost = 0n, tokens = 0n], known }) => {
    const [provider, model, category, direction, action, project = null] = keys;
    return {
      provider: provider ?? "",
      model: model ?? "",
      project: byProject ? project : undefined,
      currency,
      day: formatInstant(bucket).slice(0, 10),
      tokenClass: category === "Usage" ? classOf(direction, action) : "credit",
      // The lake's tokens are at the 18th decimal; a part of one is none.
      tokens: known[1] === 0 && tokens === 0n ? undefined : tokens / ONE,
      cost,
    };
  });
}

/** What a service that sells models billed without a model or a class of tokens: it can't be held against calls. */
export interface NotCompared {
  readonly provider: string;
  readonly service: string;
  readonly currency: string;
  readonly charges: number;
  /** undefined where some of it is unknown. */
  readonly cost: bigint | undefined;
}

/** Charges of AI services that are of no model's tokens: plans and fees, or a bill that is not as fine. */
export async function notComparedCharges({ data, ...time }: TimeAsked): Promise<NotCompared[]> {
  const found: NotCompared[] = [];
  // Together these are all that `billedDays` leaves out.
  for (const where of [["!ModelId?"], ["ModelId?", "!TokenDirection?"]]) {
    const { question } = await exactQuestion(data, {
      ...time,
      by: ["ServiceProviderName", "ServiceName"],
      measures: ["EffectiveCost"],
      where: ["ServiceCategory=AI and Machine Learning", ...where],
      spread: true,
    });
    const { rows } = await reportCost(data, { question });
    for (const { keys, currency, charges, sums, known } of rows)
      found.push({
        provider: keys[0] ?? "",
        service: keys[1] ?? "",
        currency,
        charges,
        cost: (known[0] ?? 0) < charges ? undefined : sums[0],
      });
  }
  return found;
}

const classOf = (direction: string | null | undefined, action: string | null | undefined): BilledClass =>
  direction === "Output" ? "output" : action === "Read" ? "cached" : "input";
