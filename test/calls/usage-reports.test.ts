import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { importCallFiles } from "#flows/calls/import-call-files.ts";
import { callKpis } from "#flows/kpis/call-kpis.ts";
import { Problem } from "#units/problems.ts";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import { faultsOfCalls } from "./lake-kit.ts";
import { bucket, completions, messagePage, messages, page } from "./usage-kit.ts";

const now = Date.UTC(2026, 6, 20, 12);
const at = (day: number, hour = 0): number => Date.UTC(2026, 6, day, hour) / 1000;
let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

async function file(name: string, content: unknown): Promise<string> {
  const place = path.join(own.data, "..", name);
  await writeFile(place, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return place;
}
const load = async (...contents: readonly unknown[]) => {
  const files: string[] = [];
  for (const [index, content] of contents.entries()) files.push(await file(`usage-${index}.json`, content));
  return importCallFiles(own.data, files, "usage", { now });
};
const ask = (by: readonly string[]) => answerCalls({ data: own.data, now, by, where: [] });

describe("OpenAI's usage report", () => {
  test("counts the calls that each result sums up, with their tokens, tier and project", async () => {
    const done = await load(
      page(
        bucket(at(14), at(15), completions({}), completions({ batch: true, num_model_requests: 4 })),
        bucket(at(15), at(16)),
        bucket(at(16), at(17), completions({ object: "organization.usage.images.result", images: 3 })),
      ),
    );
    expect(done).toMatchObject({ added: 2, files: [{ format: "openai-usage", calls: 2, passedOver: 1 }] });
    const { groups, total } = await ask(["tier", "tag:project_id"]);
    expect(groups.map(({ keys, calls }) => [...keys, calls])).toEqual([
      [null, "proj_a", 10],
      ["batch", "proj_a", 4],
    ]);
    expect(total).toMatchObject({
      calls: 14,
      uncounted: 0,
      tokensKnown: 14,
      statusKnown: 0,
      tokens: { UncachedInputTokens: 1200, CacheReadTokens: 800, VisibleOutputTokens: 200 },
      unpriced: [{ reason: "tier-unpriced", calls: 4 }],
    });
    expect(await faultsOfCalls(own.data)).toEqual([]);
  });

  test("is priced by the size of a call, not of their sum", async () => {
    // Gemini-like steps are of OpenAI's models too: beyond 272,000 input tokens some cost twice as much.
    const priced = async (calls: number): Promise<string | undefined> => {
      const { data, remove } = await ownFolder();
      const place = await file(
        "steps.json",
        page(
          bucket(
            at(14),
            at(15),
            completions({
              model: "gpt-5.4",
              input_tokens: 3_000_000,
              input_cached_tokens: 0,
              num_model_requests: calls,
            }),
          ),
        ),
      );
      await importCallFiles(data, [place], "usage", { now });
      const { total } = await answerCalls({ data, now, by: [], where: [] });
      await remove();
      return total?.pricedCosts[0]?.cost;
    };
    const [many, few] = [await priced(3000), await priced(2)];
    expect(Number(few)).toBeGreaterThan(Number(many) * 1.5);
  });

  test("with audio, cache writes and embeddings keeps its partition", async () => {
    await load(
      page(
        bucket(
          at(14),
          at(15),
          completions({ input_cache_write_tokens: 100, input_audio_tokens: 50, output_audio_tokens: 20 }),
          completions({
            object: "organization.usage.embeddings.result",
            model: "text-embedding-3-small",
            output_tokens: undefined,
            input_cached_tokens: undefined,
          }),
        ),
      ),
    );
    const { groups } = await ask(["operation"]);
    const of = (operation: string) => groups.find(({ keys }) => keys[0] === operation);
    expect(of("chat")?.tokens).toMatchObject({
      UncachedInputTokens: 500,
      CacheReadTokens: 400,
      CacheWrite5mTokens: 100,
      AudioInputTokens: 50,
      VisibleOutputTokens: 100,
      AudioOutputTokens: 20,
    });
    expect(of("embeddings")?.tokens).toMatchObject({ UncachedInputTokens: 1000, VisibleOutputTokens: 0 });
  });

  test("brought again, page by page or one after the other in a file, counts once", async () => {
    const [first, second] = [
      page(bucket(at(14), at(15), completions({}))),
      page(bucket(at(15), at(16), completions({}))),
    ];
    expect(await load(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`)).toMatchObject({ added: 2 });
    expect(await load([first, second])).toMatchObject({ added: 0, duplicates: 2 });
    expect(await load(second, first)).toMatchObject({ added: 0, duplicates: 2 });
  });

  test("leaves out what may still grow", async () => {
    const done = await load(
      page(bucket(at(19), at(20), completions({})), bucket(at(20), at(20, 12), completions({}))),
    );
    expect(done).toMatchObject({ added: 1 });
    const later = await load(
      page(
        bucket(at(18), at(19), completions({})),
        bucket(at(20), at(21), completions({ num_model_requests: 3 })),
      ),
    );
    expect(later).toMatchObject({ added: 1, rejected: 1, files: [{ rejected: { unfinished: 1 } }] });
  });

  test.each([
    ["by the hour", page(bucket(at(14, 3), at(14, 4), completions({}))), /openai of 2026-07-14 .* 1d and 1h/],
    [
      "by another grouping",
      page(bucket(at(14), at(15), completions({ user_id: "user_1" }))),
      /grouped by model, project_id, user_id, and the lake has it by model, project_id/,
    ],
  ])("is refused %s where the day is there already", async (_, content, message) => {
    await load(page(bucket(at(14), at(15), completions({}))));
    const again = load(content);
    await expect(again).rejects.toThrow(message);
    await expect(again).rejects.toMatchObject({ code: "usage-overlaps" });
    expect((await ask([])).total?.calls).toBe(10);
  });

  test("in two widths of one day is refused whole", async () => {
    await expect(
      load(
        page(bucket(at(14), at(15), completions({}))),
        page(bucket(at(14, 3), at(14, 4), completions({}))),
      ),
    ).rejects.toThrow(Problem);
    await expect(ask([])).rejects.toMatchObject({ code: "lake-empty" });
  });
});

describe("Anthropic's usage report", () => {
  test("does not tell how many calls there were: each result counts as one at least, and what is per call is unknown", async () => {
    await load(
      messagePage(
        "2026-07-14T00:00:00Z",
        "2026-07-15T00:00:00Z",
        messages({}),
        messages({ workspace_id: "wrkspc_2" }),
      ),
    );
    const { total } = await ask([]);
    expect(total).toMatchObject({
      calls: 2,
      uncounted: 2,
      tokens: {
        UncachedInputTokens: 3000,
        CacheReadTokens: 400,
        CacheWrite5mTokens: 1000,
        CacheWrite1hTokens: 2000,
        VisibleOutputTokens: 100,
      },
      unpriced: [],
    });
    const kpis = (await callKpis({ data: own.data, now }, "model")).get("claude-sonnet-4-5-20250929") ?? [];
    const value = (id: string) => kpis.find((kpi) => kpi.id === id)?.value;
    expect(value("calls")).toBeUndefined();
    expect(value("failed calls")).toBeUndefined();
    expect(value("cost per 1,000 calls")).toBeUndefined();
    expect(value("cost per million tokens")).toBeGreaterThan(0n);
    const { stdout } = await plimsoll(["calls", "--data", own.data]);
    expect(stdout).toMatch(/≥ 2 +unknown/);
    expect(stdout).toContain(
      "Calls: 2 rows of usage reports don't say how many calls they sum up; each counts as one.",
    );
  });

  test("is priced by the window that calls were of", async () => {
    const costOf = async (context_window: string | null): Promise<number> => {
      const { data, remove } = await ownFolder();
      const place = await file(
        "window.json",
        messagePage(
          "2026-07-14T00:00:00Z",
          "2026-07-15T00:00:00Z",
          messages({ context_window, uncached_input_tokens: 9_000_000 }),
        ),
      );
      await importCallFiles(data, [place], "usage", { now });
      const { total } = await answerCalls({ data, now, by: [], where: [] });
      await remove();
      return Number(total?.pricedCosts[0]?.cost);
    };
    const [short, long, untold] = [await costOf("0-200k"), await costOf("200k-1M"), await costOf(null)];
    expect(long).toBeGreaterThan(short * 1.5);
    expect(untold).toBe(short);
  });

  test("of a tier that nobody has prices of has no cost", async () => {
    await load(
      messagePage(
        "2026-07-14T00:00:00Z",
        "2026-07-15T00:00:00Z",
        messages({ service_tier: "priority_on_demand" }),
      ),
    );
    expect((await ask([])).total?.unpriced).toEqual([{ reason: "tier-unpriced", calls: 1 }]);
  });
});

test.each([
  [
    "a cost report",
    page(
      bucket(at(14), at(15), { object: "organization.costs.result", amount: { value: 1, currency: "usd" } }),
    ),
    "format-unknown",
    /bill, not calls/,
  ],
  [
    "a bucket without time",
    page({ ...bucket(at(14), at(15), completions({})), start_time: null }),
    "calls-invalid",
    /no time/,
  ],
  [
    "a time of the future",
    page(bucket(at(14) + 1e9, at(15) + 1e9, completions({}))),
    "calls-invalid",
    /future/,
  ],
  ["counts below zero", page(bucket(at(14), at(15), completions({ output_tokens: -5 }))), undefined, /./],
])("%s is told", async (_, content, code, message) => {
  const done = load(content);
  if (code === undefined) {
    await done;
    expect((await ask([])).total).toMatchObject({
      tokensKnown: 0,
      unpriced: [{ reason: "usage-faulty", calls: 10 }],
    });
    return;
  }
  await expect(done).rejects.toMatchObject({ code });
  await expect(done).rejects.toThrow(message);
});
