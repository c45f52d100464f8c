import { formatDecimal } from "#units/decimal.ts";
import { promotedTags } from "./charge-columns.ts";
import type { EventColumn, EventRow, EventSum, EventTable } from "./event-table.ts";
import type { Outcome } from "./outcome.ts";
import { promoter, resourceSpellings } from "./promoted-attributes.ts";

/** The columns of outcomes, in stored order; what charges and calls have too is called as theirs. */
export const outcomeColumns = {
  x_Source: { type: "text", what: "who delivered it", required: true },
  Id: { type: "text", what: "the outcome's id, unique within its source", required: true },
  Time: { type: "time", what: "when it was achieved", required: true },
  Kind: {
    type: "text",
    what: "conversation, resolved-ticket, active-user, conversion, completed-task or a name of one's own",
    required: true,
  },
  Count: { type: "money", what: "how many, exact", required: true },
  Success: { type: "flag", what: "whether it went well" },
  Value: { type: "money", what: "what it was worth, exact" },
  Currency: { type: "text", what: "of the value" },
  Attributes: { type: "tags", what: "labels, as delivered" },
  x_Team: { type: "text", what: "label team in any spelling" },
  x_Environment: { type: "text", what: "label environment in any spelling, or deployment.environment.name" },
  x_Workload: {
    type: "text",
    what: "label workload, application or service in any spelling, or service.name",
  },
  x_ModelId: { type: "text", what: "label model in any spelling" },
  x_Customer: { type: "text", what: "label customer or tenant in any spelling" },
  Series: { type: "text", what: "of a metric that was sent: the series that it is of, by a hash" },
  Until: { type: "time", what: "of a metric that was sent: when it was read" },
  Total: { type: "measure", what: "of a cumulative metric: its value then" },
} as const satisfies Record<string, EventColumn>;
export type OutcomeColumn = keyof typeof outcomeColumns;

/** What outcomes are grouped and filtered by, beside labels. */
export const outcomeDimensions = [
  "x_Source",
  "Kind",
  "Success",
  "Currency",
  "x_Team",
  "x_Environment",
  "x_Workload",
  "x_ModelId",
  "x_Customer",
] as const satisfies readonly OutcomeColumn[];
export type OutcomeDimension = (typeof outcomeDimensions)[number];

const sums = {
  Outcomes: { type: "count", sql: "count(*)" },
  Count: { type: "money", sql: `sum("Count")` },
  SuccessCount: { type: "money", sql: `sum(case when "Success" then "Count" end)` },
  FailureCount: { type: "money", sql: `sum(case when not "Success" then "Count" end)` },
  Value: { type: "money", sql: `sum("Value")` },
} as const satisfies Record<string, EventSum>;

/** What workloads achieved: what the lake keeps of it. */
export const outcomesTable: EventTable = {
  name: "outcomes",
  columns: outcomeColumns,
  key: ["x_Source", "Id"],
  time: "Time",
  rollup: { dimensions: outcomeDimensions, sums },
};

const { x_Team, x_ModelId, x_Customer } = promotedTags;
const promote = promoter({ x_Team, ...resourceSpellings, x_ModelId, x_Customer });

/** An outcome as a row of `outcomes`. */
export function outcomeRow(outcome: Outcome): EventRow {
  const row = {
    x_Source: outcome.source,
    Id: outcome.id,
    Time: outcome.time,
    Kind: outcome.kind,
    Count: formatDecimal(outcome.count),
    Success: outcome.success,
    Value: outcome.value === null ? null : formatDecimal(outcome.value),
    Currency: outcome.currency,
    Attributes: outcome.attributes,
    x_Team: null,
    x_Environment: null,
    x_Workload: null,
    x_ModelId: null,
    x_Customer: null,
    Series: null,
    Until: null,
    Total: null,
  };
  promote(row, outcome.attributes);
  return row;
}
