import { describe, expect, test } from "vitest";
import { refusal, testLake } from "./deliver.ts";

const JULY_1 = Date.UTC(2026, 6, 1) / 1000;
const openaiPage = (day: number, results: readonly string[]): string =>
  `{"object":"page","data":[{"object":"bucket","start_time":${JULY_1 + day * 86_400},"end_time":${JULY_1 + (day + 1) * 86_400},"results":[${results.join(",")}]}],"has_more":false,"next_page":null}`;
const openai = (value: string, item: string): string =>
  `{"object":"organization.costs.result","amount":{"value":${value},"currency":"usd"},"line_item":${item},"project_id":"proj_1","project_name":"agents","organization_id":"org-1","api_key_id":"key_1","quantity":1500000,"quantity_unit":"tokens"}`;

describe("OpenAI's cost report", () => {
  test("amounts from number literals to the last digit, model and direction from the line item", async () => {
    const lake = await testLake();
    const { record } = await lake.deliver({
      "costs.json": openaiPage(0, [
        openai("0.123456789012345678", `"gpt-5.5, input"`),
        openai("6e-2", `"gpt-5.5, cached input"`),
        openai("3", `"gpt-5.5, output"`),
        openai("0.5", `"web search tool calls"`),
        openai("-0.25", "null"),
      ]),
    });
    expect(record.files[0]?.format).toBe("openai costs");
    const charges = await lake.charges(
      "BilledCost",
      "x_ModelId",
      "x_TokenDirection",
      "x_TokenCacheAction",
      "SkuMeter",
      "x_Row",
    );
    expect(charges.map((charge) => Object.values(charge))).toEqual([
      ["0.123456789012345678", "gpt-5.5", "Input", "Uncached", "gpt-5.5, input", "1"],
      ["0.06", "gpt-5.5", "Input", "Read", "gpt-5.5, cached input", "2"],
      ["3", "gpt-5.5", "Output", null, "gpt-5.5, output", "3"],
      ["0.5", null, null, null, "web search tool calls", "4"],
      ["-0.25", null, null, null, null, "5"],
    ]);
    const [first] = await lake.charges(
      "BillingCurrency",
      "BillingPeriodStart",
      "BillingPeriodEnd",
      "ChargePeriodStart",
      "ChargePeriodEnd",
      "SubAccountId",
      "CredentialId",
      "x_Tokens",
      "ListCost",
    );
    expect(first).toEqual({
      BillingCurrency: "USD",
      BillingPeriodStart: "2026-07-01 00:00:00",
      BillingPeriodEnd: "2026-08-01 00:00:00",
      ChargePeriodStart: "2026-07-01 00:00:00",
      ChargePeriodEnd: "2026-07-02 00:00:00",
      SubAccountId: "proj_1",
      CredentialId: "key_1",
      x_Tokens: "1500000",
      ListCost: null,
    });
  });

  test("pages in several files, in one array and one a line are the same delivery; a day in two pages is refused", async () => {
    const lake = await testLake();
    const pages = [0, 1, 2, 3].map((day) => openaiPage(day, [openai("1", `"gpt-5.5, input"`)]));
    await lake.deliver({
      "a.json": pages[0] ?? "",
      "b.json": `[${pages[1]}]`,
      "c.json": `${pages[2]}\n${pages[3]}\n`,
    });
    expect(await lake.charges("BilledCost")).toHaveLength(4);
    const again = await refusal(
      lake.deliver({ "a.json": pages[0] ?? "", "b.json": openaiPage(0, [openai("2", "null")]) }),
    );
    expect(again).toMatchObject({ code: "delivery-overlaps", at: { column: "start_time", line: 1 } });
    expect(await lake.charges("BilledCost")).toHaveLength(4);
  });

  test("an amount that isn't there stops the import; a usage report is told from a cost report", async () => {
    const lake = await testLake();
    const missing = await refusal(
      lake.deliver({ "costs.json": openaiPage(0, [openai("1", "null"), openai("null", "null")]) }),
    );
    expect(missing).toMatchObject({ code: "amount-missing", at: { line: 2, column: "amount.value" } });
    const usage = await refusal(
      lake.deliver({
        "usage.json": openaiPage(0, [`{"object":"organization.usage.completions.result","input_tokens":5}`]),
      }),
    );
    expect(usage).toMatchObject({ code: "format-unknown" });
    expect(usage.message).toContain("is an OpenAI usage report, which has tokens and no cost");
  });
});

const anthropicPage = (
  results: readonly object[],
  start = "2026-07-01T00:00:00Z",
  end = "2026-07-02T00:00:00Z",
): string =>
  JSON.stringify(
    { data: [{ starting_at: start, ending_at: end, results }], has_more: false, next_page: null },
    null,
    1,
  );
const anthropic = (amount: string | null, more: object = {}) => ({
  currency: "USD",
  amount,
  workspace_id: "wrkspc_1",
  description: "Claude Usage",
  cost_type: "tokens",
  context_window: "0-200k",
  model: "claude-opus-4-8",
  service_tier: "standard",
  token_type: "uncached_input_tokens",
  inference_geo: "global",
  ...more,
});

describe("Anthropic's cost report", () => {
  test("amounts are cents; token types name direction and cache", async () => {
    const lake = await testLake();
    await lake.deliver({
      "report.json": anthropicPage([
        anthropic("123.45"),
        anthropic("0.0000000000000001", { token_type: "cache_read_input_tokens" }),
        anthropic("7", { token_type: "cache_creation.ephemeral_1h_input_tokens" }),
        anthropic("100", { token_type: "output_tokens", workspace_id: null }),
        anthropic("50", { cost_type: "web_search", token_type: null, model: null }),
      ]),
    });
    const charges = await lake.charges(
      "BilledCost",
      "SkuMeter",
      "x_ModelId",
      "x_TokenDirection",
      "x_TokenCacheAction",
      "SubAccountName",
    );
    expect(charges.map((charge) => Object.values(charge))).toEqual([
      ["1.2345", "uncached_input_tokens", "claude-opus-4-8", "Input", "Uncached", null],
      ["0.000000000000000001", "cache_read_input_tokens", "claude-opus-4-8", "Input", "Read", null],
      ["0.07", "cache_creation.ephemeral_1h_input_tokens", "claude-opus-4-8", "Input", "Write", null],
      ["1", "output_tokens", "claude-opus-4-8", "Output", null, "Default workspace"],
      ["0.5", "web_search", null, null, null, null],
    ]);
  });

  test("a page over the end of a month belongs to both months", async () => {
    const lake = await testLake();
    const { record } = await lake.deliver({
      "a.json": anthropicPage([anthropic("1")], "2026-07-31T00:00:00Z", "2026-08-01T00:00:00Z"),
      "b.json": anthropicPage([anthropic("2")], "2026-08-01T00:00:00Z", "2026-08-02T00:00:00Z"),
    });
    expect(
      record.periods.map(({ billingPeriod, totals }) => [billingPeriod, totals["USD"]?.BilledCost]),
    ).toEqual([
      ["2026-07", "0.01"],
      ["2026-08", "0.02"],
    ]);
  });

  test("a cost that is not known is not booked as 0, nor cents of another currency as hundredths", async () => {
    const lake = await testLake();
    const unknown = await refusal(
      lake.deliver({ "r.json": anthropicPage([anthropic("1"), anthropic(null)]) }),
    );
    expect(unknown).toMatchObject({ code: "amount-missing", at: { line: 2, column: "amount" } });
    const yen = await refusal(
      lake.deliver({ "r.json": anthropicPage([anthropic("1", { currency: "JPY" })]) }),
    );
    expect(yen).toMatchObject({ code: "currency-invalid", at: { column: "currency", value: "JPY" } });
  });
});
