import { quoted, type SourceMapping } from "#facts/source-mapping.ts";
import type { Duckdb, Row } from "#lake/engines/duckdb.ts";
import type { Finding } from "#lake/import-record.ts";
import { textUnits } from "#lake/parse-sql.ts";
import { type Group, plainColumn, spellingsOf } from "./delivery-sql.ts";
import { lineOfRecord } from "./line-of-record.ts";
import { place } from "./offences.ts";

/** Rows in which two spellings of one amount say different things; the first spelling is the one that is booked. */
export interface DisputedAmounts {
  /** The spelling that is not booked, with the first of the rows and what it says there. */
  readonly finding: Finding;
  /** The same for the person who imports. */
  readonly note: string;
}

/** Two spellings of an amount that are both delivered. */
interface Pair {
  readonly booked: string;
  readonly other: string;
}

const pairs = (mapping: SourceMapping): Pair[] =>
  mapping.amounts.flatMap((booked) =>
    spellingsOf(mapping, booked)
      .slice(1)
      .map((other) => ({ booked, other })),
  );

// An empty cell disputes nothing: a comparison with its null is not true.
const differs = ({ booked, other }: Pair): string =>
  `${textUnits(plainColumn(booked))} <> ${textUnits(plainColumn(other))}`;

/** Columns of an aggregation over the plain texts that count the rows of each dispute and find the first. */
export const disputeSums = ({ mapping }: Group): string[] =>
  pairs(mapping).flatMap((pair, index) => [
    `count_if(${differs(pair)}) as d${index}`,
    `min(${place}) filter (where ${differs(pair)}) as p${index}`,
  ]);

/**
 * The disputes of a group.
 * @param relation that was aggregated
 * @param sums of an aggregation with `disputeSums`
 */
export async function disputedAmounts(
  db: Duckdb,
  group: Group,
  relation: string,
  sums: Row,
): Promise<DisputedAmounts[]> {
  const disputed: DisputedAmounts[] = [];
  for (const [index, pair] of pairs(group.mapping).entries()) {
    const count = Number(sums[`d${index}`] ?? 0);
    if (count === 0) continue;
    disputed.push(await describe(db, group, relation, pair, count, Number(sums[`p${index}`])));
  }
  return disputed;
}

async function describe(
  db: Duckdb,
  group: Group,
  relation: string,
  { booked, other }: Pair,
  count: number,
  first: number,
): Promise<DisputedAmounts> {
  const [number, record] = [Math.floor(first / 1e12), first % 1e12];
  const cells = [booked, other].map((name, index) => `${quoted(name)} as v${index}`);
  const [row] = await db.run(
    `select ${cells.join(", ")} from (${relation}) where x_File = ${number} and x_Row = ${record} limit 1`,
  );
  const [kept, ignored] = [String(row?.["v0"]), String(row?.["v1"])];
  const input = group.files.find((staged) => staged.input.number === number)?.input;
  const line = input === undefined ? undefined : await lineOfRecord(input.path, input.layout, record);
  const where = `${input?.name ?? ""}, ${line === undefined ? `row ${record}` : `line ${line}`}`;
  return {
    finding: {
      ruleId: `x_OneAmount-${booked}`,
      column: other,
      keyword: "MUST",
      requirement: `${other} MUST equal ${booked} where both are filled: they are two names of one amount, of which ${booked} is booked.`,
      count,
      file: input?.name ?? null,
      firstRow: record,
      firstValue: ignored.slice(0, 200),
    },
    note: `${booked} and ${other} are two names of one amount and differ in ${count} ${count === 1 ? "row" : "rows"}, first in ${where}: ${booked} ${kept} is booked, ${other} ${ignored} is not.`,
  };
}
