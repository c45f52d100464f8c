import { type AllocationDimension, allocationDimension } from "#analysis/allocation/group-costs.ts";
import { type IdleMode, idleModes } from "#analysis/allocation/share-idle.ts";
import { defaultIdleLimits, type GpuIdleLimits } from "#analysis/allocation/tally-gpus.ts";
import { metricLabel } from "#facts/node-traits.ts";
import { type PrometheusServer, prometheusServer } from "#ingest/prometheus/server.ts";
import { instant, type Instant } from "#units/instant.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";
import { type Window, window } from "#units/window.ts";
import { type CataloguePrices, cataloguePrices } from "./catalogue-prices.ts";
import { type NodePrices, statedNodePrices } from "./node-prices.ts";
import { type ClusterPrices, noPrices, readPriceFile } from "./price-file.ts";

/** One question about what workloads of clusters cost. */
export interface AllocateRequest {
  readonly server: PrometheusServer;
  readonly window: Window;
  readonly stepSeconds: number;
  readonly prices: ClusterPrices;
  /** Asked before the price file, in this order. */
  readonly nodePrices: readonly NodePrices[];
  /** Asked after the price file. */
  readonly catalogue?: CataloguePrices;
  readonly by: readonly AllocationDimension[];
  readonly idle: IdleMode;
  /** Added to every selector, such as cluster="prod"; empty for none. */
  readonly matchers: string;
  /** The name of series without a label `cluster`. */
  readonly cluster: string;
  readonly idleLimits: GpuIdleLimits;
}

/** A question as it was written; undefined where nothing was. */
export interface AllocateWords {
  /** Folder whose contract table, bills and refreshed prices are asked; none, not even the shipped ones, if undefined. */
  readonly data: string | undefined;
  readonly now: Instant;
  readonly prometheus: string | undefined;
  readonly bearerToken: string | undefined;
  /** user:password */
  readonly basic: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly period: string | undefined;
  /** 30s, 5m, 1h. */
  readonly step: string | undefined;
  readonly priceFile: string | undefined;
  readonly nodePrices: readonly string[];
  readonly by: readonly string[];
  readonly idle: string | undefined;
  readonly selector: string | undefined;
  readonly cluster: string | undefined;
  readonly gpuIdlePercent: string | undefined;
  readonly gpuIdleMib: string | undefined;
}

const DEFAULT_STEP = "5m";

/**
 * Checks what was asked and fills in what was not.
 * @throws Problem "option-invalid", "window-invalid" and those of a price file
 */
export async function allocateRequest(words: AllocateWords): Promise<AllocateRequest> {
  if (words.prometheus === undefined)
    throw new Problem("option-invalid", "plimsoll allocate needs the address of a Prometheus.", {
      hint: "Write plimsoll allocate --prometheus http://prometheus:9090 --period yesterday.",
    });
  const { bearerToken, basic, idle = "separate" } = words;
  const mode = idleModes.find((each) => each === idle);
  if (mode === undefined)
    throw new Problem("option-invalid", `--idle ${idle} is not one of ${idleModes.join(", ")}.`);
  const asked = windowOf(words);
  const { data, now } = words;
  return {
    server: prometheusServer(words.prometheus, { bearerToken, basic }),
    window: asked,
    ...(data === undefined ? {} : { catalogue: await cataloguePrices(data, asked.end, now) }),
    stepSeconds: parseStep(words.step ?? DEFAULT_STEP),
    prices: words.priceFile === undefined ? noPrices : await readPriceFile(words.priceFile),
    nodePrices: [statedNodePrices(words.nodePrices)],
    by: dimensionsOf(words.by),
    idle: mode,
    matchers: words.selector ?? "",
    cluster: words.cluster ?? "default",
    idleLimits: idleLimitsOf(words),
  };
}

function windowOf({ from, to, period, now }: AllocateWords): Window {
  if (period !== undefined && (from !== undefined || to !== undefined))
    throw new Problem("option-invalid", "Give --period or --from and --to, not both.");
  if (from !== undefined && to !== undefined) return window(instant(from), instant(to));
  if (from !== undefined || to !== undefined)
    throw new Problem("window-invalid", "Give both --from and --to, or --period.");
  return parsePeriod(period ?? "last-24-hours", now);
}

/** @throws Problem "option-invalid" */
export function parseStep(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})(s|m|h)$/.exec(text) ?? [];
  const seconds = Number(count) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
  if (count === undefined || seconds > 86_400)
    throw new Problem("option-invalid", `--step ${text} is not a length of time such as 30s, 5m or 1h.`);
  return seconds;
}

/** Labels are named as Kubernetes does, and looked up as kube-state-metrics writes them. */
function dimensionsOf(names: readonly string[]): AllocationDimension[] {
  return (names.length === 0 ? ["namespace", "controller"] : names).map((name) => {
    const dimension = allocationDimension(name);
    if (!dimension.startsWith("label:")) return dimension;
    return `label:${metricLabel(dimension.slice("label:".length))}` as const;
  });
}

function idleLimitsOf({ gpuIdlePercent, gpuIdleMib }: AllocateWords): GpuIdleLimits {
  const number = (option: string, text: string, most: number): number => {
    if (!/^\d{1,7}(\.\d{1,4})?$/.test(text) || Number(text) > most)
      throw new Problem("option-invalid", `${option} ${text} is not a number from 0 to ${most}.`);
    return Number(text);
  };
  return {
    engine:
      gpuIdlePercent === undefined
        ? defaultIdleLimits.engine
        : Math.round(number("--gpu-idle-percent", gpuIdlePercent, 100) * 10_000),
    memoryMib:
      gpuIdleMib === undefined
        ? defaultIdleLimits.memoryMib
        : Math.round(number("--gpu-idle-mib", gpuIdleMib, 1_000_000)),
  };
}
