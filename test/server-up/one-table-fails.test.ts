import { expect, test, vi } from "vitest";
import { serve } from "#api/serve.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { answerOutcomes } from "#flows/outcomes/answer-outcomes.ts";
import { Problem } from "#units/problems.ts";
import { ownFolder } from "../imports/kit.ts";
import { line } from "./kit.ts";

interface Original {
  readonly recentPrices: (data: string) => (now: number) => Promise<unknown>;
}

/** A price file that was spoilt after the start; with `mend` it can be read again. */
const prices = vi.hoisted(() => ({ isSpoilt: false }));
vi.mock("#flows/calls/recent-prices.ts", async (original) => {
  const { recentPrices } = await original<Original>();
  return {
    recentPrices: (data: string) => {
      const read = recentPrices(data);
      return (now: number) => {
        if (prices.isSpoilt) throw new Problem("price-file-invalid", "tokens.csv can't be read.");
        return read(now);
      };
    },
  };
});

test("prices that can't be read keep calls waiting, and outcomes from nothing", async () => {
  const own = await ownFolder();
  const told: string[] = [];
  const log = (text: string): void => void told.push(text);
  const served = await serve({ data: own.data, host: "127.0.0.1", port: 0, compactSeconds: 1, log });
  const send = async (route: string, body: object): Promise<number> => {
    const headers = { "content-type": "application/json" };
    const sent = { method: "POST", headers, body: JSON.stringify(body) };
    return (await fetch(`${served.url}${route}`, sent)).status;
  };
  prices.isSpoilt = true;
  expect(await send("/api/v1/calls", [line("a")])).toBe(200);
  const outcomes = [{ id: "1", time: "2026-07-14T09:00:00Z", kind: "completed-task" }];
  expect(await send("/api/v1/outcomes", { source: "agent", outcomes })).toBe(200);
  const asked = { data: own.data, now: Date.now(), by: [], where: [] };
  await expect.poll(async () => (await answerOutcomes(asked)).groups.length, { timeout: 20_000 }).toBe(1);
  expect(told).toContain("not compacted: price-file-invalid: tokens.csv can't be read.");
  await expect(answerCalls(asked)).rejects.toMatchObject({ code: "lake-empty" });
  prices.isSpoilt = false;
  await expect.poll(async () => (await answerCalls(asked)).total?.calls, { timeout: 20_000 }).toBe(1);
  await served.stop();
  await own.remove();
});
