import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import protobuf from "protobufjs";
import { exportRequest, SPANS, traceProto } from "./generated-spans.ts";

const plimsoll = fileURLToPath(new URL("../../bin/plimsoll.js", import.meta.url));
const SECONDS = 10;

/** Spans that the server answers for a second, each durable by then, against protobufjs's own decoding of the same bodies in the same run. */
export async function upBench(folder: string): Promise<string[]> {
  const data = path.join(folder, "up");
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  const type = protobuf.parse(traceProto).root.lookupType("ExportTraceServiceRequest");
  const bodies = Array.from({ length: 20 }, (_, index) =>
    Buffer.from(type.encode(type.fromObject(exportRequest(Date.now() - index * 60_000).protobuf)).finish()),
  );
  const alone = decodeRate(type, bodies);
  const child = spawn(process.execPath, [
    plimsoll,
    "up",
    "--data",
    data,
    "--port",
    "0",
    "--compact-seconds",
    "600",
  ]);
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /Listening on (\S+):/.exec(said)?.[1];
      if (found !== undefined) resolve(`${found}/v1/traces`);
    });
    child.once("close", () => reject(new Error(said)));
  });
  const lines: string[] = [];
  for (const [name, sent, headers] of [
    ["protobuf", bodies, {}],
    ["gzipped protobuf", bodies.map((body) => gzipSync(body)), { "content-encoding": "gzip" }],
  ] as const) {
    const { rate, p50, p99 } = await load(url, sent, headers);
    lines.push(
      `${name}: ${Math.round(rate / 1000)}k spans/s answered for, ${(rate / alone).toFixed(2)} of protobufjs's own decode (${Math.round(alone / 1000)}k; goal 0.5); a body of ${SPANS} spans in ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
    );
  }
  child.kill("SIGKILL");
  await once(child, "close");
  await rm(data, { recursive: true, force: true });
  return lines;
}

/**
 * For as long as the server is measured, the first second to warm the compiler. Each message is held until the next one is there: where nobody holds it, the
 * compiler sees that and never makes most of it, and what is measured is three times as fast and decodes nothing.
 */
function decodeRate(type: protobuf.Type, bodies: readonly Buffer[]): number {
  const held: unknown[] = [];
  const decodeFor = (seconds: number): number => {
    const started = performance.now();
    let rounds = 0;
    while (performance.now() - started < seconds * 1000)
      held[0] = type.decode(bodies[rounds++ % bodies.length] ?? Buffer.alloc(0));
    return (rounds * SPANS) / ((performance.now() - started) / 1000);
  };
  decodeFor(1);
  const rate = decodeFor(SECONDS);
  if (held.length !== 1) throw new Error("nothing was decoded");
  return rate;
}

/** Four senders that wait for each answer. */
async function load(
  url: string,
  bodies: readonly Buffer[],
  headers: Readonly<Record<string, string>>,
): Promise<{ rate: number; p50: number; p99: number }> {
  const latencies: number[] = [];
  const started = performance.now();
  let next = 0;
  const send = async (): Promise<void> => {
    while (performance.now() - started < SECONDS * 1000) {
      const body = new Uint8Array(bodies[next++ % bodies.length] ?? []);
      const sent = performance.now();
      const answer = await fetch(url, {
        method: "POST",
        body,
        headers: { "content-type": "application/x-protobuf", ...headers },
      });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`${answer.status}`);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: 4 }, send));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (ratio: number): number => latencies[Math.floor(latencies.length * ratio)] ?? NaN;
  return { rate: (latencies.length * SPANS) / seconds, p50: at(0.5), p99: at(0.99) };
}
