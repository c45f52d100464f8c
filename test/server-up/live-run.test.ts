import { expect, test, vi } from "vitest";
import { runLive } from "#cli/demo-live.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { answerOutcomes } from "#flows/outcomes/answer-outcomes.ts";
import { liveSpans, liveTasks, tasksOf } from "#sample/live-spans.ts";
import { decimal } from "#units/decimal.ts";
import { ownFolder } from "../imports/kit.ts";

test("the sample company's live run is in the lake as it was sent: calls by traces, tasks by a counter", async () => {
  const own = await ownFolder();
  const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await runLive(own.data, 2, { liveSpans, liveTasks, tasksOf });
  const text = printed.mock.calls.map(([line]) => String(line)).join("");
  printed.mockRestore();
  expect(text).toMatch(/^Simulated|Simulated/);
  expect(text).toMatch(/80 calls sent .* 80 in the lake, 1\.44 USD; 6 tasks completed, 0\.24 USD each/);
  const asked = { data: own.data, now: Date.now(), where: [] };
  const calls = await answerCalls({ ...asked, by: ["workload"] });
  expect(calls.groups.map(({ keys, calls: count }) => [keys[0], count])).toEqual([["assistant-agents", 80]]);
  const { groups } = await answerOutcomes({ ...asked, by: ["workload", "team"] });
  expect(groups).toMatchObject([
    {
      keys: ["assistant-agents", "assistant"],
      kind: "completed-task",
      count: decimal("6"),
      succeeded: decimal("6"),
    },
  ]);
  await own.remove();
});
