import type { Attributes } from "./span.ts";

/** Steps around calls, or beside them: their usage, where they tell any, is that of calls inside them. */
const NO_CALLS = new Set(
  `create_agent invoke_agent invoke_workflow execute_tool execute_task plan retrieval vector_db_retrieve fetch_response create_memory
  create_memory_store delete_memory delete_memory_store search_memory update_memory upsert_memory`.split(
    /\s+/,
  ),
);

const OPENINFERENCE: Readonly<Record<string, string>> = {
  LLM: "chat",
  EMBEDDING: "embeddings",
  RERANKER: "rerank",
};
const TRACELOOP: Readonly<Record<string, string>> = {
  chat: "chat",
  completion: "text_completion",
  embedding: "embeddings",
  rerank: "rerank",
};

/**
 * What kind of call a span is, by gen_ai.operation.name; null if it is none. Where a span says its operation, that decides; else what
 * OpenInference and OpenLLMetry call it; else, in the first generation of the conventions, that it names a provider and a model.
 */
export function operationOf(attributes: Attributes, name: string): string | null {
  const operation = attributes.get("gen_ai.operation.name");
  if (typeof operation === "string" && operation !== "") return NO_CALLS.has(operation) ? null : operation;
  const kind = attributes.get("openinference.span.kind");
  if (typeof kind === "string" && kind !== "") return OPENINFERENCE[kind.toUpperCase()] ?? null;
  const request = attributes.get("llm.request.type");
  if (typeof request === "string" && TRACELOOP[request.toLowerCase()] !== undefined)
    return TRACELOOP[request.toLowerCase()] ?? null;
  if (attributes.has("traceloop.span.kind")) return null;
  const isFirst = attributes.has("gen_ai.system") || attributes.has("gen_ai.provider.name");
  if (!isFirst || !(attributes.has("gen_ai.request.model") || attributes.has("gen_ai.response.model")))
    return null;
  // Its spans are named "chat gpt-4"; others don't say what they are.
  return /^(chat|text_completion|embeddings|generate_content) /.exec(name)?.[1] ?? "unknown";
}

/** The name of an agent, workflow, chain or task that calls run in; null if a span is no such step. */
export function stepOf(attributes: Attributes, name: string): string | null {
  for (const key of ["gen_ai.agent.name", "gen_ai.workflow.name", "agent.name", "traceloop.entity.name"]) {
    const value = attributes.get(key);
    if (typeof value === "string" && value !== "") return value;
  }
  const operation = attributes.get("gen_ai.operation.name");
  const kind = attributes.get("openinference.span.kind");
  const isStep =
    operation === "invoke_agent" ||
    operation === "invoke_workflow" ||
    (typeof kind === "string" && /^(agent|chain)$/i.test(kind));
  return isStep && name !== "" ? name : null;
}
