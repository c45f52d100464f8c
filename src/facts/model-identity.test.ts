import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { identifyModel, nearestModels } from "./model-identity.ts";
import { isModelMatch, matchesModel } from "./model-match.ts";
import { parseTokenCatalogue } from "./token-catalogue.ts";

const text = readFileSync(new URL("../../catalog/token-prices.json", import.meta.url), "utf8");
const catalogue = parseTokenCatalogue(JSON.parse(text));

const listed = (model: string, provider?: string): string => {
  const found = identifyModel(catalogue, { model, ...(provider === undefined ? {} : { provider }) });
  return [
    found.provider,
    found.name,
    found.region,
    found.listed && `${found.listed.provider}/${found.listed.id}`,
  ].join(" ");
};

test.each([
  [
    "claude-sonnet-4-5-20250929",
    undefined,
    "anthropic claude-sonnet-4-5-20250929  anthropic/claude-sonnet-4-5",
  ],
  [
    "anthropic/claude-sonnet-4-5-20250929",
    undefined,
    "anthropic claude-sonnet-4-5-20250929  anthropic/claude-sonnet-4-5",
  ],
  ["Anthropic:Claude-Sonnet-4-5", undefined, "anthropic claude-sonnet-4-5  anthropic/claude-sonnet-4-5"],
  ["anthropic/claude-sonnet-4-5", "litellm", "anthropic claude-sonnet-4-5  anthropic/claude-sonnet-4-5"],
  ["gpt-4o-mini", "OpenAI", "openai gpt-4o-mini  openai/gpt-4o-mini"],
  ["gpt-4o-mini-20240718", "openai", "openai gpt-4o-mini-20240718  openai/gpt-4o-mini"],
  ["azure/gpt-4o", undefined, "azure gpt-4o  openai/gpt-4o"],
  ["azure/eu/gpt-4o", undefined, "azure gpt-4o eu openai/gpt-4o"],
  ["gpt-4o", "azure.ai.openai", "azure gpt-4o  openai/gpt-4o"],
  ["publishers/google/models/gemini-2.5-pro", undefined, "google gemini-2.5-pro  google/gemini-2.5-pro"],
  [
    "projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929",
    "vertex_ai",
    "google claude-sonnet-4-5@20250929 us-east5 google/claude-sonnet-4-5",
  ],
  [
    "openrouter/anthropic/claude-opus-4.5",
    undefined,
    "openrouter anthropic/claude-opus-4.5  openrouter/anthropic/claude-opus-4.5",
  ],
  ["my-deployment", "azure", "azure my-deployment  "],
  ["gpt-4o", "mycorp", "mycorp gpt-4o  "],
  ["made-up", undefined, " made-up  "],
] as const)("%s of %s", (model, provider, expected) => {
  expect(listed(model, provider)).toBe(expected);
});

test.each([
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "bedrock/us-west-2/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
])("Bedrock's %s keeps its geography, since the list tells regional from global", (model) => {
  const found = identifyModel(catalogue, { model, provider: "aws.bedrock" });
  expect(found).toMatchObject({ provider: "aws", name: "us.anthropic.claude-sonnet-4-5-20250929-v1:0" });
  expect(found.listed?.id).toContain("claude-sonnet-4-5");
  expect(found.listed?.id).not.toContain("global");
});

test("a deployment's own name is read by its line, of that provider alone", () => {
  const deployments = [{ provider: "Azure OpenAI", deployment: "Chat-Prod", model: "gpt-4o" }];
  expect(identifyModel(catalogue, { provider: "azure", model: "chat-prod" }, deployments)).toMatchObject({
    name: "gpt-4o",
    listed: { id: "gpt-4o" },
  });
  expect(
    identifyModel(catalogue, { provider: "openai", model: "chat-prod" }, deployments).listed,
  ).toBeUndefined();
});

test("an unknown model is told with the nearest names, and no long name takes long", () => {
  const near = (model: string, provider?: string): string[] =>
    nearestModels(
      catalogue,
      identifyModel(catalogue, { model, ...(provider === undefined ? {} : { provider }) }),
    );
  expect(near("claude-sonet-4-5", "anthropic")).toContain("claude-sonnet-4-5");
  const started = Date.now();
  for (const name of ["-".repeat(1e6), "a/".repeat(1e5), `gpt-${"1".repeat(299)}`])
    expect(listed(name)).not.toContain("openai/");
  expect(Date.now() - started).toBeLessThan(2000);
});

test("a pattern's # is one digit, and its * the rest", () => {
  expect(matchesModel({ like: "a-##" }, "a-12")).toBe(true);
  for (const name of ["a-1", "a-123", "a-1x", "b-12", ""])
    expect(matchesModel({ like: "a-##" }, name)).toBe(false);
  expect(matchesModel({ like: "a-#*" }, "a-1-preview")).toBe(true);
  expect(matchesModel({ like: "a-#*" }, "a-x")).toBe(false);
  for (const wrong of [
    null,
    {},
    "a",
    { regex: "a" },
    { equals: "" },
    { equals: "a", contains: "b" },
    { or: [{}] },
  ])
    expect(isModelMatch(wrong)).toBe(false);
});
