import path from "node:path";
import { Problem } from "#units/problems.ts";

/** Where a store is: a PostgreSQL database where a URL is given, else an embedded database below the data folder. */
export interface StoreWhere {
  readonly data: string;
  /** postgresql://user:password@host:port/database */
  readonly url?: string | undefined;
}

/** The file of the embedded database: `<data>/state/plimsoll.db`. */
export const databaseFile = (data: string): string => path.join(path.resolve(data), "state", "plimsoll.db");

/**
 * Takes a URL apart as far as messages need it.
 * @returns the place without password and parameters, and the passwords that no message may show
 * @throws Problem "state-url-invalid", which doesn't repeat the URL
 */
export function readStoreUrl(url: string): { place: string; passwords: string[] } {
  // The error of the parser holds the URL, so it goes no further.
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol) || parsed.hostname === "") {
    throw new Problem("state-url-invalid", "The URL of the state database is no URL of PostgreSQL.");
  }
  const user = parsed.username === "" ? "" : `${parsed.username}@`;
  const passwords = [readable(parsed.password), parsed.searchParams.get("password") ?? ""];
  return {
    place: `postgresql://${user}${parsed.host}${parsed.pathname}`,
    passwords: passwords.filter((password) => password !== ""),
  };
}

function readable(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
