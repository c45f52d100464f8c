import { setTimeout as delay } from "node:timers/promises";
import { serve } from "#api/serve.ts";
import { answerCalls } from "#flows/calls/answer-calls.ts";
import { answerOutcomes } from "#flows/outcomes/answer-outcomes.ts";
import { decimal, divideRounded, ONE } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim } from "./colors.ts";
import { amount, many } from "./format.ts";

const CALLS_PER_SECOND = 40;

/** What a made-up application sends. */
export interface LiveApplication {
  /** The body of POST /v1/traces with so many calls, each ended at its time. */
  readonly liveSpans: (
    calls: readonly { readonly number: number; readonly end: number }[],
    run: number,
  ) => object;
  /** The body of POST /v1/metrics with the tasks that it has completed since it began. */
  readonly liveTasks: (tasks: number, run: number, end: number) => object;
  /** How many tasks so many calls complete. */
  readonly tasksOf: (calls: number) => number;
}

/** A live run: the server, and a made-up application that sends its calls to it by OTLP. What arrives is in the lake afterwards, priced. */
export async function runLive(data: string, seconds: number, application: LiveApplication): Promise<void> {
  const { liveSpans, liveTasks, tasksOf } = application;
  process.stdout.write(
    `${bold("Simulated: assistant-agents at work.")} ${dim(`Its calls and the tasks that it completes arrive by OTLP for ${seconds} seconds, as those of an application of yours would.`)}\n`,
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
      await send(`${served.url}/v1/traces`, liveSpans(callsFrom(sent), from));
      sent += CALLS_PER_SECOND;
      await send(`${served.url}/v1/metrics`, liveTasks(tasksOf(sent), from, Date.now()));
      await delay(1000);
    }
  } finally {
    await served.stop();
  }
  const arrived = {
    data,
    now: Date.now(),
    where: ["source=otlp"],
    from: formatInstant(from - 60_000),
    to: formatInstant(Date.now() + 60_000),
  };
  const { groups } = await answerCalls({ ...arrived, by: ["model"] });
  const calls = groups.reduce((sum, group) => sum + group.calls, 0);
  const cost = groups
    .flatMap(({ pricedCosts }) => pricedCosts.filter(({ currency }) => currency === "USD"))
    .reduce((sum, each) => sum + decimal(each.cost), 0n);
  const achieved = await answerOutcomes({ ...arrived, by: [] });
  const tasks = achieved.groups.reduce((sum, group) => sum + group.count, 0n);
  const each = tasks === 0n ? "" : `, ${amount(divideRounded(cost * ONE, tasks, "half-even"))} USD each`;
  process.stdout.write(
    `  ${many(sent, "call")} sent to ${served.url}/v1/traces, ${calls} in the lake, ${amount(cost)} USD; ${many(Number(tasks / ONE), "task")} completed${each}. ${dim("plimsoll up receives yours; plimsoll calls today shows them.")}\n\n`,
  );
}

/** The next calls, ended a little before now, one after the other. */
function callsFrom(first: number): { number: number; end: number }[] {
  const end = Date.now();
  return Array.from({ length: CALLS_PER_SECOND }, (_, index) => ({
    number: first + index,
    end: end - index * 20,
  }));
}

async function send(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok)
    throw new Problem("internal", `The server answered ${answer.status}: ${await answer.text()}`);
}
