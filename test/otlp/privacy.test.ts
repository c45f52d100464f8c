import { expect, test } from "vitest";
import { promptHash } from "#ingest/calls/prompt-hash.ts";
import { readSpans, type TestSpan } from "./span-body.ts";

const TEXT = "tell nobody about the blue umbrella";
const messages = JSON.stringify([{ role: "user", parts: [{ type: "text", content: TEXT }] }]);

/** Every place where the conventions and libraries put texts, and some of their own. */
const places = [
  "gen_ai.prompt",
  "gen_ai.prompt.0.content",
  "gen_ai.prompt.0.user",
  "gen_ai.completion.0.content",
  "gen_ai.completion",
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.tool.description",
  "gen_ai.agent.description",
  "gen_ai.content.completion.chunk",
  "gen_ai.retrieval.query.text",
  "gen_ai.retrieval.documents",
  "gen_ai.evaluation.explanation.text",
  "llm.input_messages.0.message.content",
  "llm.input_messages.0.message.name",
  "llm.output_messages.0.message.content",
  "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
  "llm.prompts.0.prompt.text",
  "llm.choices.0.completion.text",
  "llm.prompt_template.template",
  "llm.prompt_template.variables",
  "llm.function_call",
  "input.value",
  "output.value",
  "retrieval.documents.0.document.content",
  "embedding.embeddings.0.embedding.text",
  "embedding.text",
  "traceloop.entity.input",
  "traceloop.entity.output",
  "traceloop.prompt.template",
  "ai.prompt",
  "ai.prompt.messages",
  "ai.response.text",
  "ai.toolCall.args",
  "mcp.request.argument",
  "db.query.text",
  "error.message",
  "exception.message",
  "exception.stacktrace",
  "metadata",
  "userPrompt",
  "app.question",
  "http.request.header.x-prompt",
  "url.full",
];

const chat: Readonly<Record<string, unknown>> = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
};

const event = (name: string, key: string): object => ({
  name,
  timeUnixNano: "1",
  attributes: [{ key, value: { stringValue: TEXT } }],
});

const spans: TestSpan[] = [
  ...places.map((place) => ({ attributes: { ...chat, [place]: TEXT } })),
  ...places.map((place) => ({ attributes: { ...chat, [place]: [{ content: TEXT }] } })),
  { attributes: { ...chat, "app.remark": `Please\n${TEXT}` } },
  { attributes: { ...chat, "app.remark": `${"please ".repeat(50)}${TEXT}` } },
  { attributes: { ...chat, "app.remark": { role: "user", content: `${"please ".repeat(50)}${TEXT}` } } },
  { attributes: { ...chat, "gen_ai.usage.input_tokens": TEXT } },
  {
    attributes: chat,
    events: [event("gen_ai.user.message", "content"), event("exception", "exception.message")],
  },
  { attributes: chat, name: TEXT },
];

test("a search for the text of a prompt finds it nowhere in what is kept", async () => {
  const read = await readSpans(spans, {
    hashKey: Buffer.from("a key of sixteen"),
    resource: { "service.name": "chat" },
  });
  expect(read.calls).toHaveLength(spans.length);
  for (const kept of [...read.calls, { ...read, calls: [] }])
    for (const word of ["umbrella", "nobody", "tell"]) expect(JSON.stringify(kept)).not.toContain(word);
  for (const { attributes } of read.calls) expect(attributes["service.name"]).toBe("chat");
});

test("a fault names no text of the body", async () => {
  const body = Buffer.from(`{"resourceSpans": [{"resource": "${TEXT}`);
  const { readTraces } = await import("#ingest/otlp/read-traces.ts");
  const { UsageBelow } = await import("#ingest/otlp/usage-below.ts");
  const fault = await readTraces(
    { body, contentType: "application/json" },
    { source: "otlp", now: 0, below: new UsageBelow() },
  ).then(
    () => new Error("it was read"),
    (caught: unknown) => caught as Error,
  );
  expect(`${fault.message} ${(fault.cause as Error).message}`).not.toContain("umbrella");
});

test("the hash of a prompt is keyed, and the same for the same prompt", async () => {
  const hashes = async (key: string, text: string): Promise<(string | null | undefined)[]> => {
    const { calls } = await readSpans(
      [
        { attributes: { ...chat, "gen_ai.input.messages": text } },
        { attributes: { ...chat, "gen_ai.prompt.1.content": text, "gen_ai.prompt.0.content": "system" } },
        { attributes: chat },
      ],
      { hashKey: Buffer.from(key) },
    );
    return calls.map((call) => call.promptHash);
  };
  const [first, second, none] = await hashes("a key of sixteen", messages);
  expect([first, second]).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ]);
  expect(first).not.toBe(second);
  expect(none).toBeNull();
  expect(await hashes("a key of sixteen", messages)).toEqual([first, second, null]);
  expect((await hashes("another key of it", messages))[0]).not.toBe(first);
  expect((await hashes("a key of sixteen", `${messages} `))[0]).not.toBe(first);
  expect(
    (await readSpans([{ attributes: { ...chat, "gen_ai.prompt": TEXT } }])).calls[0]?.promptHash,
  ).toBeNull();
});

test("the order of attributes and members does not change a hash", () => {
  const key = Buffer.from("key");
  const hash = promptHash(key, [
    ["b", { y: 1, x: [2] }],
    ["a", "text"],
  ]);
  expect(
    promptHash(key, [
      ["a", "text"],
      ["b", { x: [2], y: 1 }],
    ]),
  ).toBe(hash);
});

test("a prompt of a megabyte is hashed, and its bytes count against no limit of attributes", async () => {
  const { calls, setAside } = await readSpans(
    [{ attributes: { ...chat, "gen_ai.input.messages": "x".repeat(2 ** 20) } }],
    { hashKey: Buffer.from("a key of sixteen") },
  );
  expect([calls[0]?.promptHash?.length, setAside]).toEqual([64, { surplusAttributes: 0, largeValues: 0 }]);
});
