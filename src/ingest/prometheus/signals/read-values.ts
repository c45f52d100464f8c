import type { Steps } from "#facts/cluster-usage.ts";
import type { Labels, SeriesReader } from "#ingest/prometheus/read-series.ts";
import { GAP } from "./increments.ts";

/** What one measured thing said, whoever scraped it. */
export interface Measured {
  readonly labels: Labels;
  /** One per step of the reader; GAP where nothing was measured. */
  readonly values: Float64Array;
}

/** Labels of who scraped, not of what was measured. */
const SCRAPER =
  /^(__name__|instance|job|service|endpoint|container_id|prometheus|prometheus_replica|replica|receive|tenant_id|metrics_path)$/;

/**
 * Reads a query's series. Copies of one thing, from two scrapers or two servers, are one: where they differ the higher value counts. A series
 * that names no pod, node or GPU is known by who scraped it alone, so that label stays.
 */
export async function readValues(
  reader: SeriesReader,
  query: string,
  { count }: Steps,
): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured>();
  await reader.values(query, (labels) => {
    const id = identityOf(labels);
    const measured = found.get(id) ?? { labels, values: new Float64Array(count).fill(GAP) };
    found.set(id, measured);
    return (step, value) => {
      const before = measured.values[step] ?? GAP;
      measured.values[step] = Number.isNaN(before) ? value : Math.max(before, value);
    };
  });
  return found;
}

function identityOf(labels: Labels): string {
  const named = NAMING.some((name) => labels[name] !== undefined && labels[name] !== "");
  const kept = Object.entries(labels)
    .filter(([name]) => name !== "__name__" && !(named && SCRAPER.test(name)))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(kept);
}

const NAMING = ["pod", "exported_pod", "pod_name", "node", "UUID", "deployment", "job_name"];
