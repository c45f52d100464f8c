import { activityHours, type Caller, callers, partOf } from "./activity.ts";
import { unixTime } from "./clock.ts";
import type { Emission } from "./emit-focus.ts";
import { chance, type Chance, hexId } from "./random.ts";
import { agentCall } from "./states-calls.ts";
import { createLineFile } from "./write-lines.ts";

/** What was written of one caller's calls; the truth about them. */
export interface CallTotals {
  readonly workload: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Whom the assistant answers for. */
const customers = ["northwind", "contoso", "fabrikam", "tailspin", "wingtip"] as const;

/** Calls of two days as a gateway exports them: a JSON object a line, one line a call. */
export async function emitModelCalls({ out, world, files, onRows }: Emission): Promise<CallTotals[]> {
  const name = "activity/calls.jsonl.gz";
  const file = createLineFile(out, name);
  const { from, until } = activityHours(world);
  const totals: CallTotals[] = [];
  for (const caller of callers(world)) {
    const of = chance(world.seed, `calls/${caller.provider}/${caller.model}/${caller.workload}`);
    let sum: CallTotals = {
      ...named(caller),
      calls: 0,
      failed: 0,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
    };
    for (let hour = from; hour < until; hour++) {
      const done = callsOfHour(caller, hour, world.seed, of, file.add);
      sum = {
        ...sum,
        calls: sum.calls + done.calls,
        failed: sum.failed + done.failed,
        inputTokens: sum.inputTokens + done.inputTokens,
        cachedTokens: sum.cachedTokens + done.cachedTokens,
        outputTokens: sum.outputTokens + done.outputTokens,
      };
      onRows(done.calls);
      await file.settle();
    }
    totals.push(sum);
  }
  await file.close();
  files.push(name);
  return totals;
}

const named = ({
  workload,
  provider,
  model,
}: Caller): Pick<CallTotals, "workload" | "provider" | "model"> => ({
  workload,
  provider,
  model,
});

type HourTotals = Omit<CallTotals, "workload" | "provider" | "model">;

/** The hour's calls, spread evenly over it; tokens add up to the hour's. */
function callsOfHour(
  caller: Caller,
  hour: number,
  seed: number,
  of: Chance,
  add: (line: string) => void,
): HourTotals {
  const { state, oneIn, workload, provider, model } = caller;
  const at = (values: Float64Array | undefined): number => values?.[hour] ?? 0;
  const attempts = Math.floor(at(state.attempts ?? state.requests) / oneIn);
  const failed = Math.floor(at(state.failedAttempts) / oneIn);
  const [input, cached, output] = [state.inputTokens, state.cachedTokens, state.outputTokens].map((values) =>
    Math.floor(at(values) / oneIn),
  ) as [number, number, number];
  const answered = attempts - failed;
  let answers = 0;
  for (let index = 0; index < attempts; index++) {
    // Failures are spread over the hour as the calls are; the next call is the one that is tried again.
    const isFailed = partOf(failed, index, attempts) > 0;
    const isRetry = index > 0 && partOf(failed, index - 1, attempts) > 0;
    const out = isFailed ? 0 : partOf(output, answers++, answered);
    const number = hour * 1_000_000 + index;
    const pace = 0.7 + 0.9 * of(number);
    add(
      line({
        id: `${workload}-${model}-${hour}-${index}`,
        start: new Date(
          unixTime(hour) * 1000 + Math.floor(((index + 0.5) * 3_600_000) / attempts),
        ).toISOString(),
        durationSeconds: round(isFailed ? 0.3 * pace : 0.25 + 0.011 * out * pace),
        ...(out === 0 ? {} : { firstTokenSeconds: round(0.25 * pace) }),
        provider,
        operation: caller.operation,
        responseModel: model,
        status: isFailed ? "error" : "ok",
        ...(isFailed ? { error: "rate_limit_exceeded" } : {}),
        retry: isRetry,
        tokens: {
          input: partOf(input, index, attempts),
          output: out,
          cacheRead: partOf(cached, index, attempts),
        },
        step: caller.step,
        customer: customers[Math.floor(of(number + 500_000) * customers.length)] ?? customers[0],
        promptHash: promptHash(caller, number, seed, of),
        attributes: { team: caller.team, workload, "deployment.environment.name": caller.environment },
      }),
    );
  }
  return {
    calls: attempts,
    failed,
    inputTokens: attempts === 0 ? 0 : input,
    cachedTokens: attempts === 0 ? 0 : cached,
    outputTokens: answered === 0 ? 0 : output,
  };
}

/** Some calls of the agents repeat an earlier one to the letter. */
function promptHash({ workload, model }: Caller, number: number, seed: number, of: Chance): string {
  const repeats = workload === "assistant-agents" && of(number + 700_000) < agentCall.duplicateShare;
  return hexId(seed, `prompt/${workload}/${model}/${repeats ? number - 1 : number}`, 32);
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
const line = (call: object): string => `${JSON.stringify(call)}\n`;
