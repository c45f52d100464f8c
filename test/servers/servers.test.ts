import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";
import { postgresSkipped, startPostgres } from "./postgres.ts";
import { prometheusSkipped, startPrometheus } from "./prometheus.ts";

let own: OwnFolder | undefined;
afterEach(() => own?.remove());

test.skipIf(postgresSkipped !== undefined)(
  "a PostgreSQL of the test's own answers, and is gone after",
  async () => {
    const server = await startPostgres();
    const ask = (url: string, query: string): string =>
      execFileSync("psql", ["-Atqd", url, "-c", query], { encoding: "utf8", stdio: "pipe" }).trim();
    const other = server.createDatabase();
    expect(ask(server.url, "select current_database()")).toBe("plimsoll");
    expect(ask(other, "select current_database()")).toBe("plimsoll_2");
    const wrong = new URL(server.url);
    wrong.password = "wrong";
    expect(() => ask(wrong.href, "select 1")).toThrow(/password authentication failed/);
    const files = path.dirname(ask(server.url, "show data_directory"));
    expect(existsSync(files)).toBe(true);
    await server.stop();
    expect(existsSync(files)).toBe(false);
    expect(() => ask(server.url, "select 1")).toThrow(/refused/);
  },
);

test.skipIf(prometheusSkipped !== undefined)(
  "a Prometheus of the test's own answers with the history it was given",
  async () => {
    own = await ownFolder();
    const july = Date.UTC(2026, 6, 1) / 1000;
    const samples = [0, 60, 120].map(
      (seconds) => `gpu_utilization{gpu="0"} ${seconds / 240} ${july + seconds}`,
    );
    const text = ["# TYPE gpu_utilization gauge", ...samples, "# EOF", ""].join("\n");
    const server = await startPrometheus(path.join(own.folder, "storage"), text);
    const query = `query=gpu_utilization&start=${july}&end=${july + 120}&step=60`;
    const answer = await fetch(`${server.url}/api/v1/query_range?${query}`);
    expect(((await answer.json()) as { data: { result: unknown } }).data.result).toEqual([
      {
        metric: { __name__: "gpu_utilization", gpu: "0" },
        values: [
          [july, "0"],
          [july + 60, "0.25"],
          [july + 120, "0.5"],
        ],
      },
    ]);
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow();
  },
);
