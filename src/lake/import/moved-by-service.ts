import { decimal, formatDecimal } from "#units/decimal.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";

/** A service whose BilledCost is not what it was. */
export interface ServiceMove {
  readonly serviceName: string;
  readonly currency: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

/** The ten services whose BilledCost moved most between two versions of a period. */
export async function movedByService(db: Duckdb, before: string, after: string): Promise<ServiceMove[]> {
  const side = (relation: string): string =>
    `select coalesce("ServiceName", '') as service, "BillingCurrency" as currency, sum("BilledCost") as cost from ${relation} group by all`;
  const rows = await db.run(`
    select coalesce(a.service, b.service) as service, coalesce(a.currency, b.currency) as currency,
      coalesce(b.cost, 0)::varchar as before, coalesce(a.cost, 0)::varchar as after
    from (${side(before)}) b full join (${side(after)}) a using (service, currency)
    where coalesce(a.cost, 0) <> coalesce(b.cost, 0)
    order by abs(coalesce(a.cost, 0) - coalesce(b.cost, 0)) desc, 1, 2 limit 10`);
  return rows.map((row) => {
    const [old, now] = [decimal(String(row["before"])), decimal(String(row["after"]))];
    return {
      serviceName: String(row["service"]),
      currency: String(row["currency"]),
      before: formatDecimal(old),
      after: formatDecimal(now),
      difference: formatDecimal(now - old),
    };
  });
}
