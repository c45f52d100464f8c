import { describe, expect, test } from "vitest";
import type { Call } from "./call.ts";
import { callColumns, callRow } from "./call-columns.ts";

const call: Call = {
  source: "gateway",
  id: "r1",
  start: 0,
  duration: 5,
  firstToken: null,
  provider: "openai",
  operation: "chat",
  requestModel: "gpt-6",
  responseModel: null,
  region: null,
  tier: null,
  status: "ok",
  error: null,
  retry: null,
  tokens: null,
  tokensFault: "no counts",
  requests: {},
  statedCost: null,
  statedCurrency: null,
  traceId: null,
  conversation: null,
  step: null,
  customer: null,
  promptHash: null,
  attributes: {},
};

describe("a call as a row", () => {
  test("has a known column for everything, and no tokens where none are known", () => {
    const row = callRow(call);
    expect(Object.keys(row).filter((name) => !Object.hasOwn(callColumns, name))).toEqual([]);
    expect(row).toMatchObject({ x_ModelId: "gpt-6", TokensFault: "no counts" });
    expect(row["UncachedInputTokens"]).toBeNull();
  });

  test("takes its owners from attributes in any spelling", () =>
    expect(
      callRow({
        ...call,
        attributes: {
          "Cost-Centre": " 4711 ",
          TEAM_NAME: "search",
          "deployment.environment.name": "prod",
          "service.name": "answers",
          owner: " ",
        },
      }),
    ).toMatchObject({
      x_CostCenter: "4711",
      x_Team: "search",
      x_Environment: "prod",
      x_Workload: "answers",
    }));

  test("prefers a tag that says so to the name of a service, whatever their order", () => {
    const tags = { "service.name": "gateway", app: "answers", workload: "assistant" };
    const reversed = Object.fromEntries(Object.entries(tags).reverse());
    expect(callRow({ ...call, attributes: tags })["x_Workload"]).toBe("assistant");
    expect(callRow({ ...call, attributes: reversed })["x_Workload"]).toBe("assistant");
  });
});
