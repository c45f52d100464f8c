import { gzipSync } from "node:zlib";
import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askCalls, faultsOfCalls, idsInLake } from "../calls/lake-kit.ts";
import { type OwnFolder, ownFolder, plimsoll } from "../imports/kit.ts";
import { line, post, up } from "./kit.ts";

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

/** What an application sends whose agent asks a model. */
async function runApplication(exporter: SpanExporter, start: number): Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "chat-api", team: "search" }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("application");
  const agent = tracer.startSpan("invoke_agent Helper", {
    startTime: start,
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 9000 },
  });
  const chat = tracer.startSpan(
    "chat gpt-5",
    {
      startTime: start + 10,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-5",
        "gen_ai.usage.input_tokens": 9000,
        "gen_ai.usage.cache_read.input_tokens": 8000,
        "gen_ai.usage.output_tokens": 400,
      },
    },
    trace.setSpan(context.active(), agent),
  );
  chat.end(start + 2000);
  agent.end(start + 2100);
  await provider.shutdown();
}

describe("plimsoll up", () => {
  test("takes what the OpenTelemetry SDK sends, prices it, and keeps it when it is told to stop", async () => {
    const served = await up(own.data, { args: ["--compact-seconds", "1"] });
    const start = Date.now() - 60_000;
    for (const exporter of [
      new ProtobufExporter({ url: `${served.url}/v1/traces` }),
      new ProtobufExporter({ url: `${served.url}/v1/traces`, compression: "gzip" as never }),
      new JsonExporter({ url: `${served.url}/v1/traces` }),
    ])
      await runApplication(exporter, start);
    expect(await served.end()).toBe(0);
    expect(served.printed()).toMatch(/Stopping: what was taken is kept\.\n$/);
    // Three runs of the application, a call each; agents around them only repeat its tokens.
    expect(
      await askCalls(
        own.data,
        `select "x_Workload" as workload, "x_Team" as team, count(*)::varchar as calls, sum("PricedCost")::varchar as cost from {calls} group by all`,
      ),
    ).toEqual([{ workload: "chat-api", team: "search", calls: "3", cost: "0.018750000000000000" }]);
    expect(await faultsOfCalls(own.data)).toEqual([]);
  });

  test("answers a batch with what was taken and what was not, and counts what is sent again once", async () => {
    const served = await up(own.data);
    const url = `${served.url}/api/v1/calls?source=gateway`;
    const calls = [
      line("a"),
      line("b", { start: "1999-01-01T00:00:00Z" }),
      line("c", { tokens: { input: -5, output: 1 } }),
    ];
    const first = await post(url, JSON.stringify(calls));
    expect(first.status).toBe(200);
    expect(JSON.parse(first.body)).toMatchObject({
      rows: 3,
      rejected: { "time-implausible": 1, "field-invalid": 1 },
    });
    const lines = calls.map((each) => JSON.stringify(each)).join("\n");
    const again = await post(url, gzipSync(lines), {
      "content-type": "application/x-ndjson",
      "content-encoding": "gzip",
    });
    expect(JSON.parse(again.body)).toMatchObject({ calls: 1 });
    const metrics = await (await fetch(`${served.url}/metrics`)).text();
    expect(metrics).toContain('plimsoll_calls_kept_total{route="/api/v1/calls"} 2');
    expect(metrics).toContain(
      'plimsoll_calls_rejected_total{route="/api/v1/calls",reason="time-implausible"} 2',
    );
    expect(await served.end()).toBe(0);
    expect(await idsInLake(own.data)).toEqual(["a"]);
  });

  test("is one for a folder and a port, and open to others only with a token", async () => {
    const served = await up(own.data, { env: { PLIMSOLL_INGEST_TOKEN: "not-guessed" } });
    const { port } = new URL(served.url);
    const start = (...args: string[]) => plimsoll(["up", ...args]);
    const second = await start("--data", own.data, "--port", "0");
    expect(second).toMatchObject({ exit: 3 });
    expect(second.stderr).toContain(`journal-busy: Another process (PID ${served.process.pid})`);
    expect((await start("--data", `${own.folder}/b`, "--port", port)).stderr).toContain("port-taken");
    expect((await start("--data", `${own.folder}/c`, "--host", "0.0.0.0")).stderr).toContain("token-needed");
    expect((await start("--data", `${own.folder}/c`, "--port", "x")).stderr).toContain("--port x is no port");
    const url = `${served.url}/api/v1/calls`;
    const body = JSON.stringify([line("a")]);
    expect(await post(url, body)).toMatchObject({ status: 401 });
    const wrong = await post(url, body, { authorization: "Bearer guessed" });
    expect([wrong.status, wrong.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await post(url, body, { authorization: "Bearer not-guessed" })).toMatchObject({ status: 200 });
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    expect(await served.end("SIGINT")).toBe(0);
  });
});
