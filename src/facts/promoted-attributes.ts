import { promotedTags } from "./charge-columns.ts";
import type { EventRow } from "./event-table.ts";

const { x_Environment, x_Workload } = promotedTags;
/** Spellings of what OpenTelemetry's resources tell too: theirs come after the tags that people set. */
export const resourceSpellings = {
  x_Environment: [...x_Environment, "deploymentenvironmentname", "deploymentenvironment"],
  x_Workload: [...x_Workload, "servicename"],
} as const;

/** Puts attributes into the columns that they are spellings of; of several of one column the first in the list of spellings counts. */
export type Promote<C extends string> = (
  row: Record<C, EventRow[string]>,
  attributes: Readonly<Record<string, string>>,
) => void;

interface Promoted<C> {
  readonly column: C;
  readonly rank: number;
}

/** So many different keys are remembered: the same few come with every event. */
const MOST_SEEN = 10_000;

/** @param spellings of each column, once case and signs are gone */
export function promoter<C extends string>(spellings: Readonly<Record<C, readonly string[]>>): Promote<C> {
  const all = (Object.entries(spellings) as [C, readonly string[]][]).flatMap(([column, names]) =>
    names.map((name) => [column, name] as const),
  );
  const known = new Map(
    all.map(([column, spelling], rank): [string, Promoted<C>] => [spelling, { column, rank }]),
  );
  const seen = new Map<string, Promoted<C> | undefined>();
  const columnOf = (key: string): Promoted<C> | undefined => {
    // The longest spelling has 25 letters; no need to look at what can't be one.
    if (key.length > 60) return undefined;
    const found = seen.get(key);
    if (found !== undefined || seen.has(key)) return found;
    const looked = known.get(key.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
    if (seen.size < MOST_SEEN) seen.set(key, looked);
    return looked;
  };
  return (row, attributes) => {
    const ranks = new Map<string, number>();
    for (const key of Object.keys(attributes)) {
      const found = columnOf(key);
      const value = attributes[key]?.trim() ?? "";
      if (found === undefined || value === "" || (ranks.get(found.column) ?? Infinity) <= found.rank)
        continue;
      ranks.set(found.column, found.rank);
      row[found.column] = value;
    }
  };
}
