import type { Duckdb } from "#lake/engines/duckdb.ts";
import { inPeriod, type PeriodTotals } from "./survey-delivery.ts";

/** A part of a billing period's charges that is written to a file of its own. */
export interface Slice {
  /** SQL condition over finished charges. */
  readonly where: string;
  readonly rows: number;
  /** True if the rows come so nearly in order of time that a file of them can be searched by time without sorting it. */
  readonly inOrder: boolean;
}

/** Rows of a file that is written as its rows come. */
const SLICE_ROWS = 500_000;
/** Rows that are sorted at once: a sort of more needs more memory than the process may take, whatever the engine is allowed. */
const SORTED_ROWS = 250_000;
const BLOCK_ROWS = 50_000;
/** Below so many rows a sort costs less than the look at their order. */
const ALWAYS_SORTED_ROWS = 100_000;

/** Delivered rows from one place to another, and their times: start of the first and of the last, and the time that each block spans, ms. */
interface Stretch {
  /** Blocks that it was joined of. */
  readonly blocks: number;
  readonly file: number;
  readonly from: number;
  readonly lastFile: number;
  readonly until: number;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly spans: number;
}

/**
 * Cuts a billing period into stretches of delivered rows, in order and without a gap. By rows and not by time, since a stretch of rows
 * is found in the staged file without looking at the others; a delivery in order of time gives files that hardly overlap.
 */
export async function rowSlices(db: Duckdb, charges: string, period: PeriodTotals): Promise<Slice[]> {
  const whole = inPeriod(period);
  if (period.rows <= ALWAYS_SORTED_ROWS) return [{ where: whole, rows: period.rows, inOrder: false }];
  const blocks = await db.run(
    `select x_File as file, (x_Row // ${BLOCK_ROWS})::bigint as block, count(*)::bigint as n,
       epoch_ms(min("ChargePeriodStart")) as first, epoch_ms(max("ChargePeriodStart")) as last
     from (${charges}) where ${whole} group by all order by all`,
  );
  const each = blocks.map((row): Stretch => {
    const [file, block, rows] = [Number(row["file"]), Number(row["block"]), Number(row["n"])];
    const [first, last] = [Number(row["first"]), Number(row["last"])];
    const [from, until] = [block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS];
    return { blocks: 1, file, from, lastFile: file, until, rows, first, last, spans: last - first };
  });
  const slices: Slice[] = [];
  let start = 0;
  for (const stretch of joinBlocks(each, SLICE_ROWS)) {
    const inOrder = isInOrder(stretch);
    const its = each.slice(start, (start += stretch.blocks));
    for (const part of inOrder ? [stretch] : joinBlocks(its, SORTED_ROWS))
      slices.push({ where: `${whole} and ${within(part)}`, rows: part.rows, inOrder });
  }
  return slices;
}

/** Small files are put together; a large one begins a stretch of its own, so that its rows are found by their numbers alone. */
function joinBlocks(blocks: readonly Stretch[], most: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const block of blocks) {
    const before = stretches.at(-1);
    const room = before?.lastFile === block.file ? most : most / 2;
    if (before !== undefined && before.rows + block.rows <= room)
      stretches[stretches.length - 1] = joined(before, block);
    else stretches.push(block);
  }
  return stretches;
}

const joined = (a: Stretch, b: Stretch): Stretch => ({
  ...a,
  blocks: a.blocks + b.blocks,
  lastFile: b.lastFile,
  until: b.until,
  rows: a.rows + b.rows,
  first: Math.min(a.first, b.first),
  last: Math.max(a.last, b.last),
  spans: a.spans + b.spans,
});

/**
 * Blocks of rows in order of time share out the time of the whole; in disorder each spans all of it. A few strays, such as a month's
 * fees at its end, do no harm: readers leave out whole blocks by their times, whether these are sorted inside or not.
 */
const isInOrder = ({ rows, first, last, spans }: Stretch): boolean =>
  rows > BLOCK_ROWS * 2 && spans <= 2.5 * (last - first);

const within = ({ file, from, lastFile, until }: Stretch): string =>
  file === lastFile
    ? `(x_File = ${file} and x_Row >= ${from} and x_Row < ${until})`
    : `(x_File between ${file} and ${lastFile} and (x_File > ${file} or x_Row >= ${from}) and (x_File < ${lastFile} or x_Row < ${until}))`;
