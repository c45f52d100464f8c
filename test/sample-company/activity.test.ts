import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importCallFiles } from "#flows/calls/import-call-files.ts";
import { answerBridge } from "#flows/bridge/answer-bridge.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { importDelivery } from "#flows/import/import-delivery.ts";
import { importOutcomeFiles } from "#flows/outcomes/import-outcomes.ts";
import { answerOutcomes } from "#flows/outcomes/answer-outcomes.ts";
import { answerReconciliation } from "#flows/reconciliation/answer-reconciliation.ts";
import { reportCost } from "#flows/report/report-cost.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { compareModels } from "#flows/self-hosted/compare-models.ts";
import { answerSignals } from "#flows/signals/answer-signals.ts";
import { importSignals } from "#flows/signals/import-signals.ts";
import { generate } from "#sample/generate.ts";
import type { ActivityTruth } from "#sample/emit-activity.ts";
import { decimal, formatDecimal, ONE } from "#units/decimal.ts";
import { ownFolder, type OwnFolder } from "../imports/kit.ts";

const now = Date.UTC(2026, 8, 1);
const how = { now };

describe("what the sample company's workloads did", () => {
  let own: OwnFolder;
  let truth: ActivityTruth;
  const file = (name: string): string => `${own.folder}/made/activity/${name}`;
  const bring = (source: string, role: "invoice" | "allocation", input: string): Promise<unknown> =>
    importDelivery(
      { data: own.data, inputs: [input], source, role, values: {}, force: false, now },
      () => {},
    );
  beforeAll(async () => {
    own = await ownFolder();
    const { data } = own;
    const { truthPath } = await generate({ out: `${own.folder}/made`, days: 44, activity: true });
    truth = (JSON.parse(await readFile(truthPath, "utf8")) as { activity: ActivityTruth }).activity;
    await importCallFiles(data, [file("calls.jsonl.gz")], "gateway", how);
    await importSignals(data, [file("signals.csv.gz")], "prometheus", how);
    await importOutcomeFiles(data, [file("outcomes.csv")], "helpdesk", how);
    await bring("anthropic", "invoice", `${own.folder}/made/anthropic`);
    await bring("aws", "invoice", `${own.folder}/made/aws`);
    await bring("kubernetes", "allocation", file("allocation.csv"));
  }, 180_000);
  afterAll(() => own.remove());
  const asked = { now, period: "2026-07" } as const;

  test("is in the lake as it was made: calls, how they went, and every token", async () => {
    const { groups } = await answerCalls({
      data: own.data,
      ...asked,
      by: ["workload", "provider", "model"],
      where: [],
    });
    const found = groups.map(({ keys, calls, failed, tokens: of }) => ({
      key: keys.join(" "),
      calls,
      failed,
      input: (of.UncachedInputTokens ?? 0) + (of.CacheReadTokens ?? 0),
      cached: of.CacheReadTokens,
      output: of.VisibleOutputTokens,
    }));
    const made = truth.calls.map(
      ({ workload, provider, model, calls, failed, inputTokens, cachedTokens, outputTokens }) => ({
        key: [workload, provider, model].join(" "),
        calls,
        failed,
        input: inputTokens,
        cached: cachedTokens,
        output: outputTokens,
      }),
    );
    const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);
    expect(found.sort(byKey)).toEqual(made.sort(byKey));
    expect(truth.calls.reduce((sum, { calls }) => sum + calls, 0)).toBeGreaterThan(400_000);
  });

  test("is what the provider billed, to the last unit: metered calls are the bill's tokens", async () => {
    const { question } = await exactQuestion(own.data, {
      now,
      from: "2026-07-13",
      to: "2026-07-15",
      where: ["ServiceName=Claude API"],
      measures: ["EffectiveCost"],
    });
    const [billed] = (await reportCost(own.data, { question })).totals;
    const { groups } = await answerCalls({
      data: own.data,
      ...asked,
      by: ["provider"],
      where: ["provider=anthropic"],
    });
    expect(groups[0]?.unpriced).toEqual([]);
    expect(groups[0]?.pricedCosts[0]?.cost).toBe(formatDecimal(billed?.sums[0] ?? 0n));
  });

  test("reconciles with the bill: nothing is unexplained", async () => {
    const { models } = await answerReconciliation({
      data: own.data,
      now,
      period: "2026-07-13",
      byProject: false,
    });
    const sonnet = models.find(({ model }) => model === "claude-sonnet-4-6");
    expect(sonnet?.days).toMatchObject([{ difference: 0n, parts: [] }]);
    expect(
      models
        .flatMap(({ days }) => days.flatMap(({ parts }) => parts))
        .filter(({ cause }) => cause === "unexplained"),
    ).toEqual([]);
  });

  test("has outcomes and signals that add up to what was made", async () => {
    const outcomes = await answerOutcomes({ data: own.data, now, by: ["workload"], where: [] });
    expect(
      outcomes.groups.map(({ keys, kind, count, succeeded }) => ({
        workload: keys[0],
        kind,
        count: Number(count / ONE),
        succeeded: Number(succeeded / ONE),
      })),
    ).toEqual(expect.arrayContaining([...truth.outcomes]));
    const signals = await answerSignals({
      data: own.data,
      ...asked,
      signals: ["requests_finished", "input_tokens", "output_tokens", "gpu_active"],
      by: ["workload"],
      where: [],
    });
    for (const { workload, requests, inputTokens, outputTokens, gpuActive } of truth.signals) {
      const of = (signal: string) =>
        signals.groups.find(({ keys, signal: name }) => keys[0] === workload && name === signal);
      expect(of("requests_finished")?.total).toBe(requests);
      if (inputTokens > 0) expect(of("input_tokens")?.total).toBe(inputTokens);
      if (outputTokens > 0) expect(of("output_tokens")?.total).toBe(outputTokens);
      // Weighed by GPUs here, by time there: they differ as much as machines come and go.
      expect(Math.abs((of("gpu_active")?.mean ?? 0) - gpuActive)).toBeLessThan(0.06);
    }
  });

  test("tells the incident apart from use: a deploy doubled the prompt and broke its cache", async () => {
    const { bridges } = await answerBridge({
      data: own.data,
      now,
      period: "2026-07-14",
      compare: "previous",
      of: "calls",
      by: "model",
      where: ["workload=assistant-agents"],
      units: "",
      volume: "items",
      volumeWhere: [],
      method: "lmdi",
      history: 0,
    });
    const [usd] = bridges;
    expect(usd?.read.reading).toBe("dearer");
    const { before, after, parts } = usd?.bridge.sum ?? {
      before: 1n,
      after: 0n,
      parts: { efficiency: 0n, volume: 0n },
    };
    // From 06:00 on 70 % more a task, at equal volume.
    expect(Number((after * 100n) / before)).toBeGreaterThan(140);
    expect(parts.efficiency > 20n * (parts.volume < 0n ? -parts.volume : parts.volume)).toBe(true);
  });

  test("has a cost of its own model's tokens that is its part of the bill", async () => {
    const { selfHosted } = await compareModels({ data: own.data, now, period: "2026-07-13", by: "customer" });
    const [chat] = selfHosted;
    expect(chat).toMatchObject({
      workload: "prod-us/assistant-prod/Deployment/assistant-chat",
      basis: "bill",
      currency: "USD",
    });
    expect(chat?.cost?.split).toBe("compute-time");
    expect(chat?.cost?.utilisation !== undefined && chat.cost.utilisation < decimal("0.7")).toBe(true);
    const parts = (chat?.users ?? []).reduce((sum, { cost }) => sum + cost, chat?.unmetered ?? 0n);
    expect(parts).toBe(chat?.cost?.allocation.cost);
  });
});
