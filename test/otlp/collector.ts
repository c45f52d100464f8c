import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { OtlpRequest } from "#ingest/otlp/read-traces.ts";

/** A bare server that takes what exporters post, as it came. */
export async function collect(
  send: (url: string) => Promise<void>,
): Promise<(OtlpRequest & { readonly path: string })[]> {
  const requests: (OtlpRequest & { path: string })[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push({
        path: request.url ?? "",
        body: Buffer.concat(chunks),
        contentType: request.headers["content-type"],
        contentEncoding: request.headers["content-encoding"],
      });
      response.writeHead(200, { "content-type": request.headers["content-type"] ?? "" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return requests;
}
