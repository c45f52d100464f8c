import { Problem } from "#units/problems.ts";

/** A server that speaks the Prometheus HTTP API: Prometheus itself, Thanos, Mimir, VictoriaMetrics. */
export interface PrometheusServer {
  /** Such as http://prometheus:9090, without a slash at its end. */
  readonly url: string;
  /** The Authorization header, if the server wants one. */
  readonly authorization?: string | undefined;
}

/** How a server is proved to who asks. */
export interface Credentials {
  readonly bearerToken?: string | undefined;
  /** user:password */
  readonly basic?: string | undefined;
}

/**
 * @param address http or https; a user and password in it count as basic authentication
 * @throws Problem "option-invalid"
 */
export function prometheusServer(
  address: string,
  { bearerToken, basic }: Credentials = {},
): PrometheusServer {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Problem("option-invalid", `"${withoutUser(address)}" is not the address of a server.`, {
      at: { value: withoutUser(address) },
      hint: "Write it as http://prometheus:9090.",
    });
  const inUrl =
    url.username === ""
      ? undefined
      : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const pair = basic ?? inUrl;
  if (bearerToken !== undefined && !/^[\x21-\x7e]+$/.test(bearerToken.trim()))
    throw new Problem(
      "option-invalid",
      "The bearer token is empty, or holds a space, a line break or a letter that no header may hold.",
    );
  if (bearerToken !== undefined && pair !== undefined)
    throw new Problem("option-invalid", "Give a bearer token or basic authentication, not both.");
  const plain = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  if (bearerToken !== undefined) return { url: plain, authorization: `Bearer ${bearerToken.trim()}` };
  if (pair === undefined) return { url: plain };
  return { url: plain, authorization: `Basic ${Buffer.from(pair.trim()).toString("base64")}` };
}

/** An address that can't be read may hold a password all the same. */
const withoutUser = (address: string): string => address.replace(/^(\w+:\/\/)?[^@/]*@/, "$1…@");
