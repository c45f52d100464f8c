import * as fc from "fast-check";
import { expect, test } from "vitest";
import { UsageBelow } from "#ingest/otlp/usage-below.ts";
import { idOf, readSpans, type TestSpan } from "./span-body.ts";

const chat = (input: number, output: number): Readonly<Record<string, unknown>> => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
});
const agent = { ...chat(300, 30), "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Helper" };

test("an agent repeats the usage of its calls and is none; it names their step", async () => {
  const spans: TestSpan[] = [
    { id: 1, attributes: agent },
    { id: 2, parent: 1, attributes: chat(100, 10) },
    { id: 3, parent: 4, attributes: chat(200, 20) },
    {
      id: 4,
      parent: 1,
      attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" },
    },
  ];
  const { calls } = await readSpans(spans);
  expect(calls.map(({ id, step }) => [id, step])).toEqual([
    [idOf(2), "Helper"],
    [idOf(3), "Helper"],
  ]);
});

test.each(["AGENT", "CHAIN", "TOOL", "RETRIEVER", "GUARDRAIL", "EVALUATOR"])(
  "OpenInference's %s is no call, whatever it counts",
  async (kind) => {
    const { calls, rejected } = await readSpans([
      { attributes: { "openinference.span.kind": kind, "llm.token_count.prompt": 10 } },
    ]);
    expect([calls, rejected]).toEqual([[], {}]);
  },
);

test("two instrumentations of one request are one call, also where the outer span comes with a later request", async () => {
  const outer: TestSpan = { id: 1, attributes: chat(100, 10) };
  const http: TestSpan = { id: 2, parent: 1, attributes: { "http.request.method": "POST" } };
  const inner: TestSpan = { id: 3, parent: 2, attributes: chat(100, 10) };
  const together = await readSpans([outer, http, inner]);
  expect([together.calls.map(({ id }) => id), together.repeating]).toEqual([[idOf(3)], 1]);
  const below = new UsageBelow();
  expect((await readSpans([inner, http], { below })).calls).toHaveLength(1);
  // An exporter that had no answer sends once more.
  expect((await readSpans([inner, http], { below })).calls).toHaveLength(1);
  expect(await readSpans([outer], { below })).toMatchObject({ calls: [], repeating: 1 });
});

test("a call around others that used something else is a call of its own, and counted as such", async () => {
  const { calls, differing } = await readSpans([
    { id: 1, attributes: chat(150, 10) },
    { id: 2, parent: 1, attributes: chat(100, 10) },
  ]);
  expect([calls.length, differing]).toEqual([2, 1]);
});

test("spans in a circle are read and end", async () => {
  const circle: TestSpan[] = [
    { id: 1, parent: 2, attributes: chat(1, 1) },
    { id: 2, parent: 1, attributes: chat(5, 5) },
    { id: 3, parent: 3, attributes: chat(9, 9) },
  ];
  expect((await readSpans(circle)).calls).toHaveLength(3);
});

/** Trees of calls in which spans around them repeat the sum of what is inside. */
interface Tree {
  readonly kind: "call" | "wrapper" | "agent" | "http";
  readonly children: readonly Tree[];
}
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constant<Tree>({ kind: "call", children: [] }),
    fc.record({
      kind: fc.constantFrom<Tree["kind"]>("wrapper", "agent", "http"),
      children: fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));

test("every token is counted once, however calls are wrapped, in whatever order and batches spans come", async () => {
  await fc.assert(
    fc.asyncProperty(
      tree,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 5 }),
      async (root, shuffle, batches) => {
        const spans: TestSpan[] = [];
        let leaves = 0;
        const add = ({ kind, children }: Tree, parent?: number): readonly [number, number] => {
          const id = spans.length + 1;
          spans.push({ id });
          const own: readonly [number, number] = [7 * id, 3 * id];
          const sum = children
            .map((child) => add(child, id))
            .reduce<readonly [number, number]>(
              ([a, b], [c, d]) => [a + c, b + d],
              kind === "call" ? own : [0, 0],
            );
          if (kind === "call") leaves++;
          const attributes =
            kind === "http"
              ? {}
              : kind === "agent"
                ? { ...chat(...sum), "gen_ai.operation.name": "invoke_agent" }
                : chat(...sum);
          spans[id - 1] = { id, attributes, ...(parent === undefined ? {} : { parent }) };
          return sum;
        };
        const whole = add(root);
        // A parent comes with its children or after them, as SDKs send it.
        const reversed = [...spans].reverse();
        const size = Math.ceil(reversed.length / batches);
        const below = new UsageBelow();
        const sums = [0, 0, 0];
        for (let at = 0; at < reversed.length; at += size) {
          const batch = reversed
            .slice(at, at + size)
            .map((span) => ({ span, key: shuffle.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ span }) => span);
          for (const { tokens } of (await readSpans(batch, { below })).calls) {
            sums[0] = (sums[0] ?? 0) + (tokens?.uncachedInput ?? NaN);
            sums[1] = (sums[1] ?? 0) + (tokens?.visibleOutput ?? NaN);
            sums[2] = (sums[2] ?? 0) + 1;
          }
        }
        expect(sums).toEqual([...whole, leaves]);
      },
    ),
    { numRuns: 200 },
  );
});
