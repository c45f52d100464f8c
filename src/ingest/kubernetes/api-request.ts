import http from "node:http";
import https from "node:https";
import { parseJson } from "#ingest/nesting.ts";
import { Problem } from "#units/problems.ts";
import type { ClusterAccess } from "./kubeconfig.ts";

/** What an API server answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Seconds to wait, as the server asks when it is busy. */
  readonly retryAfter?: number;
}

const MAX_BYTES = 128 * 2 ** 20;
const TIMEOUT_MS = 60_000;

/**
 * A GET to the API server. Redirects are not followed, so that the token stays with the server of the kubeconfig.
 * Node's own client is used because `fetch` takes neither a cluster's authority nor a client certificate.
 * @throws Problem "cluster-unreachable" if it does not answer in a minute or its certificate is not the cluster's, "input-too-large"
 */
export async function getFrom(access: ClusterAccess, path: string): Promise<ApiAnswer> {
  const url = new URL(access.server);
  const [pathname = "", search = ""] = path.split("?");
  url.pathname = `${url.pathname.replace(/\/$/, "")}${pathname}`;
  url.search = search;
  const { status, text, headers } = await send(access, url);
  const isJson = (headers["content-type"] ?? "").includes("json");
  const retryAfter = Number(headers["retry-after"] ?? Number.NaN);
  return {
    status,
    body: isJson ? parseJson(text, url.href) : text,
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
  };
}

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly headers: http.IncomingHttpHeaders;
}

function send(access: ClusterAccess, url: URL): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(unreachable(access, cause));
    const call = url.protocol === "https:" ? https.request : http.request;
    const request = call(url, options(access), (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BYTES) chunks.push(chunk);
        else request.destroy(tooLarge(url));
      });
      response.on("error", fail);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString("utf8"),
          headers: response.headers,
        }),
      );
    });
    request.on("error", fail);
    request.end();
  });
}

function options({ ca, serverName, token, certificate }: ClusterAccess): https.RequestOptions {
  return {
    method: "GET",
    headers: {
      accept: "application/json",
      "user-agent": "plimsoll",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...certificate,
  };
}

function unreachable({ server }: ClusterAccess, cause: Error): Problem {
  if (cause instanceof Problem) return cause;
  const code = "code" in cause ? String(cause.code) : "";
  const what =
    cause.name === "TimeoutError" || cause.name === "AbortError" ? "no answer in a minute" : cause.message;
  const isCertificate = /CERT|SIGNATURE|ALTNAME/.test(code);
  return new Problem("cluster-unreachable", `${server.origin} can't be asked: ${what}.`, {
    cause,
    ...(isCertificate
      ? {
          hint: "Its certificate is not signed by the kubeconfig's certificate-authority, or is for another name.",
        }
      : {}),
  });
}

const tooLarge = (url: URL): Problem =>
  new Problem("input-too-large", `${url.origin} answered with more than 128 MiB to one page.`);
