import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { allocatedCharges } from "#analysis/allocation/allocated-charges.ts";
import { divideLake } from "#flows/divide/divide-lake.ts";
import type { DividedPeriod } from "#flows/divide/divide-periods.ts";
import { importDelivery, type ImportResult } from "#flows/import/import-delivery.ts";
import type { ImportProgress } from "#flows/import/import-request.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { buckets, startOf, type Window } from "#units/window.ts";
import { allocateWindow, noNodes } from "./allocate-costs.ts";
import { type AllocateAnswer } from "./allocation-answer.ts";
import { type AllocateRequest } from "./allocate-request.ts";
import { answerOf, summaryOf, type WindowSummary } from "./allocation-answer.ts";
import { chargeCells, clusterOf } from "./charge-cells.ts";

export const keepBuckets = ["day", "hour"] as const;

/** How an allocation is kept in the lake. */
export interface KeepRequest {
  readonly data: string;
  /** Length of time that a charge is of. */
  readonly bucket: (typeof keepBuckets)[number];
  /** The source that it is kept as; kubernetes.<cluster> if absent. */
  readonly source?: string;
  readonly now: number;
}

/** A day of a cluster as the lake holds it now. */
export interface KeptDay {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  readonly cluster: string;
  readonly source: string;
  /** False if the lake held exactly this already. */
  readonly changed: boolean;
  readonly charges: number;
  readonly totals: readonly {
    readonly currency: string;
    readonly cost: string;
    /** What the day came to when it was kept before; null if it was not. */
    readonly before: string | null;
  }[];
}

/** What was kept, and days of which nothing could be: no node was seen, or none had a price. */
export interface Kept {
  readonly days: readonly KeptDay[];
  readonly withoutNodes: readonly string[];
  readonly withoutPrice: readonly string[];
  /** Billing periods of invoices whose node charges were divided anew by who used the nodes. */
  readonly divided: readonly DividedPeriod[];
}

/** The days of a window are read one after the other. */
export type OnKeep = (
  progress: ImportProgress | { step: "reading"; done: number; total: number; unit: "steps" },
) => void;

/**
 * Allocates each day of a window by itself and keeps it in the lake: a delivery of FOCUS charges for each cluster and day, which takes the
 * place of that cluster's former delivery of the day and of nothing else. So a day comes out the same whatever window it is kept in.
 * @throws Problem "window-invalid" unless the window is whole days; "cost-unknown" if no day has a cost; those of an import
 */
export async function keepAllocation(
  request: AllocateRequest,
  keep: KeepRequest,
  onProgress: OnKeep,
): Promise<AllocateAnswer & { readonly kept: Kept }> {
  refusePartialDays(request.window);
  const folder = await mkdtemp(path.join(tmpdir(), "plimsoll-keep-"));
  try {
    const days = buckets("day", request.window);
    const windows: WindowSummary[] = [];
    const kept: KeptDay[] = [];
    const [withoutNodes, withoutPrice]: [string[], string[]] = [[], []];
    for (const [index, day] of days.entries()) {
      onProgress({ step: "reading", done: index, total: days.length, unit: "steps" });
      const allocated = await writeDay(request, keep, day, folder);
      windows.push(...allocated.windows);
      if (allocated.windows.length === 0) withoutNodes.push(dateOf(day));
      else if (allocated.files.size === 0) withoutPrice.push(dateOf(day));
      for (const [cluster, file] of allocated.files)
        kept.push(await keepDay(keep, { day, cluster, file }, onProgress));
    }
    if (windows.length === 0) throw noNodes(request);
    if (kept.length === 0)
      throw new Problem(
        "cost-unknown",
        "No node has a price, so there is no cost to keep. Nothing was changed.",
      );
    const { data, now } = keep;
    const divided = await divideLake(
      data,
      now,
      (done, total) => onProgress({ step: "dividing", done, total, unit: "steps" }),
      (done, total) => onProgress({ step: "waiting", done, total, unit: "seconds" }),
    );
    return { ...answerOf(request, windows), kept: { days: kept, withoutNodes, withoutPrice, divided } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refusePartialDays({ start, end }: Window): void {
  if (startOf("day", start) === start && startOf("day", end) === end) return;
  throw new Problem(
    "window-invalid",
    `What is kept are whole days in UTC, and ${formatInstant(start)} to ${formatInstant(end)} are not.`,
    {
      hint: "Give --period yesterday, or --from and --to as dates: a day that is kept again is replaced as a whole.",
    },
  );
}

const dateOf = ({ start }: Window): string => formatInstant(start).slice(0, 10);

/** Allocates each bucket of a day and writes its charges as CSV, a file for each cluster. */
async function writeDay(
  request: AllocateRequest,
  { bucket }: KeepRequest,
  day: Window,
  folder: string,
): Promise<{ windows: WindowSummary[]; files: Map<string, string> }> {
  const windows: WindowSummary[] = [];
  const files = new Map<string, { file: string; handle: FileHandle }>();
  try {
    for (const window of buckets(bucket, day)) {
      const { usage, allocation } = await allocateWindow(request, window);
      if (usage.nodes.length === 0) continue;
      windows.push(summaryOf(request, usage, allocation));
      const lines = new Map<string, string[]>();
      for (const charge of allocatedCharges(usage, allocation)) {
        const cluster = clusterOf(usage, charge) ?? request.cluster;
        const cells = chargeCells(usage, window, charge);
        const own = lines.get(cluster) ?? [];
        if (!files.has(cluster) && own.length === 0) own.push(csvLine(Object.keys(cells)));
        own.push(csvLine(Object.values(cells)));
        lines.set(cluster, own);
      }
      for (const [cluster, own] of lines) {
        const target = files.get(cluster) ?? (await openFile(folder, files.size, day));
        files.set(cluster, target);
        await target.handle.appendFile(own.join(""));
      }
    }
  } finally {
    for (const { handle } of files.values()) await handle.close();
  }
  return { windows, files: new Map([...files].map(([cluster, { file }]) => [cluster, file])) };
}

async function openFile(
  folder: string,
  index: number,
  day: Window,
): Promise<{ file: string; handle: FileHandle }> {
  const file = path.join(folder, `${dateOf(day)}-${index}.csv`);
  return { file, handle: await open(file, "w") };
}

/** Every text is quoted, so that a namespace called null is one. */
const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (cell === "" ? "" : `"${cell.replaceAll('"', '""')}"`)).join(",")}\n`;

async function keepDay(
  keep: KeepRequest,
  { day, cluster, file }: { readonly day: Window; readonly cluster: string; readonly file: string },
  onProgress: OnKeep,
): Promise<KeptDay> {
  const { data, source = sourceOf(cluster), now } = keep;
  const result = await importDelivery(
    {
      data,
      inputs: [file],
      source,
      role: "allocation",
      format: "focus",
      mode: "append",
      part: `${cluster}/${dateOf(day)}`,
      values: {},
      force: false,
      divideLater: true,
      now,
    },
    onProgress,
  );
  return { day: dateOf(day), cluster, source, changed: result.changed, ...booked(result) };
}

/** A cluster's name as that of a source. */
const sourceOf = (cluster: string): string =>
  `kubernetes.${cluster.replaceAll(/[^a-z0-9._-]+/gi, "-")}`.slice(0, 63);

/** What the day came to, and what it came to before: its month moved by the difference. */
function booked({ record, restatement }: ImportResult): Pick<KeptDay, "charges" | "totals"> {
  const [period] = record.periods;
  const moved = restatement.periods.find(({ billingPeriod }) => billingPeriod === period?.billingPeriod);
  return {
    charges: period?.rows ?? 0,
    totals: Object.entries(period?.totals ?? {}).map(([currency, { BilledCost }]) => {
      const cost = BilledCost ?? "0";
      const difference = moved?.moved.find(
        (each) => each.currency === currency && each.column === "BilledCost",
      )?.difference;
      const before = moved === undefined ? 0n : decimal(cost) - decimal(difference ?? "0");
      return { currency, cost, before: before === 0n ? null : formatDecimal(before) };
    }),
  };
}
