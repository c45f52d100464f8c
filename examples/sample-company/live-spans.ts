import { agentCall } from "./states-calls.ts";

/** One call of a live run. */
export interface LiveCall {
  /** Counted from 0; the ids are made of it. */
  readonly number: number;
  /** When it ended, ms since 1970. */
  readonly end: number;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
const text = (key: string, value: string): object => ({ key, value: { stringValue: value } });
const whole = (key: string, value: number): object => ({ key, value: { intValue: String(value) } });

const application = {
  attributes: [
    text("service.name", "assistant-agents"),
    text("team", "assistant"),
    text("deployment.environment.name", "production"),
  ],
};

/** How many tasks so many calls complete. */
export const tasksOf = (calls: number): number => Math.floor(calls / agentCall.callsPerTask);

/**
 * The tasks that assistant-agents has completed since it began, as its OpenTelemetry counter tells them: the body of POST /v1/metrics in JSON.
 * @param run when it began, ms since 1970
 * @param end now, ms since 1970
 */
export const liveTasks = (tasks: number, run: number, end: number): object => ({
  resourceMetrics: [
    {
      resource: application,
      scopeMetrics: [
        {
          scope: { name: "halyard.live" },
          metrics: [
            {
              name: "plimsoll.outcome.completed-task",
              unit: "{task}",
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [
                  {
                    startTimeUnixNano: `${run}000000`,
                    timeUnixNano: `${end}000000`,
                    asInt: String(tasks),
                    attributes: [{ key: "success", value: { boolValue: true } }],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
});

/**
 * Calls of assistant-agents as an application with OpenTelemetry's GenAI conventions sends them: the body of POST /v1/traces in JSON.
 * @param run tells runs apart, so that none repeats another's ids
 */
export function liveSpans(calls: readonly LiveCall[], run: number): object {
  return {
    resourceSpans: [
      {
        resource: application,
        scopeSpans: [{ scope: { name: "halyard.live" }, spans: calls.map((call) => spanOf(call, run)) }],
      },
    ],
  };
}

function spanOf({ number, end }: LiveCall, run: number): object {
  const isAnthropic = number % 5 < 3;
  const [provider, model, output] = isAnthropic
    ? (["anthropic", "claude-sonnet-4-6", agentCall.outputTokens.anthropic] as const)
    : (["openai", "gpt-5.6-terra", agentCall.outputTokens.openai] as const);
  // One in forty fails, and the next one is its repetition.
  const isFailed = number % 40 === 39;
  const seconds = isFailed ? 0.4 : 2 + (number % 7);
  const cached = Math.round(agentCall.promptTokens * agentCall.cachedShare);
  const nanoseconds = (time: number): string => `${Math.round(time)}000000`;
  return {
    traceId: hex(run, 16) + hex(number, 16),
    spanId: hex((run % 2 ** 24) * 2 ** 20 + number, 16),
    name: `chat ${model}`,
    kind: 3,
    startTimeUnixNano: nanoseconds(end - seconds * 1000),
    endTimeUnixNano: nanoseconds(end),
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", provider),
      text("gen_ai.request.model", model),
      text("gen_ai.response.model", model),
      // Anthropic counts cached tokens beside the input, OpenAI within it; the conventions count them within.
      whole("gen_ai.usage.input_tokens", agentCall.promptTokens),
      whole("gen_ai.usage.cache_read.input_tokens", cached),
      ...(isFailed
        ? [text("error.type", "rate_limit_exceeded")]
        : [whole("gen_ai.usage.output_tokens", output)]),
    ],
    status: isFailed ? { code: 2 } : {},
  };
}
