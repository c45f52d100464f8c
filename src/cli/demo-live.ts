import { setTimeout as delay } from "node:timers/promises";
import { serve } from "#api/serve.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim } from "./colors.ts";
import { amount, many } from "./format.ts";

const CALLS_PER_SECOND = 40;

/** The body of POST /v1/traces with so many calls, each ended at its time. */
export type SpansOf = (
  calls: readonly { readonly number: number; readonly end: number }[],
  run: number,
) => object;

/** A live run: the server, and a made-up application that sends its calls to it by OTLP. What arrives is in the lake afterwards, priced. */
export async function runLive(data: string, seconds: number, spansOf: SpansOf): Promise<void> {
  process.stdout.write(
    `${bold("Simulated: assistant-agents at work.")} ${dim(`Its calls arrive by OTLP for ${seconds} seconds, as those of an application of yours would.`)}\n`,
  );
  const from = Date.now();
  const served = await serve({
    data,
    host: "127.0.0.1",
    port: 0,
    compactSeconds: 2,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  let sent = 0;
  try {
    for (let second = 0; second < seconds; second++) {
      await send(served.url, sent, from, spansOf);
      sent += CALLS_PER_SECOND;
      await delay(1000);
    }
  } finally {
    await served.stop();
  }
  const { groups } = await answerCalls({
    data,
    now: Date.now(),
    by: ["model"],
    where: ["source=otlp"],
    from: formatInstant(from - 60_000),
    to: formatInstant(Date.now() + 60_000),
  });
  const calls = groups.reduce((sum, group) => sum + group.calls, 0);
  const cost = groups
    .flatMap(({ pricedCosts }) => pricedCosts.filter(({ currency }) => currency === "USD"))
    .reduce((sum, each) => sum + decimal(each.cost), 0n);
  process.stdout.write(
    `  ${many(sent, "call")} sent to ${served.url}/v1/traces, ${calls} in the lake, ${amount(cost)} USD. ${dim("plimsoll up receives yours; plimsoll calls today shows them.")}\n\n`,
  );
}

async function send(url: string, first: number, run: number, spansOf: SpansOf): Promise<void> {
  const end = Date.now();
  const calls = Array.from({ length: CALLS_PER_SECOND }, (_, index) => ({
    number: first + index,
    end: end - index * 20,
  }));
  const answer = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(spansOf(calls, run)),
  });
  if (!answer.ok)
    throw new Problem("internal", `The server answered ${answer.status}: ${await answer.text()}`);
}
