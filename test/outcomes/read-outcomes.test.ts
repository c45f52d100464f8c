import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "#facts/outcome.ts";
import { readOutcomeBatch } from "#ingest/outcomes/read-batch.ts";
import { readOutcomeFile } from "#ingest/outcomes/read-outcome-file.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
});
afterAll(() => own.remove());

async function read(...lines: readonly string[]): Promise<Outcome[]> {
  const file = await own.write("outcomes.csv", `${lines.join("\n")}\n`);
  return all(file, "helpdesk");
}

async function all(file: string, source: string): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for await (const batch of readOutcomeFile(file, source)) found.push(...batch);
  return found;
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const cause = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (cause instanceof Problem) return cause;
  throw new Error("no problem", { cause });
}

test("a CSV's rows are outcomes, its other columns labels", async () => {
  expect(
    await read(
      "id,time,kind,count,success,value,currency,team,workload",
      "t-1,2026-07-01T09:30:00+02:00,resolved-ticket,,yes,12.50,EUR,assistant,assistant-chat",
      '"d,2",2026-07-02,active-user,1200.5,,,,,',
    ),
  ).toEqual([
    {
      source: "helpdesk",
      id: "t-1",
      time: Date.UTC(2026, 6, 1, 7, 30),
      kind: "resolved-ticket",
      count: decimal("1"),
      success: true,
      value: decimal("12.5"),
      currency: "EUR",
      attributes: { team: "assistant", workload: "assistant-chat" },
    },
    {
      source: "helpdesk",
      id: "d,2",
      time: Date.UTC(2026, 6, 2),
      kind: "active-user",
      count: decimal("1200.5"),
      success: null,
      value: null,
      currency: null,
      attributes: {},
    },
  ]);
});

describe("one clear answer with its place", () => {
  const head = "id,time,kind,count,success,value,currency";
  test.each<[string, string, RegExp]>([
    ["no id", ",2026-07-01,conversion,1,,,", /row 2, column id: is empty; without one/],
    [
      "a kind in other words",
      "a,2026-07-01,Resolved ticket,1,,,",
      /column kind: "Resolved ticket" is no kind .* Did you mean resolved-ticket/,
    ],
    ["a time without zone", "a,2026-07-01T10:00:00,conversion,1,,,", /column time: .* is neither a day/],
    ["a day that is none", "a,2026-02-30,conversion,1,,,", /column time/],
    ["a negative count", "a,2026-07-01,conversion,-1,,,", /column count: "-1" is negative/],
    ["a count of words", "a,2026-07-01,conversion,many,,,", /column count: "many" is not a plain decimal/],
    ["more digits than are kept", "a,2026-07-01,conversion,0.1234567890123456789,,,", /column count/],
    [
      "a value without currency",
      "a,2026-07-01,conversion,1,,5,",
      /column currency: is empty: a value needs its currency/,
    ],
    [
      "a currency that is none",
      "a,2026-07-01,conversion,1,,5,usd",
      /column currency: "usd" is no ISO 4217 code/,
    ],
    ["neither true nor false", "a,2026-07-01,conversion,1,maybe,,", /column success: "maybe"/],
    ["a short row", "a,2026-07-01", /row 2, column kind: is no kind/],
  ])("%s", async (_, line, message) => {
    const problem = await problemOf(read(head, line));
    expect(problem.code).toBe("outcomes-invalid");
    expect(problem.message).toMatch(message);
  });

  test("every wrong row up to twenty is told", async () => {
    const rows = Array.from(
      { length: 50 },
      (_, row) => `r${row},2026-07-01,conversion,${row < 10 ? 1 : -1},,,`,
    );
    const file = await own.write("many.csv", `${[head, ...rows].join("\n")}\n`);
    const problem = await problemOf(all(file, "s"));
    expect(problem.others).toHaveLength(19);
  });

  test.each([
    ["a needed column that is missing", "id,time\na,2026-07-01\n", /column kind/],
    ["an open quote", `id,time\n"a,2026-07-01\n`, /CSV_QUOTE/],
    ["a column twice", "id,time,kind,id\na,2026-07-01,conversion,b\n", /the column id occurs twice/],
    ["an empty file", "", /is empty/],
  ])("%s", async (_, text, message) => {
    const file = await own.write("head.csv", text);
    expect((await problemOf(all(file, "s"))).message).toMatch(message);
  });

  test("a file that is not there", async () =>
    expect((await problemOf(all("/nowhere/o.csv", "s"))).code).toBe("source-not-found"));
});

describe("a batch", () => {
  const one = { id: "a", time: "2026-07-01T00:00:00Z", kind: "completed-task" };
  test("is read whole, decimals exactly as text or number", () => {
    const [first, second] = readOutcomeBatch({
      source: "agent",
      outcomes: [
        { ...one, count: 0.1, success: false, labels: { workload: "assistant-agents" } },
        { ...one, id: "b", count: "0.100000000000000001", value: "3", currency: "USD" },
      ],
    });
    expect(first).toMatchObject({
      source: "agent",
      count: decimal("0.1"),
      success: false,
      attributes: { workload: "assistant-agents" },
    });
    expect(second).toMatchObject({ count: decimal("0.100000000000000001"), value: decimal("3") });
  });

  test.each<[string, unknown, RegExp]>([
    ["an unknown key", { source: "a", outcomes: [{ ...one, price: 1 }] }, /outcomes\[0\].*price/],
    ["none", { source: "a", outcomes: [] }, /outcomes/],
    ["too many", { source: "a", outcomes: Array.from({ length: 10_001 }, () => one) }, /10000/],
    ["a wrong cell", { source: "a", outcomes: [one, { ...one, kind: "No" }] }, /outcomes\[1\]\.kind/],
    ["no object", null, /./],
  ])("with %s is refused as a whole", async (_, body, message) => {
    const problem = await problemOf(Promise.resolve().then(() => readOutcomeBatch(body)));
    expect(problem.code).toBe("outcomes-invalid");
    expect(problem.message).toMatch(message);
  });
});
