import { quoted } from "#facts/source-mapping.ts";

/** Columns that a format can't be without, each with its other names. */
export type Needed = readonly (readonly [string, ...string[]])[];

const lowerCase = (name: string): string => name.toLowerCase();

/** The needed columns that are not delivered, by their first names. */
export function missingNames(
  needed: Needed,
  delivered: readonly string[],
  spelling: (name: string) => string = lowerCase,
): string[] {
  const present = new Set(delivered.map(spelling));
  return needed.filter((names) => !names.some((name) => present.has(spelling(name)))).map(([name]) => name);
}

/** The columns of one delivery, found by name whatever their spelling; remembers what a mapping used. */
export interface SourceColumns {
  /** The delivered name of the first of these columns that is there; the others of them fill its empty cells. */
  readonly find: (...names: string[]) => string | undefined;
  /** SQL of a text column; a null if it is not delivered. */
  readonly text: (...names: string[]) => string;
  /** SQL of an amount, a null if it is not delivered; the column is then read as an exact decimal. */
  readonly amount: (...names: string[]) => string;
  /** The columns asked for as amounts so far. */
  readonly amounts: () => string[];
  /** What was found to the others that were asked for with it and are there too. */
  readonly spellings: () => Record<string, string[]>;
  /** The delivered columns that nobody asked for. */
  readonly rest: () => string[];
}

/**
 * @param spelling what two names must share to be the same column, such as their lower case
 */
export function sourceColumns(
  delivered: readonly string[],
  spelling: (name: string) => string = lowerCase,
): SourceColumns {
  const byName = new Map([...delivered].reverse().map((name) => [spelling(name), name]));
  const used = new Set<string>();
  const amounts = new Set<string>();
  const spellings = new Map<string, string[]>();
  const find = (...names: string[]): string | undefined => {
    const [found, ...others] = new Set(names.flatMap((name) => byName.get(spelling(name)) ?? []));
    if (found !== undefined) used.add(found);
    if (found !== undefined && others.length > 0) spellings.set(found, others);
    return found;
  };
  return {
    find,
    text: (...names) => {
      const found = find(...names);
      return found === undefined ? "null::varchar" : quoted(found);
    },
    amount: (...names) => {
      const found = find(...names);
      if (found === undefined) return "null::decimal(38,18)";
      amounts.add(found);
      return quoted(found);
    },
    amounts: () => [...amounts],
    spellings: () => Object.fromEntries(spellings),
    rest: () => delivered.filter((name) => !used.has(name)),
  };
}
