import { userInfo } from "node:os";

/** Where the data lies unless --data says so: PLIMSOLL_DATA, where it names a folder. */
export const dataFolder = (): string => stated("PLIMSOLL_DATA") ?? "plimsoll-data";

/** The PostgreSQL database that PLIMSOLL_STATE_URL names for what people decide; undefined for the embedded one. */
export const stateUrl = (): string | undefined => stated("PLIMSOLL_STATE_URL");

/** What senders of calls must show: PLIMSOLL_INGEST_TOKEN. */
export const ingestToken = (): string | undefined => stated("PLIMSOLL_INGEST_TOKEN");

/** The PostgreSQL database that a query of outcomes is asked of: PLIMSOLL_OUTCOMES_URL. */
export const outcomesUrl = (): string | undefined => stated("PLIMSOLL_OUTCOMES_URL");

/** LiteLLM's own PostgreSQL database: PLIMSOLL_LITELLM_URL. */
export const litellmUrl = (): string | undefined => stated("PLIMSOLL_LITELLM_URL");

/** PLIMSOLL_PROMPT_KEY asks for a hash of prompts by this key; prompts themselves are never kept. */
export const promptKey = (): string | undefined => stated("PLIMSOLL_PROMPT_KEY");

/** Who acts, for the audit: PLIMSOLL_ACTOR, else the name that one is logged in by. */
export const actor = (): string => stated("PLIMSOLL_ACTOR") ?? userInfo().username;

/** Columns that COLUMNS grants to what is no terminal; undefined without a sensible number. */
export function statedColumns(): number | undefined {
  const columns = Number(stated("COLUMNS"));
  return columns > 0 ? columns : undefined;
}

/** FORCE_COLOR asks for colours in a file or a pipe as well. Whether colours are wanted at all, picocolors says. */
export const forcesColor = (): boolean => process.env["FORCE_COLOR"] !== undefined;

/** A variable that is set to nothing is not set. */
const stated = (name: string): string | undefined => process.env[name] || undefined;
