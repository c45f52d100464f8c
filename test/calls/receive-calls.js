import { compactCalls } from "#flows/calls/compact-calls.ts";
import { recordCalls } from "#flows/calls/record-calls.ts";

/**
 * Receives calls and compacts them all the while, for tests that kill it, and prints what was acknowledged:
 * node test/calls/receive-calls.js <data> <first number> [rows at a time]
 */
const [data = "", first = "0", size = "20"] = process.argv.slice(2);
const DAY = 86_400_000;

const call = (number) => ({
  source: `gateway-${number % 3}`,
  id: `call-${number}`,
  start: Date.UTC(2026, 6, 14) + ((number * 7919) % (3 * 24 * 60)) * 60_000 + (number % 60_000),
  duration: 1000 * (1 + (number % 997)),
  firstToken: number % 5 === 0 ? null : 500 * (1 + (number % 97)),
  provider: "openai",
  operation: "chat",
  requestModel: `model-${number % 7}`,
  responseModel: null,
  region: null,
  tier: null,
  status: number % 50 === 0 ? "error" : "ok",
  error: null,
  retry: null,
  tokens: null,
  tokensFault: null,
  requests: {},
  statedCost: `0.${String(number % 1_000_000).padStart(9, "0")}`,
  statedCurrency: "USD",
  traceId: null,
  conversation: null,
  step: null,
  customer: `customer-${number % 11}`,
  promptHash: null,
  attributes: { team: `team-${number % 4}` },
});

const recorder = await recordCalls(data, {
  segmentBytes: 100_000,
  waitingBytes: 1e9,
  unwrittenBytes: 1e8,
});
process.stdout.write("ready\n");

async function receive() {
  for (let number = Number(first); ; number += Number(size)) {
    const calls = Array.from({ length: Number(size) }, (_, index) => call(number + index));
    // A sender that heard no answer sends again, what is long in the lake among it.
    const again = number % 3 === 0 ? calls.slice(0, 3) : [];
    const old = number > 500 ? [call(Math.floor(Math.random() * number))] : [];
    await Promise.all([
      recorder.record([...calls, ...old]),
      ...(again.length === 0 ? [] : [recorder.record(again)]),
    ]);
    process.stdout.write(`${number} ${number + calls.length}\n`);
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}
async function compact() {
  for (;;) await compactCalls(data, { now: Date.now() - DAY, journal: recorder.journal });
}
await Promise.all([receive(), compact()]);
