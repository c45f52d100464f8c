import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callsTable } from "#facts/call-columns.ts";
import type { Call } from "#facts/call.ts";
import { type CallQuestion, parseCallDimension, parseCallFilter } from "#facts/call-question.ts";
import { answerCalls, type CallsAsked } from "#flows/calls/answer-calls.ts";
import { importCalls } from "#flows/calls/import-calls.ts";
import { clickhouseDialect, type Dialect } from "#lake/dialect.ts";
import type { Engine } from "#lake/engines/duckdb.ts";
import { openEvents } from "#lake/open-events.ts";
import {
  callLatencies,
  callSums,
  callTable,
  latencyTable,
  type CallTable,
} from "#lake/queries/calls-by-dimensions.ts";
import { openClickhouse } from "../engines/clickhouse-engine.ts";
import { clickhouseSkipped } from "../engines/both-engines.ts";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { call, tokens } from "./call-kit.ts";

if (clickhouseSkipped !== undefined) console.warn(`Skipped: ${clickhouseSkipped}`);

const day = (date: number, hour = 9, minute = 0): number => Date.UTC(2026, 6, date, hour, minute);
const known: readonly Call[] = [
  call("1", {
    start: day(14),
    duration: 1_000_000,
    statedCost: "0.10",
    statedCurrency: "USD",
    customer: "acme",
  }),
  call("2", {
    start: day(14, 9, 30),
    duration: 2_000_000,
    statedCost: "0.000000000000000001",
    statedCurrency: "USD",
  }),
  call("3", { start: day(14, 10), duration: 9_000_000, statedCost: "5", statedCurrency: "EUR", retry: true }),
  call("4", {
    start: day(15),
    status: "error",
    error: "timeout",
    tokens: null,
    duration: null,
    firstToken: null,
  }),
  call("5", {
    start: day(15, 23, 59),
    provider: "anthropic",
    responseModel: "claude-sonnet-4-5-20250929",
    tokens: tokens({ uncachedInput: 100, cacheRead: 900, visibleOutput: 10, reasoningOutput: 40 }),
    retry: false,
    attributes: { team: "it's", feature: "ärzte" },
  }),
];

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
  const lists = (async function* () {
    yield known;
  })();
  await importCalls(own.data, lists, { now: day(16) });
});
afterAll(() => own.remove());

const asked = (more: Partial<CallsAsked> = {}) =>
  answerCalls({ data: own.data, now: day(16), by: ["model"], where: [], ...more });

describe("calls by model", () => {
  test("are counted with their failures, tokens, costs per currency and latencies", async () => {
    const { groups, total, tables } = await asked();
    expect(tables).toEqual(["calls_month", "calls_latency_month"]);
    const [mini, claude] = groups;
    expect(mini).toMatchObject({
      keys: ["gpt-6-mini-2026-05-01"],
      calls: 4,
      failed: 1,
      retried: 1,
      retryKnown: 1,
      tokensKnown: 3,
      tokens: { UncachedInputTokens: 3000, CacheReadTokens: 0, VisibleOutputTokens: 600 },
      statedCosts: [
        { currency: "EUR", cost: "5", calls: 1 },
        { currency: "USD", cost: "0.100000000000000001", calls: 2 },
      ],
      pricedCosts: [],
      unpriced: [
        { reason: "model-unknown", calls: 3 },
        { reason: "usage-unknown", calls: 1 },
      ],
      duration: { calls: 3 },
    });
    // The middle one of three took 2 s: p50 lies in its bucket.
    const { above = 0, upTo = 0 } = mini?.duration?.p50 ?? {};
    expect(above < 2e6 && 2e6 <= upTo && upTo / above < 1.1).toBe(true);
    expect(claude).toMatchObject({
      calls: 1,
      tokens: { CacheReadTokens: 900, ReasoningOutputTokens: 40 },
      // 100 × 3 + 900 × 0.3 + 50 × 15 per million.
      pricedCosts: [{ currency: "USD", cost: "0.00132", calls: 1 }],
      unpriced: [],
    });
    expect(total).toMatchObject({ keys: [], calls: 5, failed: 1, tokensKnown: 4 });
  });

  test("of part of an hour are asked of the rows, of an hour of its sums", async () => {
    const part = await asked({ from: "2026-07-14T09:00:00Z", to: "2026-07-14T09:30:00Z" });
    expect(part).toMatchObject({ tables: ["calls"], total: { calls: 1, duration: { calls: 1 } } });
    const hour = await asked({ from: "2026-07-14T09:00:00Z", to: "2026-07-14T10:00:00Z" });
    expect(hour).toMatchObject({ tables: ["calls_hour", "calls_latency_hour"], total: { calls: 2 } });
  });

  test("by the day, by a tag, filtered, and of a period without any", async () => {
    const days = await asked({ by: [], granularity: "day" });
    expect(days.groups.map(({ bucket, calls }) => [bucket, calls])).toEqual([
      ["2026-07-14T00:00:00Z", 3],
      ["2026-07-15T00:00:00Z", 2],
    ]);
    const tag = await asked({ by: ["tag:feature"], where: ["team~IT'S"] });
    expect(tag.groups.map(({ keys, calls }) => [keys[0], calls])).toEqual([["ärzte", 1]]);
    const failed = await asked({ by: ["error"], where: ["status=error|unknown", "!customer?"] });
    expect(failed.groups).toMatchObject([{ keys: ["timeout"], calls: 1, statedCosts: [] }]);
    expect(await asked({ period: "2025" })).toMatchObject({ groups: [], total: undefined });
  });

  test.each([
    [{ by: ["modle"] }, "column-unknown"],
    [{ where: ["status"] }, "filter-invalid"],
    [{ where: ["status=~x"] }, "filter-invalid"],
    [{ period: "2026-07", from: "2026-07-01" }, "option-invalid"],
    [{ period: "july" }, "window-invalid"],
  ])("asked as %j are refused with %s", async (wrong, code) =>
    expect(asked(wrong)).rejects.toMatchObject({ code }),
  );
});

/** Questions that between them read every table, and their answers on both engines. */
describe.skipIf(clickhouseSkipped !== undefined)("both engines", () => {
  const whole = { start: day(14, 0), end: day(16, 0) };
  const questions: readonly CallQuestion[] = [
    { by: ["model", "team"], where: [], window: whole },
    { by: ["customer"], where: [], window: whole, granularity: "hour" as const },
    { by: ["retry", "status"], where: ["retry!=true"], window: whole },
    { by: ["tag:feature", "source"], where: ["team~IT'S"], window: whole, granularity: "week" as const },
    {
      by: [],
      where: ["model?", "tier=standard|batch", "!region?"],
      window: { ...whole, start: whole.start + 1 },
    },
    { by: ["provider"], where: [], window: { start: day(14, 9), end: day(14, 11) } },
  ].map(({ by, where, ...more }) => ({
    ...more,
    by: by.map(parseCallDimension),
    where: where.map(parseCallFilter),
  }));

  test("answer alike", async () => {
    const lake = await openEvents(own.data, callsTable);
    const clickhouse = openClickhouse();
    const read = new Set(questions.flatMap((question) => [callTable(question), latencyTable(question)]));
    expect(read.size).toBe(5);
    const answers = async (d: Dialect, engine: Engine): Promise<unknown[]> => {
      const files = (table: CallTable) => d.files(lake.files(table).map((file) => path.resolve(file)));
      const rows: unknown[] = [];
      for (const question of questions)
        for (const query of [callSums(d, files, question), callLatencies(d, files, question)]) {
          const found = await engine.query(query);
          rows.push(found.map((row) => JSON.stringify(row)).sort());
        }
      return rows;
    };
    const ours = await answers(lake.dialect, lake.engine);
    expect(ours.flat().length).toBeGreaterThan(30);
    expect(
      await answers(
        clickhouseDialect(() => []),
        clickhouse,
      ),
    ).toEqual(ours);
    clickhouse.close();
    lake.close();
  });
});

describe("plimsoll calls", () => {
  const run = (...args: string[]) => plimsoll(["calls", ...args, "--data", own.data]);

  test("shows a table whose last row sums it, and says what is unknown", async () => {
    const { stdout, exit } = await run("2026-07");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/gpt-6-mini-2026-05-01 +4 +25\.0% +3,000 +0\.0% +600/);
    expect(stdout).toMatch(/Total +5 +20\.0% +4,000 +22\.5% +650/);
    expect(stdout).toContain("Tokens: unknown of 1 call, not counted as zero.");
    expect(stdout).toContain(
      "Cost: 4 calls without a price, not counted as zero: model-unknown 3, usage-unknown 1.",
    );
  });

  test("gives CSV and JSON with exact values", async () => {
    const { stdout } = await run("--by", "team", "--csv");
    const [head = "", ...rows] = stdout.trimEnd().split("\n");
    expect(head).toMatch(
      /^x_Team,Calls,UncountedRows,n_Status,FailedCalls,.*StatedCost_EUR,n_StatedCost_EUR,StatedCost_USD,n_StatedCost_USD,UnpricedCalls$/,
    );
    expect(rows).toEqual([
      expect.stringMatching(/^search,4,0,4,1,.*,5,1,0\.100000000000000001,2,4$/),
      expect.stringMatching(/^it's,1,0,1,0,/),
    ]);
    const answer = JSON.parse((await run("--by", "team", "--json", "--explain")).stdout) as object;
    expect(answer).toMatchObject({
      by: ["x_Team"],
      groups: [{ group: { x_Team: "search" }, calls: 4 }, { group: { x_Team: "it's" } }],
      total: { calls: 5 },
      explanation: { tables: ["calls_month", "calls_latency_month"] },
    });
  });

  test("compacts, and refuses what it can't do, in a line each", async () => {
    expect(await run("compact")).toMatchObject({ exit: 0, stdout: "Nothing waits in the journal.\n" });
    expect(await run("compact", "--by", "team")).toMatchObject({ exit: 2 });
    expect((await run("--json", "--csv")).stderr).toContain("option-invalid");
    const empty = await plimsoll(["calls", "--data", path.join(own.folder, "none")]);
    expect(empty).toMatchObject({ exit: 2, stdout: "" });
    expect(empty.stderr).toMatch(/lake-empty.*There are no calls/);
  });

  test("has its health told by plimsoll doctor, in a lake without bills too", async () => {
    const { stdout, exit } = await plimsoll(["doctor", "--data", own.data]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Sound calls: 5 in 2 days, 2026-07-14 09:00 to 2026-07-15 23:59\. \d+ figures/);
  });
});
