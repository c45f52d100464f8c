import { allocatedMethodDetails, allocatedMethodId } from "#analysis/splits/method-details.ts";
import { runningSplit } from "#analysis/splits/running-split.ts";
import type { DividedColumn } from "#facts/export-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Given } from "#flows/statements/given-by.ts";
import type { Dialect } from "#lake/dialect.ts";
import type { Appending, BenchValue, Workbench } from "#lake/engines/workbench.ts";
import { chargesToDivide, type ExportedCharges, type SplitCharges } from "#lake/queries/exported-charges.ts";
import { ONE } from "#units/decimal.ts";
import { allocateUnits } from "#units/money.ts";

/**
 * Divides every charge whose cost splits give away, and puts the parts into the engine's tables `parts` and `shares`, a row for each charge
 * and bearer. What a bearer gets of an origin's charges adds up to what its statement says, to the last unit.
 * @param divided columns that the export needs of what is divided
 */
export async function divideCharges(
  bench: Workbench,
  d: Dialect,
  exported: ExportedCharges & { readonly split: SplitCharges },
  given: readonly Given[],
  divided: readonly DividedColumn[],
): Promise<void> {
  const first = await makeShares(bench, exported.split.key, given);
  await bench.run(
    `create table parts (file_no ubigint, row_no ubigint, share integer${divided.map((name) => `, ${quoted(name)} decimal(38,18)`).join("")})`,
  );
  const parts = await bench.append("parts", [
    "row",
    "row",
    "integer",
    ...divided.map(() => "decimal" as const),
  ]);
  const divide = dividerOf(given, first, divided);
  for await (const columns of bench.stream(chargesToDivide(d, exported, divided))) {
    const rows = columns[0]?.length ?? 0;
    for (let row = 0; row < rows; row++)
      divide(
        parts,
        columns.map((column) => column[row] ?? null),
      );
  }
  parts.end();
}

/** What FOCUS wants to know of each bearer's part. @returns the number of each origin's first share */
async function makeShares(bench: Workbench, key: string, given: readonly Given[]): Promise<number[]> {
  const first: number[] = [];
  const shares: string[] = [];
  for (const { origin, currency, bearers, weights, ways, weighed } of given) {
    first.push(shares.length);
    const ratios = allocateUnits(ONE, weights);
    bearers.forEach((bearer, index) => {
      const way = ways[index] ?? [];
      const of = weighed[index] ?? (() => 0n);
      const details = allocatedMethodDetails({
        origin,
        currency,
        ratio: ratios[index] ?? 0n,
        way,
        weighed: of,
      });
      const texts = [bearer, allocatedMethodId(way), details, JSON.stringify({ [key]: bearer })];
      shares.push(`(${[String(shares.length), ...texts.map(literal)].join(", ")})`);
    });
  }
  await bench.run(
    "create table shares (share integer, bearer varchar, method varchar, details varchar, tags varchar)",
  );
  if (shares.length > 0) await bench.run(`insert into shares values ${shares.join(", ")}`);
  return first;
}

/** A function from a row of `chargesToDivide` to rows of `parts`. Running sums are of an origin, a currency, a column and its unit. */
function dividerOf(
  given: readonly Given[],
  first: readonly number[],
  divided: readonly DividedColumn[],
): (parts: Appending, row: readonly BenchValue[]) => void {
  const places = new Map(given.map(({ origin, currency }, index) => [placeOf(origin, currency), index]));
  const running = new Map<string, ReturnType<typeof runningSplit>>();
  const splitOf = (
    index: number,
    column: DividedColumn,
    unit: BenchValue,
  ): ReturnType<typeof runningSplit> => {
    const id = `${index} ${column} ${String(unit)}`;
    const known = running.get(id) ?? runningSplit(given[index]?.weights ?? []);
    running.set(id, known);
    return known;
  };
  return (parts, row) => {
    const [file = null, line = null, origin = null, currency = null] = row;
    const index = places.get(placeOf(origin, currency)) ?? 0;
    const values = divided.map((column, at) => {
      const value = row[4 + divided.length + at] ?? null;
      return typeof value === "bigint" ? splitOf(index, column, row[4 + at] ?? null)(value) : undefined;
    });
    given[index]?.bearers.forEach((_, bearer) => {
      const share = BigInt((first[index] ?? 0) + bearer);
      parts.row([file, line, share, ...values.map((each) => each?.[bearer] ?? null)]);
    });
  };
}

const placeOf = (origin: BenchValue, currency: BenchValue): string => `${String(currency)} ${String(origin)}`;
