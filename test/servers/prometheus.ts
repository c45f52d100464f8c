import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort, programPath, runProgram, skipReason, startProcess } from "./server-process.ts";

/** A Prometheus server of a test's own. */
export interface PrometheusServer {
  /** Such as http://127.0.0.1:39091, without a slash at its end. */
  readonly url: string;
  /** Ends the server and removes its configuration; the storage folder stays, it is the test's. */
  readonly stop: () => Promise<void>;
}

const prometheus = programPath("prometheus");
const promtool = programPath("promtool");
const missing =
  prometheus === undefined || promtool === undefined
    ? "Prometheus is not installed (Debian's package prometheus; npm run test:install)."
    : undefined;

/** Why tests of Prometheus are skipped here; undefined where they run. */
export const prometheusSkipped = skipReason(missing);

/**
 * Starts Debian's Prometheus on a free port.
 * @param storage folder of its database, made if it is not there; what is in it is served
 * @param openMetrics history written into the storage before the start: OpenMetrics text whose samples carry their times in seconds
 *   and whose last line is `# EOF`
 */
export async function startPrometheus(storage: string, openMetrics?: string): Promise<PrometheusServer> {
  if (prometheus === undefined || promtool === undefined) throw new Error(missing);
  await mkdir(storage, { recursive: true });
  const folder = await mkdtemp(path.join(tmpdir(), "plimsoll-prometheus-"));
  if (openMetrics !== undefined) {
    const history = path.join(folder, "history.txt");
    await writeFile(history, openMetrics);
    runProgram(promtool, ["tsdb", "create-blocks-from", "openmetrics", "--quiet", history, storage]);
    await rm(history);
  }
  const config = path.join(folder, "prometheus.yml");
  // It scrapes nothing: a test knows every sample there is.
  await writeFile(config, "scrape_configs: []\n");
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = await startProcess(
    prometheus,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${storage}`,
      // History of any age is kept.
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=${new URL(url).host}`,
    ],
    () => answers(`${url}/-/ready`),
  );
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
