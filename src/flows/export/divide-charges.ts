import path from "node:path";
import { allocatedMethodDetails, allocatedMethodId } from "#analysis/splits/method-details.ts";
import { runningSplit } from "#analysis/splits/running-split.ts";
import { type ChargeColumn, type DividedColumn, dividedColumnNames } from "#facts/charge-columns.ts";
import { literal, quoted } from "#facts/source-mapping.ts";
import type { Given } from "#flows/statements/given-by.ts";
import type { Appending, BenchValue, Workbench } from "#lake/engines/workbench.ts";
import { copyText, PARQUET } from "#lake/export/write-export.ts";
import type { OpenLake } from "#lake/open-lake.ts";
import {
  chargesToDivide,
  type ExportedCharges,
  partColumns,
  partsSql,
  type SplitCharges,
} from "#lake/queries/exported-charges.ts";
import { ONE } from "#units/decimal.ts";
import { allocateUnits } from "#units/money.ts";

/**
 * Parts that are kept in the engine's memory before they are written to a file: fewer than the charges of a large file, for an engine that joins
 * the two keeps the smaller side, and charges are wide.
 */
const SLICE = 200_000;

/**
 * Divides every charge whose cost splits give away and writes the parts, a row for each charge and bearer, to files of a folder, slice by slice. What a
 * bearer gets of an origin's charges adds up to what its statement says, to the last unit.
 * @param needed columns of the export
 * @param folder that the engine may write to
 * @returns the files
 */
export async function divideCharges(
  lake: OpenLake<Workbench>,
  exported: ExportedCharges & { readonly split: Omit<SplitCharges, "parts"> },
  given: readonly Given[],
  needed: readonly ChargeColumn[],
  folder: string,
): Promise<string[]> {
  const { engine, dialect } = lake;
  const columns = partColumns(exported, needed);
  const divided = dividedColumnNames.filter((name) => columns.includes(name));
  const first = await makeShares(engine, exported.split.key, given);
  const divide = dividerOf(given, first, divided);
  const charges = lake.files("charges");
  const written: string[] = [];
  let slice: Slice | undefined;
  const writeSlice = async (): Promise<void> => {
    if (slice === undefined) return;
    slice.parts.end();
    const file = path.join(folder, `parts-${String(written.length).padStart(6, "0")}.parquet`);
    const select = partsSql(dialect, exported, columns, charges[slice.file] ?? "");
    await engine.run(copyText(select, file, PARQUET));
    written.push(file);
    slice = undefined;
  };
  for await (const rows of engine.stream(chargesToDivide(dialect, exported, divided))) {
    for (let row = 0; row < (rows[0]?.length ?? 0); row++) {
      const [file = null, ...charge] = rows.map((column) => column[row] ?? null);
      if (slice !== undefined && (slice.file !== Number(file) || slice.count >= SLICE)) await writeSlice();
      slice ??= { file: Number(file), count: 0, parts: await newParts(engine, divided) };
      slice.count += divide(slice.parts, charge);
    }
  }
  await writeSlice();
  return written;
}

/** Parts of charges of one file of the lake. */
interface Slice {
  readonly file: number;
  readonly parts: Appending;
  count: number;
}

async function newParts(engine: Workbench, divided: readonly DividedColumn[]): Promise<Appending> {
  const columns = divided.map((name) => `, ${quoted(name)} decimal(38,18)`).join("");
  await engine.run(`create or replace table parts (row_no ubigint, share integer${columns})`);
  return engine.append("parts", ["row", "integer", ...divided.map(() => "decimal" as const)]);
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
      const tags = JSON.stringify({ [key]: bearer });
      const texts = [origin, currency, bearer, allocatedMethodId(way), details, tags];
      shares.push(`(${[String(shares.length), ...texts.map(literal)].join(", ")})`);
    });
  }
  await bench.run(
    "create table shares (share integer, origin varchar, currency varchar, bearer varchar, method varchar, details varchar, tags varchar)",
  );
  if (shares.length > 0) await bench.run(`insert into shares values ${shares.join(", ")}`);
  return first;
}

/** A function from a row of `chargesToDivide`, but for its file, to rows of `parts`, which it counts. Running sums are of an origin, a currency, a column and its unit. */
function dividerOf(
  given: readonly Given[],
  first: readonly number[],
  divided: readonly DividedColumn[],
): (parts: Appending, charge: readonly BenchValue[]) => number {
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
  return (parts, charge) => {
    const [row = null, origin = null, currency = null] = charge;
    const index = places.get(placeOf(origin, currency)) ?? 0;
    const values = divided.map((column, at) => {
      const value = charge[3 + divided.length + at] ?? null;
      return typeof value === "bigint" ? splitOf(index, column, charge[3 + at] ?? null)(value) : undefined;
    });
    const bearers = given[index]?.bearers ?? [];
    bearers.forEach((_, bearer) => {
      const share = BigInt((first[index] ?? 0) + bearer);
      parts.row([row, share, ...values.map((each) => each?.[bearer] ?? null)]);
    });
    return bearers.length;
  };
}

const placeOf = (origin: BenchValue, currency: BenchValue): string => `${String(currency)} ${String(origin)}`;
