import type { FastifyInstance } from "fastify";
import type { ServerMetrics } from "#api/server-metrics.ts";

/** What orchestrators and Prometheus ask; they need no token. */
export function healthRoutes(
  app: FastifyInstance,
  { metrics, isReady }: { metrics: ServerMetrics; isReady: () => boolean },
): void {
  app.get("/healthz", () => ({ status: "alive" }));
  app.get("/readyz", (_, reply) =>
    isReady() ? { status: "ready" } : reply.code(503).send({ status: "stopping" }),
  );
  app.get("/metrics", async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
