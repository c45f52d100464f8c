import type { EventTable } from "#facts/event-table.ts";

/**
 * What events cost by the layers of prices, as SQL. `relation` is one of events with their columns; it gets three more: `PricedCost` (DECIMAL
 * (38,18); null where nobody knows a price), `PricedCurrency`, and `Priced` (true where there is a price).
 */
export type PriceSql = (table: EventTable, relation: string) => string;

/** No price is known of any event. The seam for prices: whoever knows them passes an expression of its own to compaction. */
export const unpriced: PriceSql = (_, relation) =>
  `(select *, null::decimal(38,18) as "PricedCost", null::varchar as "PricedCurrency", false as "Priced" from ${relation})`;
