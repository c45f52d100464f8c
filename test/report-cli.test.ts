import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namedReports } from "#flows/report/named/named-reports.ts";
import { importedLake } from "./engines/imported-lake.ts";
import { reportLake } from "./engines/report-lake.ts";

const root = path.join(import.meta.dirname, "..");
const bin = path.join(root, "bin", "plimsoll.js");
const built = existsSync(path.join(root, "dist", "cli", "main.js"));
if (!built) console.warn("Skipped: the command is not built (npm run build).");

let lake: Awaited<ReturnType<typeof importedLake>>;
beforeAll(async () => {
  lake = await importedLake(reportLake);
});
afterAll(() => lake.remove());

describe.skipIf(!built)("the command", () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "report", ...args], {
      encoding: "utf8",
      env: { ...process.env, PLIMSOLL_DATA: lake.data, NO_COLOR: "1", COLUMNS: "200" },
    });
    return { status, stdout, stderr };
  };

  test("--json gives one object with rows, others, totals and what is unknown", () => {
    const { status, stdout } = run(
      "cost",
      "--measure",
      "BilledCost",
      "--by",
      "ServiceProviderName,BillingCurrency",
      "--top",
      "1",
      "--json",
    );
    const object = JSON.parse(stdout) as Record<string, unknown>;
    expect(status).toBe(0);
    expect(object["rows"]).toEqual([
      {
        ServiceProviderName: "Hetzner",
        BillingCurrency: "EUR",
        BilledCost: "50",
        BilledCost_Share: 1,
        x_Charges: 1,
      },
      expect.objectContaining({ ServiceProviderName: "AWS", BillingCurrency: "USD", BilledCost: "393" }),
    ]);
    expect(object["others"]).toEqual([
      expect.objectContaining({ BillingCurrency: "USD", BilledCost: "431" }),
    ]);
    expect(object).toMatchObject({ totals: [{ BilledCost: "50" }, { BilledCost: "824" }], unknown: {} });
  });

  test("--explain shows the SQL with its values, versions, sources and layers", () => {
    const { stdout } = run("cost", "--by", "x_Team", "--period", "2026-07", "--explain");
    for (const part of [
      "Lake version 2",
      "charges_day",
      "'2026-07-01 00:00:00'",
      "bills (invoice)",
      "as of 2026-09-01",
      "as delivered",
      " ms",
    ])
      expect(stdout).toContain(part);
  });

  test("--csv names the others, and --list every report", () => {
    expect(run("service-costs", "--top", "1", "--csv").stdout).toContain("(others)");
    const { stdout } = run("--list");
    for (const { name, title, what } of namedReports) {
      expect(stdout).toContain(`${name} `);
      expect(stdout).toContain(title);
      expect(stdout).toContain(what.slice(0, 40));
    }
    const { reports } = JSON.parse(run("--list", "--json").stdout) as { reports: { name: string }[] };
    expect(reports.map(({ name }) => name)).toEqual(namedReports.map(({ name }) => name));
  });

  test.each([
    ["nothing-like-it"],
    ["cost", "--by", "nope"],
    ["cost", "--granularity", "decade"],
    ["cost", "--top", "0"],
    ["cost", "--wrong"],
    ["taxes", "--measure", "ListCost"],
  ])("%s exits with 2 and one message", (...args) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.toLowerCase()).toContain("error");
  });
});

/** Sums of the official FOCUS 1.0 sample, added up from its text with decimals by another program. */
const shared = process.env["PLIMSOLL_TEST_DATA"];
if (shared === undefined)
  console.warn("Skipped: PLIMSOLL_TEST_DATA is not set, so the official sample is not asked.");

describe.skipIf(!built || shared === undefined)("the official FOCUS 1.0 sample", () => {
  test("provider totals of September 2024 are exact", () => {
    const data = path.join(path.dirname(lake.data), "real");
    const plimsoll = (...args: string[]) =>
      spawnSync(process.execPath, [bin, ...args, "--data", data], { encoding: "utf8" });
    expect(plimsoll("import", path.join(shared ?? "", "focus", "focus-1.0-sample"), "--json").status).toBe(0);
    const { stdout } = plimsoll(
      "report",
      "cost",
      "--measure",
      "BilledCost",
      "--by",
      "ServiceProviderName,BillingCurrency",
      "--from",
      "2024-09-01",
      "--to",
      "2024-10-01",
      "--json",
    );
    const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
    expect(
      rows.map((row) => [row["ServiceProviderName"], row["BillingCurrency"], row["BilledCost"]]),
    ).toEqual([
      ["AWS", "USD", "6.8949991196"],
      ["Oracle", "USD", "0.21707392473"],
      ["Microsoft", "USD", "0.00017949374"],
    ]);
  });
});
