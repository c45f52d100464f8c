import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type CallReceiver, otlpRefusal } from "#flows/calls/receive-calls.ts";
import type { MetricReceiver } from "#flows/metrics/receive-metrics.ts";
import type { OutcomeReceiver } from "#flows/outcomes/receive-outcomes.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { Admission, type AdmissionLimits, admissionLimits, checkToken } from "./admission.ts";
import { problemAnswer } from "./problem-answer.ts";
import { healthRoutes } from "./routes/health-routes.ts";
import { ingestRoutes } from "./routes/ingest-routes.ts";
import type { ServerMetrics } from "./server-metrics.ts";

/** What a server is made of. */
export interface ServerParts {
  readonly receiver: CallReceiver;
  readonly outcomes: Pick<OutcomeReceiver, "take">;
  readonly metricReceiver: Pick<MetricReceiver, "metrics">;
  readonly metrics: ServerMetrics;
  readonly now: () => number;
  /** Wanted of everyone who sends; nobody is asked if absent. */
  readonly token?: string;
  readonly isReady: () => boolean;
  /** Told of faults that are ours. */
  readonly onFault: (cause: unknown) => void;
  readonly limits?: AdmissionLimits;
}

/** The largest body as it is sent; unpacking has limits of its own. */
const BODY_BYTES = 16 * 2 ** 20;
/** A sender that is slower is gone. */
const HEADERS_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 30_000;
const MOST_CONNECTIONS = 2000;
const OPEN_ROUTES = ["/healthz", "/readyz", "/metrics"];

/** The server, not yet listening. Bodies are never logged. */
export function buildServer(parts: ServerParts): FastifyInstance {
  const { metrics, token, limits = admissionLimits } = parts;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MILLISECONDS,
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle",
    http: { headersTimeout: HEADERS_MILLISECONDS, connectionsCheckingInterval: 2000 },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  const admission = new Admission(limits);
  const left = new WeakMap<FastifyRequest, () => void>();
  const started = new WeakMap<FastifyRequest, number>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    started.set(request, performance.now());
    done(null, body);
  });
  app.addHook("onRequest", async (request) => {
    if (OPEN_ROUTES.includes(request.url.split("?")[0] ?? "")) return;
    checkToken(token, request.headers.authorization);
    const leave = admission.enter(request.headers["content-length"]);
    left.set(request, leave);
    // Also where the sender goes before it was answered.
    request.raw.once("close", leave);
  });
  app.addHook("onResponse", async (request) => {
    left.get(request)?.();
    const start = started.get(request);
    const route = routeOf(request);
    if (start === undefined) return;
    metrics.seconds.observe({ route }, (performance.now() - start) / 1000);
    if (Buffer.isBuffer(request.body)) metrics.bytes.inc({ route }, request.body.length);
  });
  app.setErrorHandler((cause, request, reply) => {
    const problem = known(cause);
    const { status, headers, body } = problemAnswer(problem);
    if (body.code === "internal") parts.onFault(cause);
    const route = routeOf(request);
    metrics.refused.inc({ route, code: body.code });
    reply.code(status).headers(headers);
    return route.startsWith("/v1/") ? sendRefusal(request, reply, status, body) : reply.send(body);
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({
      code: "route-unknown",
      message: "There is nothing here.",
      hint: "POST /v1/traces, /v1/metrics, /api/v1/calls and /api/v1/outcomes; GET /healthz, /readyz and /metrics. docs/server.md describes them.",
    }),
  );
  healthRoutes(app, parts);
  ingestRoutes(app, parts);
  return app;
}

/** Codes of google.rpc.Code that say what our statuses do. */
const rpcCodes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 413: 3, 415: 3, 429: 8, 503: 14 };

function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  body: ProblemReport,
): FastifyReply {
  const isJson = request.headers["content-type"]?.includes("protobuf") !== true;
  return reply
    .type(isJson ? "application/json" : "application/x-protobuf")
    .send(otlpRefusal(rpcCodes[status] ?? 13, body, isJson));
}

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? "unknown";

/** What fastify refuses before a route is asked, in our words. */
function known(cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Problem("input-too-large", `The body is larger than ${BODY_BYTES / 2 ** 20} MiB.`, {
        hint: "Send smaller batches.",
      });
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return new Problem("request-broken", "The body is not as long as its Content-Length says.");
    case "ECONNRESET":
      return new Problem("request-broken", "The sender went away before its body was whole.");
    default:
      return cause;
  }
}
