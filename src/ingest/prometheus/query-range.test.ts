import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { defaultLimits, queryRange, TOO_LONG } from "./query-range.ts";
import { prometheusServer } from "./server.ts";

const range = { query: "up", start: 0, end: 600, step: 300 };
let close = (): void => undefined;
afterEach(() => close());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
/** Answers in turn; the last for all that follow. */
const inTurn = (...answers: [status: number, body: string][]) => {
  let asked = 0;
  const listener: RequestListener = (_, response) => {
    const [status, body] = answers[Math.min(asked++, answers.length - 1)] ?? [500, ""];
    response.writeHead(status).end(body);
  };
  return { listener, asked: () => asked };
};
const waits: number[] = [];
const io = {
  fetch,
  wait: (milliseconds: number) => {
    waits.push(milliseconds);
    return Promise.resolve();
  },
};
const ask = (url: string, limits = {}) =>
  queryRange(prometheusServer(url), range, { ...defaultLimits, timeoutSeconds: 5, ...limits }, io);

describe("asking a range", () => {
  test("a busy server is asked again, each time after twice the pause", async () => {
    const { listener, asked } = inTurn([503, "busy"], [429, ""], [200, "{}"]);
    waits.length = 0;
    expect(Buffer.from((await ask(await serve(listener))) as Uint8Array).toString()).toBe("{}");
    expect([asked(), waits]).toEqual([3, [500, 1000]]);
  });

  test("a mistake in the query is told with its place, at once", async () => {
    const error = `invalid parameter "query": 1:7: parse error: unexpected end of input`;
    const { listener, asked } = inTurn([
      400,
      JSON.stringify({ status: "error", errorType: "bad_data", error }),
    ]);
    await expect(ask(await serve(listener))).rejects.toMatchObject({
      code: "query-failed",
      message: expect.stringContaining("line 1, column 7 of the query: unexpected end of input") as string,
      at: { line: 1, column: "7", value: "up" },
    });
    expect(asked()).toBe(1);
  });

  test.each([
    [401, "", "server-refused"],
    [403, "", "server-refused"],
    [404, "<html>", "answer-invalid"],
    [502, "<html>", "answer-invalid"],
    [503, `{"status":"error","errorType":"timeout","error":"query timed out"}`, "query-failed"],
  ])("HTTP %i %s is %s", async (status, body, code) => {
    const { listener } = inTurn([status, body]);
    await expect(ask(await serve(listener))).rejects.toMatchObject({ code });
  });

  test("an answer longer than the limit is not read to its end", async () => {
    const { listener } = inTurn([200, "x".repeat(1000)]);
    expect(await ask(await serve(listener), { answerBytes: 999 })).toBe(TOO_LONG);
  });

  test("a server that does not answer, or not in time, is named with the reason", async () => {
    const url = await serve(() => undefined);
    await expect(ask(url, { timeoutSeconds: 0.05, attempts: 1 })).rejects.toMatchObject({
      code: "server-unreachable",
      message: `${url} did not answer: it took too long.`,
    });
    close();
    await expect(ask(url, { attempts: 2 })).rejects.toThrow(/did not answer: .*ECONNREFUSED/);
  });

  test("the query goes into the body, who asks into the header", async () => {
    let seen: unknown[] = [];
    const url = await serve((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        seen = [request.method, request.url, request.headers.authorization, body];
        response.end("{}");
      });
    });
    await queryRange(prometheusServer(`${url}/prom/`, { basic: "user:pass\n" }), range, defaultLimits, io);
    expect(seen).toEqual([
      "POST",
      "/prom/api/v1/query_range",
      `Basic ${Buffer.from("user:pass").toString("base64")}`,
      "query=up&start=0&end=600&step=300&timeout=120s",
    ]);
  });
});

test("an address is http or https, with one way to prove who asks", () => {
  expect(prometheusServer("https://a:b%40c@host/x")).toEqual({
    url: "https://host/x",
    authorization: `Basic ${Buffer.from("a:b@c").toString("base64")}`,
  });
  expect(prometheusServer("http://host", { bearerToken: "t\n" }).authorization).toBe("Bearer t");
  for (const address of ["host:9090", "ftp://host", ""])
    expect(() => prometheusServer(address)).toThrow(/is not the address of a server/);
  for (const address of ["ftp://u:s3cret@host", "u:s3cret@host:9090"])
    expect(() => prometheusServer(address)).toThrow(/^(?!.*s3cret).*is not the address of a server/);
  expect(() => prometheusServer("http://host", { bearerToken: "s3cret\nmore" })).toThrow(
    /^(?!.*s3cret)The bearer token/,
  );
  expect(() => prometheusServer("http://a:b@host", { bearerToken: "t" })).toThrow(/not both/);
});
