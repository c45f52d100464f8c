/** A result of OpenAI's usage report. */
export const completions = (more: object) => ({
  object: "organization.usage.completions.result",
  input_tokens: 1000,
  output_tokens: 100,
  input_cached_tokens: 400,
  num_model_requests: 10,
  project_id: "proj_a",
  user_id: null,
  api_key_id: null,
  model: "gpt-5-mini-2025-08-07",
  batch: null,
  service_tier: null,
  ...more,
});
export const bucket = (start: number, end: number, ...results: readonly object[]) => ({
  object: "bucket",
  start_time: start,
  end_time: end,
  results,
});
export const page = (...data: readonly object[]) => ({
  object: "page",
  data,
  has_more: false,
  next_page: null,
});

/** A result of Anthropic's usage report. */
export const messages = (more: object) => ({
  uncached_input_tokens: 1500,
  cache_creation: { ephemeral_1h_input_tokens: 1000, ephemeral_5m_input_tokens: 500 },
  cache_read_input_tokens: 200,
  output_tokens: 50,
  server_tool_use: { web_search_requests: 3 },
  workspace_id: "wrkspc_1",
  api_key_id: null,
  model: "claude-sonnet-4-5-20250929",
  service_tier: "standard",
  context_window: "0-200k",
  inference_geo: "global",
  ...more,
});
export const messagePage = (starts: string, ends: string, ...results: readonly object[]) => ({
  data: [{ starting_at: starts, ending_at: ends, results }],
  has_more: false,
});
