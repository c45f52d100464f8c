import type { LakePeriod } from "#lake/snapshot.ts";
import { Problem } from "#units/problems.ts";
import type { ImportRequest } from "./import-request.ts";

/** @throws Problem "period-closed" if a delivery would change a closed period, unless the person insists */
export function refuseClosed(
  { force, source }: ImportRequest,
  periods: readonly LakePeriod[],
  news: readonly { readonly billingPeriod: string }[],
): void {
  if (force) return;
  const closed = news.filter(({ billingPeriod }) =>
    periods.some((period) => period.closed && period.billingPeriod === billingPeriod),
  );
  if (closed.length === 0) return;
  const names = closed.map(({ billingPeriod }) => billingPeriod).join(", ");
  const would =
    closed.length === 1
      ? "is closed; this delivery would change it"
      : "are closed; this delivery would change them";
  throw new Problem("period-closed", `${source} ${names} ${would}.`);
}
