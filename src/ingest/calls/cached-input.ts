import type { Call } from "#facts/call.ts";
import { callTokens } from "#facts/call-tokens.ts";
import { countTokens } from "#facts/count-tokens.ts";
import type { TokenCount } from "#facts/token-usage.ts";

/** The counts of Anthropic's own usage object. */
export interface ExclusiveCounts {
  readonly input: unknown;
  readonly output: unknown;
  readonly cacheRead: unknown;
  readonly cacheWrite: unknown;
  readonly reasoning?: unknown;
}

/**
 * The tokens of a call by a rule whose input includes what was cached. Senders that pass Anthropic's counts on as they are break that rule, and
 * where more was cached than there was input they can only be read by Anthropic's own.
 */
export function inclusiveTokens(
  count: TokenCount,
  provider: string,
  counts: () => ExclusiveCounts,
): Pick<Call, "tokens" | "tokensFault"> {
  const isExclusive =
    count.state === "fault" &&
    count.faults.every(({ code }) => code === "cached-exceeds-input") &&
    /anthropic|bedrock|vertex/.test(provider);
  if (!isExclusive) return callTokens(count);
  const { input, output, cacheRead, cacheWrite, reasoning } = counts();
  return callTokens(
    countTokens("anthropic", {
      input_tokens: input,
      output_tokens: output,
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: cacheWrite,
      output_tokens_details: { thinking_tokens: reasoning },
    }),
  );
}
