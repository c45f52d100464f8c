import * as fc from "fast-check";
import { type Attribution, ruleStrengths } from "#facts/attribution.ts";
import { parseFilter } from "#facts/cost-question.ts";
import { csv } from "../imports/csv.ts";
import type { Row } from "./by-hand.ts";

const teams = ["assistant", "Assistant", "assitant", "SEARCH team", "search_team", "true", " ", "Ärzte"];
/** A bill with good, misspelt, foreign and missing tags. */
export const rows: readonly Row[] = Array.from({ length: 180 }, (_, index) => ({
  cost: `${index % 7}.${String(index * 104_729).padStart(9, "0")}`,
  service: ["Compute", "Object Storage", "it's"][index % 3] ?? "",
  account: [undefined, "prod-1", "rnd"][(index >> 1) % 3],
  start: `2026-0${index % 2 === 0 ? 6 : 7}-${String((index % 28) + 1).padStart(2, "0")}T05:00:00Z`,
  tags: {
    ...(index % 4 === 0 ? {} : { team: teams[index % teams.length] ?? "" }),
    ...(index % 5 < 2 ? {} : { environment: ["prod", "Production", "dev"][index % 3] ?? "" }),
    ...(index % 11 === 0 ? { note: `n${index % 3}` } : {}),
  },
}));
/** The month of a time. */
export const month = (start: string): string => start.slice(0, 7);
/** Rows as a FOCUS CSV. */
export const bill = (some: readonly Row[]): string =>
  csv(
    some.map(({ cost, service, account, start, tags }) => ({
      BilledCost: cost,
      EffectiveCost: cost,
      BillingCurrency: "USD",
      BillingPeriodStart: `${month(start)}-01T00:00:00Z`,
      BillingPeriodEnd: month(start) === "2026-06" ? "2026-07-01T00:00:00Z" : "2026-08-01T00:00:00Z",
      ChargePeriodStart: start,
      ChargePeriodEnd: start.replace("T05", "T06"),
      ChargeCategory: "Usage",
      ServiceName: service,
      SubAccountName: account ?? "",
      Tags: JSON.stringify(tags),
    })),
  );

const filter = fc
  .constantFrom(
    "ServiceName=Compute",
    "ServiceName=it's|Compute",
    "ServiceName!=Compute",
    "ServiceName~storage",
    "ServiceName=~^(Object|it's)",
    "SubAccountName=~-[0-9]$",
    "SubAccountName?",
    "!SubAccountName?",
    "Team=assitant",
    "!Team?",
    "tag:note=n1",
    "Environment~prod",
  )
  .map(parseFilter);
const time = fc.option(
  fc.integer({ min: 0, max: 61 }).map((day) => Date.UTC(2026, 5, 1 + day)),
  { nil: undefined },
);
const rule = fc
  .record({
    strength: fc.constantFrom(...ruleStrengths),
    when: fc.array(filter, { minLength: 1, maxLength: 3 }),
    set: fc.record(
      { team: fc.constantFrom("search", "O'Hara"), environment: fc.constantFrom("prod", "lab") },
      { requiredKeys: [] },
    ),
    from: time,
    until: time,
  })
  .map(({ from, until, ...each }) => ({
    ...each,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }));
/** Any tag schema and up to six rules. */
export const attribution: fc.Arbitrary<Attribution> = fc
  .record({
    schema: fc.record(
      {
        team: fc.record(
          {
            values: fc.constant(["assistant", "search-team"]),
            aliases: fc.constantFrom({}, { assitant: "assistant", true: "search-team" }),
          },
          { requiredKeys: ["aliases"] },
        ),
        environment: fc.constant({ aliases: { production: "prod" } }),
      },
      { requiredKeys: [] },
    ),
    rules: fc.array(rule, { maxLength: 6 }),
    production: fc.constantFrom([], ["prod"]),
  })
  .map(({ rules, ...each }) => ({
    ...each,
    rules: rules.map((one, index) => ({ ...one, id: `r${index}` })),
  }));
