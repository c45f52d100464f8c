import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRules } from "#flows/attribution/load-rules.ts";
import { publishRules } from "#flows/attribution/publish-rules.ts";
import { answerReport } from "#flows/report/answer-report.ts";
import { generate } from "#sample/generate.ts";
import { buildWorld } from "#sample/world.ts";
import { workloadOf } from "#sample/workloads.ts";
import { decimal } from "#units/decimal.ts";
import { importFiles } from "../formats/deliver.ts";

const DAYS = 3;

describe("the sample company's own rules", { timeout: 180_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plimsoll-owners-"));
  const [out, data] = [path.join(folder, "bills"), path.join(folder, "data")];
  beforeAll(async () => {
    await generate({ out, days: DAYS });
    const deliveries = JSON.parse(readFileSync(path.join(out, "deliveries.json"), "utf8")) as {
      source: string;
      paths: string[];
    }[];
    for (const { source, paths } of deliveries)
      await importFiles(
        data,
        paths.map((each) => path.join(out, each)),
        { source },
      );
    const rules = await loadRules(path.join(out, "plimsoll.yaml"));
    await publishRules(
      data,
      rules,
      0,
      () => {},
      () => {},
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ask = async (by: readonly string[]): ReturnType<typeof answerReport> =>
    answerReport(data, "cost", { by, measures: ["EffectiveCost"], role: "invoice", now: 0 });

  test("find the true team and environment of every resource, where they do not guess", async () => {
    const truth = new Map(
      buildWorld(7, DAYS).estate.resources.map(({ id, workload }) => [id, workloadOf(workload)]),
    );
    const { table } = await ask([
      "ResourceId",
      "ResourceName",
      "Team",
      "TeamBasis",
      "Environment",
      "EnvironmentBasis",
    ]);
    const known = table.rows.filter((row) => truth.has(String(row["ResourceId"])));
    const wrong = known.flatMap((row) => {
      const { team, environment } = truth.get(String(row["ResourceId"])) ?? workloadOf("");
      return (
        [
          ["x_Team", team],
          ["x_Environment", environment],
        ] as const
      )
        .map(([column, value]) => [row["ResourceName"], row[`${column}Basis`], row[column], value])
        .filter(
          ([, basis, found, value]) =>
            found !== null && found !== value && !String(basis).startsWith("guess:"),
        );
    });
    expect(wrong).toEqual([]);
    expect(known.length).toBeGreaterThan(200);
  });

  test("know a team for nearly all of the money, where tags alone know two thirds", async () => {
    const { table } = await ask(["Team", "TeamBasis"]);
    const dollars = table.rows.filter((row) => row["BillingCurrency"] === "USD");
    const sum = (rows: typeof dollars): bigint =>
      rows.reduce((units, row) => units + decimal(String(row["EffectiveCost"])), 0n);
    const share = (rows: typeof dollars): number => Number((sum(rows) * 1000n) / sum(dollars)) / 1000;
    expect(share(dollars.filter((row) => row["x_TeamBasis"] === "tag"))).toBeLessThan(0.8);
    expect(share(dollars.filter((row) => row["x_Team"] !== null))).toBeGreaterThan(0.97);
  });
});
