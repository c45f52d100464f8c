import type { Kpi } from "#analysis/bridge/compare-kpis.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { answerOutcomes } from "#flows/outcomes/answer-outcomes.ts";
import { divideRounded, ONE } from "#units/decimal.ts";
import { grouped } from "#units/grouped.ts";
import { costPer, type KpiKey, type KpisByKey, quantity, WHOLE_COST } from "./kpi-row.ts";

/** What was achieved, of each kind, how it went, and what one that went well cost. @param spent what each key cost */
export async function outcomeKpis(
  asked: TimeAsked,
  by: KpiKey,
  spent: (key: string | null) => readonly Kpi[],
): Promise<KpisByKey> {
  const { groups } = await answerOutcomes({ ...asked, by: [by], where: [] });
  const named = grouped(groups, ({ keys }) => keys[0] ?? "");
  return new Map(
    [...named].map(([name, own]) => {
      const key = name === "" ? null : name;
      return [
        key,
        own.flatMap(({ kind, count, succeeded, failed }) => {
          const known = succeeded + failed;
          // Where nobody says of some how they went, all of them count.
          const volume = known < count ? count : succeeded;
          return [
            quantity(kind, "outcomes", count, "higher"),
            ...(known === 0n
              ? []
              : [
                  quantity(
                    `${kind} that went well`,
                    "ratio",
                    known < count ? undefined : divideRounded(succeeded * ONE, known, "half-even"),
                    "higher",
                  ),
                ]),
            ...spent(key).flatMap(({ id, unit, value }) =>
              unit.of === "cost" && id === WHOLE_COST
                ? [
                    costPer(
                      `${id} per ${kind}`,
                      { currency: unit.currency, per: 1n, what: kind },
                      value,
                      volume,
                    ),
                  ]
                : [],
            ),
          ];
        }),
      ];
    }),
  );
}
