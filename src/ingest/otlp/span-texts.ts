import type { Attributes } from "./span.ts";

/** The first of several attributes that holds a text, at most 256 letters of it. */
export function firstText(attributes: Attributes, names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === "string" && value !== "") return value.slice(0, 256);
  }
  return null;
}

/** Names of a call's columns, newest first. What they hold is not kept a second time. */
export const names = {
  provider: ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"],
  requestModel: [
    "gen_ai.request.model",
    "llm.request.model",
    "llm.model_name",
    "embedding.model_name",
    "reranker.model_name",
  ],
  responseModel: ["gen_ai.response.model", "llm.response.model"],
  conversation: ["gen_ai.conversation.id", "session.id", "traceloop.association.properties.session_id"],
  tier: [
    "openai.response.service_tier",
    "gen_ai.openai.response.service_tier",
    "openai.request.service_tier",
    "gen_ai.openai.request.service_tier",
  ],
  prompt: ["gen_ai.prompt.name", "traceloop.prompt.key"],
} as const;

/** Whom a call served; these stay among the attributes, since rules may ask for them by name. */
export const customerNames = [
  "customer.id",
  "customer",
  "tenant.id",
  "tenant",
  "traceloop.association.properties.customer_id",
  "enduser.id",
  "user.id",
  "gen_ai.user",
  "llm.user",
  "traceloop.association.properties.user_id",
];

/** Settings of the model and facts of the SDK, of no use for cost. */
export const noise =
  /^(telemetry\.|process\.|os\.|thread\.|code\.|otel\.|host\.(id|arch|image)|gen_ai\.request\.(temperature|top_p|top_k|seed|frequency_penalty|presence_penalty|stop_sequences|encoding_formats)|llm\.invocation_parameters|ai\.settings\.|gen_ai\.token\.type)/;
