import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CallReceiver } from "#flows/calls/receive-calls.ts";
import type { MetricReceiver } from "#flows/metrics/receive-metrics.ts";
import type { OutcomeReceiver } from "#flows/outcomes/receive-outcomes.ts";
import { Problem } from "#units/problems.ts";
import type { ServerMetrics } from "#api/server-metrics.ts";

/** Where applications, collectors and gateways send what they did. */
export function ingestRoutes(
  app: FastifyInstance,
  {
    receiver,
    outcomes,
    metricReceiver,
    metrics,
    now,
  }: {
    receiver: CallReceiver;
    outcomes: Pick<OutcomeReceiver, "take">;
    metricReceiver: Pick<MetricReceiver, "metrics">;
    metrics: ServerMetrics;
    now: () => number;
  },
): void {
  app.post("/v1/traces", async (request, reply) => {
    const type = contentType(request, OTLP_TYPES);
    const told = await receiver.traces(
      { body: bodyOf(request), contentType: type, contentEncoding: request.headers["content-encoding"] },
      now(),
    );
    metrics.spans.inc(told.spans);
    metrics.calls.inc({ route: "/v1/traces" }, told.calls);
    countRejected(metrics, "/v1/traces", told.rejected);
    return reply.type(type).send(told.body);
  });

  app.post("/v1/metrics", async (request, reply) => {
    const type = contentType(request, OTLP_TYPES);
    const told = await metricReceiver.metrics(
      { body: bodyOf(request), contentType: type, contentEncoding: request.headers["content-encoding"] },
      now(),
    );
    metrics.points.inc(told.points);
    countRejected(metrics, "/v1/metrics", told.rejected);
    return reply.type(type).send(told.body);
  });

  // What would be dropped is not acknowledged.
  app.post("/v1/logs", () => {
    throw new Problem("signal-not-taken", "OTLP logs are not kept by this server.");
  });

  app.post("/api/v1/calls", async (request, reply) => {
    contentType(request, ["application/json", "application/x-ndjson"]);
    const { source = "batch" } = request.query as { readonly source?: string };
    if (!/^[\w.:-]{1,100}$/.test(source))
      throw new Problem(
        "option-invalid",
        "A source's name has letters, digits, points, colons and hyphens, at most 100.",
        { hint: "Write it as /api/v1/calls?source=gateway." },
      );
    const told = await receiver.batch(bodyOf(request), request.headers["content-encoding"], source, now());
    metrics.calls.inc({ route: "/api/v1/calls" }, told.calls);
    countRejected(metrics, "/api/v1/calls", told.rejected);
    return reply.send(told);
  });

  app.post("/api/v1/outcomes", async (request, reply) => {
    contentType(request, ["application/json"]);
    const taken = await outcomes.take(jsonOf(bodyOf(request)));
    metrics.outcomes.inc(taken);
    return reply.send({ outcomes: taken });
  });
}

const OTLP_TYPES = ["application/x-protobuf", "application/protobuf", "application/json"];

/** @throws Problem "json-invalid" */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (cause) {
    throw new Problem("json-invalid", "The body is no JSON.", { cause });
  }
}

const bodyOf = (request: FastifyRequest): Uint8Array =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

/** @throws Problem "content-type-unsupported" */
function contentType(request: FastifyRequest, allowed: readonly string[]): string {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (allowed.includes(type)) return type;
  throw new Problem("content-type-unsupported", `${JSON.stringify(type.slice(0, 100))} is not taken here.`, {
    hint: `Send ${allowed.join(" or ")}.`,
  });
}

const countRejected = (
  metrics: ServerMetrics,
  route: string,
  rejected: Readonly<Record<string, number>>,
): void => {
  for (const [reason, count] of Object.entries(rejected)) metrics.rejected.inc({ route, reason }, count);
};
