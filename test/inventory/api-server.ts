import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";

/** Keys and certificates of a cluster of the test's own, made by openssl. */
export interface Certificates {
  readonly folder: string;
  readonly file: (name: string) => string;
  readonly base64: (name: string) => string;
  readonly remove: () => void;
}

/** Why certificates can't be made here; undefined if they can. */
export const opensslMissing: string | undefined = (() => {
  try {
    execFileSync("openssl", ["version"]);
    return undefined;
  } catch (cause) {
    return `openssl is not installed: ${String(cause).split("\n")[0]}`;
  }
})();

/** An authority, a server's certificate for 127.0.0.1 and a client's certificate. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), "plimsoll-tls-"));
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  for (const ca of ["ca", "other-ca"])
    openssl(
      "req",
      "-x509",
      ...key,
      "-days",
      "2",
      "-keyout",
      `${ca}.key`,
      "-out",
      `${ca}.crt`,
      "-subj",
      `/CN=${ca}`,
    );
  writeFileSync(path.join(folder, "server.ext"), "subjectAltName=IP:127.0.0.1,DNS:kubernetes\n");
  writeFileSync(path.join(folder, "client.ext"), "extendedKeyUsage=clientAuth\n");
  for (const name of ["server", "client"]) {
    openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...signed,
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.crt`,
    );
  }
  const file = (name: string): string => path.join(folder, name);
  return {
    folder,
    file,
    base64: (name) => readFileSync(file(name)).toString("base64"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** How a server of the test behaves beyond the plain protocol. */
export interface Behaviour {
  /** Objects per `/api/v1/pods`, `/apis/batch/v1/jobs`, …; a path that is absent answers 404. */
  objects: Record<string, readonly object[]>;
  /** Paths that the user may not list. */
  forbidden?: readonly string[];
  /** How often a continue token has expired by the time that it is used. */
  expirations?: number;
  /** How often the server is busy before it answers. */
  busy?: number;
  /** Answers every page with the same token. */
  endless?: boolean;
  token?: string;
}

/** What was asked of it, in order. */
export interface ApiServer {
  readonly address: string;
  readonly asked: string[];
  readonly behaviour: Behaviour;
  readonly close: () => Promise<void>;
}

/**
 * An HTTPS server that lists as the API server does: `limit`, `continue` tokens with `remainingItemCount`, items without kind, 410 with
 * reason Expired, 403 and 404 as Status objects, 429 with Retry-After; bearer tokens and client certificates.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function startApiServer(certificates: Certificates, behaviour: Behaviour): Promise<ApiServer> {
  const asked: string[] = [];
  const read = (name: string): Buffer => readFileSync(certificates.file(name));
  const server = createServer(
    {
      key: read("server.key"),
      cert: read("server.crt"),
      ca: read("ca.crt"),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      asked.push(request.url ?? "");
      answer(request, response, behaviour);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `https://127.0.0.1:${port}`,
    asked,
    behaviour,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, behaviour: Behaviour): void {
  const send = (status: number, body: object, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  const status = (code: number, reason: string, message: string, more: object = {}): void =>
    send(code, {
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      reason,
      message,
      code,
      metadata: {},
      ...more,
    });
  const byCertificate = (request.socket as TLSSocket).authorized;
  const byToken = request.headers.authorization === `Bearer ${behaviour.token ?? "good"}`;
  if (!byCertificate && !byToken) return status(401, "Unauthorized", "Unauthorized");
  if ((behaviour.busy ?? 0) > 0) {
    behaviour.busy = (behaviour.busy ?? 0) - 1;
    return send(429, { kind: "Status", code: 429 }, { "retry-after": "3" });
  }
  const url = new URL(request.url ?? "", "https://x");
  if ((behaviour.forbidden ?? []).includes(url.pathname))
    return status(403, "Forbidden", `User "t" cannot list resource at the cluster scope`);
  const objects = behaviour.objects[url.pathname];
  if (objects === undefined)
    return status(404, "NotFound", "the server could not find the requested resource");
  const from = url.searchParams.get("continue");
  if (from !== null && (behaviour.expirations ?? 0) > 0) {
    behaviour.expirations = (behaviour.expirations ?? 0) - 1;
    const message = "The provided continue parameter is too old to display a consistent list result.";
    return status(410, "Expired", message, { metadata: { continue: "inconsistent" } });
  }
  const start = from === null ? 0 : Number(Buffer.from(from, "base64url").toString());
  const end = start + Number(url.searchParams.get("limit") ?? objects.length);
  const left = objects.length - end;
  const token = Buffer.from(String(behaviour.endless === true ? 0 : end)).toString("base64url");
  const more = left > 0 || behaviour.endless === true;
  send(200, {
    kind: "SomeList",
    apiVersion: "v1",
    metadata: { resourceVersion: "7", ...(more ? { continue: token, remainingItemCount: left } : {}) },
    items: objects.slice(start, end),
  });
}
