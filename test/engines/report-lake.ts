import { filled, type FixtureRow, focusCsv } from "./focus-csv.ts";
import { july, model } from "./report-rows-parts.ts";
import { machineRows } from "./report-rows-machines.ts";
import { otherRows } from "./report-rows-others.ts";

/**
 * Two months of a small company, June and July 2026, with one charge for every point a named report makes. Amounts are small whole
 * numbers, so that every expected sum can be added up by hand.
 */
const reportRows: readonly FixtureRow[] = [...machineRows, ...otherRows];

/** The rows with every cell written out, as they are delivered. */
export const filledReportRows = reportRows.map(filled);

export const reportLake = [
  { source: "bills", csv: focusCsv(reportRows) },
  {
    source: "gateway",
    role: "estimate",
    csv: focusCsv([
      { ...model, ...july, BilledCost: "999", ConsumedQuantity: "9", SkuPriceDetails: `{"ModelId":"opus"}` },
    ]),
  },
] as const;
