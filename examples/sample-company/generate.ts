import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { Problem } from "#units/problems.ts";
import { changesFile } from "./changes.ts";
import { charges, periodsOf } from "./charges.ts";
import { billingPeriods, TOTAL_DAYS } from "./clock.ts";
import { type Delivery, deliveriesFile } from "./deliveries.ts";
import { emitAnthropic, emitOpenai } from "./emit-calls.ts";
import { emitActivity } from "./emit-activity.ts";
import { emitCur } from "./emit-cur.ts";
import { emitKubernetes } from "./emit-kubernetes.ts";
import { emitTerraform } from "./emit-terraform.ts";
import { emitAws, emitAzure, type Emission, emitGpuCloud, emitSingleCsv } from "./emit-focus.ts";
import type { Source } from "./model.ts";
import { story } from "./story.ts";
import { rulesFile } from "./rules-file.ts";
import { truthFile } from "./truth.ts";
import { buildWorld, type World } from "./world.ts";
import { writeText } from "./write-lines.ts";

export interface GenerateOptions {
  /** Folder to write to; made if it isn't there. */
  readonly out: string;
  /** 7 by default. The same seed and options give the same bytes. */
  readonly seed?: number;
  /** About how many charge lines: resources are repeated, time is not. */
  readonly rows?: number;
  /** Days from 2026-06-01 on, 1 to 91; 91 by default. */
  readonly days?: number;
  /** True to write what workloads did, too: calls, signals, outcomes and an allocation. */
  readonly activity?: boolean;
  /** True for one FOCUS 1.2 file, `focus.csv`, instead of a delivery per provider. */
  readonly singleCsv?: boolean;
  /** Called now and then with the number of lines written so far. */
  readonly onProgress?: (rows: number) => void;
}

export const DEFAULT_SEED = 7;

/**
 * Writes 13 weeks of the sample company's bills, what its clusters and Terraform hold at the end, and the truth about them.
 * @throws Problem "option-invalid" for days outside 1 to 91, or rows that are not a whole number above zero
 */
export async function generate(
  options: GenerateOptions,
): Promise<{ rows: number; files: string[]; truthPath: string }> {
  const { out, seed = DEFAULT_SEED, days = TOTAL_DAYS, singleCsv = false, onProgress } = options;
  check("days", days, TOTAL_DAYS);
  const world = buildWorld(seed, days);
  const copies = options.rows === undefined ? 1 : copiesFor(world, options.rows);
  let rows = 0;
  const onRows = (more: number): void => {
    rows += more;
    onProgress?.(rows);
  };
  await mkdir(out, { recursive: true });
  const emission: Emission = { out, world, copies, onRows, files: [] };
  const deliveries = singleCsv ? await emitOne(emission) : await emitAll(emission);
  const add = async (name: string, value: unknown): Promise<void> => {
    await writeText(out, name, `${JSON.stringify(value, null, 2)}\n`);
    emission.files.push(name);
  };
  await emitKubernetes(emission);
  await emitTerraform(emission);
  await add("deliveries.json", deliveriesFile(deliveries));
  await add("changes.json", changesFile(world.hours));
  await add("plimsoll.yaml", rulesFile);
  await writeText(out, "plimsoll.yaml", rulesFile);
  emission.files.push("plimsoll.yaml");
  const activity = options.activity === true ? await emitActivity(emission) : undefined;
  await add("truth.json", { ...truthFile(world, deliveries, copies), activity: activity ?? null });
  return { rows, files: emission.files, truthPath: path.join(out, "truth.json") };
}

function check(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new Problem("option-invalid", `${name} must be a whole number from 1 to ${most}, not ${value}.`);
}

/** How often each resource is repeated so that there are at least so many lines. */
function copiesFor(world: World, rows: number): number {
  check("rows", rows, 1_000_000_000);
  let once = 0;
  for (const source of ["aws", "azure", "gpucloud"] as const) {
    for (const period of periodsOf(world)) for (const _ of charges(world, source, period, new Map())) once++;
  }
  return Math.ceil(rows / once);
}

async function emitOne(emission: Emission): Promise<Delivery[]> {
  const bySource = await emitSingleCsv(emission);
  return [...bySource].map(([source, books]) => ({
    step: 1,
    source,
    role: "invoice",
    paths: ["focus.csv"],
    note: "All FOCUS bills in one file, for benchmarks; truth.json tells them apart.",
    books,
    kind: "first",
  }));
}

async function emitAll(emission: Emission): Promise<Delivery[]> {
  const { world } = emission;
  const periods = periodsOf(world);
  const isLate = world.hours > story.lateFrom;
  const first = (step: number, source: Source, note: string) =>
    ({ step, source, role: "invoice", paths: [source], note, kind: "first" }) as const;
  const deliveries: Delivery[] = [
    {
      ...first(
        1,
        "aws",
        `FOCUS 1.2 with manifests.${isLate ? " The last days of August are incomplete." : ""}`,
      ),
      books: await emitAws(emission, "aws", periods, !isLate),
    },
    {
      ...first(2, "azure", "FOCUS 1.2 in euros, one run a month with its manifest."),
      books: await emitAzure(emission),
    },
    {
      ...first(3, "gpucloud", "FOCUS 1.3 with few columns."),
      books: await emitGpuCloud(emission, "gpucloud", periods),
    },
  ];
  const cur = await emitCur(emission);
  deliveries.push(
    {
      ...first(4, "aws-cur", "June of another payer account as a legacy Cost and Usage Report."),
      books: cur.books,
      fileRows: cur.lines,
    },
    { ...first(5, "openai", "Cost report pages, a day a bucket."), books: await emitOpenai(emission) },
    {
      ...first(6, "anthropic", "Cost report pages; amounts are in cents."),
      books: await emitAnthropic(emission),
    },
  );
  if (isLate) deliveries.push(await emitLate(emission));
  deliveries.push(await emitDuplicate(emission, deliveries));
  return deliveries;
}

async function emitLate(emission: Emission): Promise<Delivery> {
  const august = billingPeriods.slice(-1);
  return {
    step: 7,
    source: "aws",
    role: "invoice",
    paths: ["late/aws"],
    note: "August again, now whole: replaces the August of step 1.",
    books: await emitAws(emission, "late/aws", august, true),
    kind: "redelivery",
  };
}

/** The GPU cloud sends a month twice: July, or June where there is no July. */
async function emitDuplicate(emission: Emission, deliveries: readonly Delivery[]): Promise<Delivery> {
  const periods = periodsOf(emission.world);
  const period = periods[1] ?? periods[0];
  const name = `usage-${period?.month}.csv`;
  const folder = path.join(emission.out, "duplicates/gpucloud");
  await mkdir(folder, { recursive: true });
  await copyFile(path.join(emission.out, "gpucloud", name), path.join(folder, name));
  emission.files.push(`duplicates/gpucloud/${name}`);
  const books = deliveries.find(({ source }) => source === "gpucloud")?.books ?? new Map();
  return {
    step: 8,
    source: "gpucloud",
    role: "invoice",
    paths: ["duplicates/gpucloud"],
    note: "The same file byte for byte; importing it must change nothing.",
    books: new Map([...books].filter(([shape]) => shape.period === period)),
    kind: "duplicate",
  };
}
