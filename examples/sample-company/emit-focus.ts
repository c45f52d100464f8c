import type { Books } from "./books.ts";
import { charges, periodsOf } from "./charges.ts";
import type { BillingPeriod } from "./clock.ts";
import { isoTime } from "./clock.ts";
import { azureColumns, focus12Columns, gpuCloudColumns } from "./columns.ts";
import { writeFocus } from "./focus-file.ts";
import type { Charge, Source } from "./model.ts";
import { chance, hexId } from "./random.ts";
import { story } from "./story.ts";
import type { World } from "./world.ts";
import { createLineFile, writeText } from "./write-lines.ts";

/** What every emitter is given; it adds the names of its files. */
export interface Emission {
  readonly out: string;
  readonly world: World;
  readonly copies: number;
  readonly onRows: (rows: number) => void;
  readonly files: string[];
}

/** Writes one CSV of FOCUS rows with its header. */
async function focusCsv(
  emission: Emission,
  name: string,
  columns: readonly string[],
  lines: Iterable<Charge>,
  books: Books,
): Promise<{ rows: number; bytes: number }> {
  const { out, world, copies, onRows, files } = emission;
  const file = createLineFile(out, name);
  file.add(`${columns.join(",")}\n`);
  const rows = await writeFocus(file, world, columns, lines, { books, copies, onRows });
  files.push(name);
  return { rows, bytes: await file.close() };
}

/**
 * AWS Data Exports, FOCUS 1.2.
 * @param folder above the export's own folder
 * @param late true if everything has arrived; false leaves out what is late in the last days
 */
export async function emitAws(
  emission: Emission,
  folder: string,
  periods: readonly BillingPeriod[],
  late: boolean,
): Promise<Books> {
  const books: Books = new Map();
  for (const period of periods) {
    const name = "plimsoll-focus";
    const partition = `BILLING_PERIOD=${period.month}`;
    const data = `${name}/data/${partition}/${name}-00001.csv.gz`;
    const all = charges(emission.world, "aws", period, new Map());
    const lines = late ? all : arrived(emission.world.seed, all);
    await focusCsv(emission, `${folder}/${data}`, focus12Columns, lines, books);
    const manifest = {
      exportName: name,
      exportArn: `arn:aws:bcm-data-exports:us-east-1:100000000001:export/${name}-${hexId(0, name, 12)}`,
      billingPeriod: { start: isoTime(period.start), end: isoTime(period.until) },
      account: "100000000001",
      columns: focus12Columns.map((column) => ({ name: column, type: awsType(column) })),
      compression: "GZIP",
      contentType: "text/csv",
      tableConfigurations: { FOCUS_1_2_AWS: {} },
      dataFiles: [`s3://halyard-billing/exports/${data}`],
    };
    const file = `${folder}/${name}/metadata/${partition}/${name}-Manifest.json`;
    await writeText(emission.out, file, `${JSON.stringify(manifest, null, 2)}\n`);
    emission.files.push(file);
  }
  return books;
}

/** The rows that had arrived at the first delivery: of 08-27 about 70 %, of each later day less. */
function* arrived(seed: number, lines: Iterable<Charge>): Generator<Charge> {
  const of = chance(seed, "late");
  let index = 0;
  for (const charge of lines) {
    const daysLate = Math.floor((charge.start - story.lateFrom) / 24);
    const share = daysLate < 0 || charge.shape.commitment !== undefined ? 1 : 0.7 - 0.15 * daysLate;
    if (of(index++) < share) yield charge;
  }
}

function awsType(column: string): string {
  if (/Cost$|Price$|Quantity$/.test(column)) return "double";
  if (/Period(Start|End)$/.test(column)) return "timestamp_milliseconds";
  return column === "Tags" || column === "SkuPriceDetails" ? "map<string,string>" : "string";
}

/** Azure Cost Management export, FOCUS 1.2, daily, billed in euros. */
export async function emitAzure(emission: Emission): Promise<Books> {
  const books: Books = new Map();
  for (const period of periodsOf(emission.world)) {
    const hash = hexId(emission.world.seed, `run/${period.month}`, 32);
    const run = hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    const [first, last] = [period.start, period.until - 24].map((hour) => isoTime(hour).slice(0, 10));
    const folder = `azure/focus-cost/${first?.replaceAll("-", "")}-${last?.replaceAll("-", "")}/${run}`;
    const lines = charges(emission.world, "azure", period, new Map());
    const { rows, bytes } = await focusCsv(emission, `${folder}/part_0_0001.csv`, azureColumns, lines, books);
    const manifest = {
      manifestVersion: "2024-04-01",
      byteCount: bytes,
      blobCount: 1,
      dataRowCount: rows,
      exportConfig: {
        exportName: "focus-cost",
        type: "FocusCost",
        dataVersion: "1.2-preview",
        timeFrame: "TheLastMonth",
      },
      deliveryConfig: {
        partitionData: true,
        dataOverwriteBehavior: "OverwritePreviousReport",
        fileFormat: "Csv",
      },
      runInfo: {
        executionType: "Scheduled",
        submittedTime: isoTime(period.until + 125),
        runId: run,
        startDate: isoTime(period.start),
        endDate: isoTime(period.until - 24),
      },
      blobs: [
        {
          blobName: `exports/${folder.slice("azure/".length)}/part_0_0001.csv`,
          byteCount: bytes,
          dataRowCount: rows,
        },
      ],
    };
    await writeText(emission.out, `${folder}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
    emission.files.push(`${folder}/manifest.json`);
  }
  return books;
}

/** The GPU cloud writes FOCUS 1.3 by hand: few columns, one CSV a month. */
export async function emitGpuCloud(
  emission: Emission,
  folder: string,
  periods: readonly BillingPeriod[],
): Promise<Books> {
  const books: Books = new Map();
  for (const period of periods) {
    const lines = charges(emission.world, "gpucloud", period, new Map());
    await focusCsv(emission, `${folder}/usage-${period.month}.csv`, gpuCloudColumns, lines, books);
  }
  return books;
}

/** All FOCUS bills as one FOCUS 1.2 file: for benchmarks. */
export async function emitSingleCsv(emission: Emission): Promise<Map<Source, Books>> {
  const bySource = new Map<Source, Books>();
  const file = createLineFile(emission.out, "focus.csv");
  file.add(`${focus12Columns.join(",")}\n`);
  const { world, copies, onRows } = emission;
  for (const source of ["aws", "azure", "gpucloud"] as const) {
    const books: Books = new Map();
    bySource.set(source, books);
    for (const period of periodsOf(world)) {
      const lines = charges(world, source, period, new Map());
      await writeFocus(file, world, focus12Columns, lines, { books, copies, onRows });
    }
  }
  await file.close();
  emission.files.push("focus.csv");
  return bySource;
}
