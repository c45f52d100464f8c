import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Problem } from "#units/problems.ts";
import { readDeployments, readTokenPrices } from "./read-tokens.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-"));
});
afterEach(() => rm(folder, { recursive: true }));

const head =
  "provider,model,class,price,currency,valid_from,valid_to,tier,region,modality,input_above,above_applies_to,note";
const rates = async (...lines: string[]): Promise<string[]> => {
  await writeFile(path.join(folder, "tokens.csv"), [head, ...lines, ""].join("\n"));
  const { cards } = (await readTokenPrices(folder)) ?? { cards: [] };
  return cards.flatMap(({ model, card }) =>
    Object.entries(card.rates).map(
      ([charged, rate]) =>
        `${model} ${card.tier} ${charged} ${rate.steps.map(({ above, units }) => `>${above}: ${units}`).join(" ")} ${rate.scope}`,
    ),
  );
};
const faults = async (...lines: string[]): Promise<string[]> => {
  const told = await rates(...lines).catch((cause: unknown) => cause);
  if (!(told instanceof Problem)) throw new Error(`Nothing was refused: ${JSON.stringify(told)}`);
  return [told, ...told.others].map(({ message }) => message.replaceAll(`${folder}${path.sep}`, ""));
};

test("a price of a million tokens is one exact price of a token, for every class that the line names", async () => {
  expect(await rates("anthropic,Claude-Sonnet-4-5*,input,2.40,USD,2026-01-01,,,,text,,,")).toEqual([
    "claude-sonnet-4-5* standard uncached_text >0: 2400000000000 request",
  ]);
  expect(
    await rates("openai,gpt-5,output,0.000000000001,USD,2026-01-01,,batch,,,,,").then((all) => all.length),
  ).toBe(8);
  expect(await rates("openai,gpt-5,web_search,0.01,USD,2026-01-01,,,,,,,")).toEqual([
    "gpt-5 standard web_search >0: 10000000000000000 request",
  ]);
  expect(await rates("openai,gpt-5,cache_write,0,USD,2026-01-01,,,,text,,,")).toEqual([
    "gpt-5 standard cache_write_5m_text >0: 0 request",
    "gpt-5 standard cache_write_1h_text >0: 0 request",
  ]);
});

test("lines that differ in their step are one rate", async () => {
  expect(
    await rates(
      "google,gemini-2.5-pro,input,2,USD,2026-01-01,,,,text,200000,part,",
      "google,gemini-2.5-pro,input,1,USD,2026-01-01,,,,text,,,",
      "google,gemini-2.5-pro,input,3,USD,2027-01-01,,,,text,,,",
    ).catch((cause: unknown) => (cause as Error).message),
  ).toContain("a second price of input text for the same time as line 2");
  expect(
    await rates(
      "google,gemini-2.5-pro,input,2,USD,2026-01-01,2027-01-01,,,text,200000,part,",
      "google,gemini-2.5-pro,input,1,USD,2026-01-01,2027-01-01,,,text,,,",
      "google,gemini-2.5-pro,input,3,USD,2027-01-01,,,,text,,,",
    ),
  ).toEqual([
    "gemini-2.5-pro standard uncached_text >0: 1000000000000 >200000: 2000000000000 part",
    "gemini-2.5-pro standard uncached_text >0: 3000000000000 request",
  ]);
});

test("every wrong cell is told with file, line, column and value", async () => {
  expect(
    await faults(
      "openai,gpt-*-mini,input,1,USD,2026-01-01,,,,,,,",
      "openai,gpt-5,inputs,1,USD,2026-01-01,,,,,,,",
      'openai,gpt-5,input,"1,5",USD,2026-01-01,,,,,,,',
      "openai,gpt-5,input,-1,USD,2026-01-01,,,,,,,",
      "openai,gpt-5,input,0.0000000000001,usd,2026-02-30,,,,,,,",
      "openai,gpt-5,web_search,1,USD,2026-01-01,2026-01-01,rush,,audio,1.5,all,",
      "openai,gpt-5,,,,,,,,,,,",
    ),
  ).toEqual([
    `tokens.csv, line 2, column model: "gpt-*-mini" may have a * at its end alone.`,
    `tokens.csv, line 3, column class: "inputs" is none of input, cache_read, cache_write, cache_write_5m, cache_write_1h, output, reasoning, request, web_search, file_search. Did you mean input?`,
    `tokens.csv, line 4, column price: "1,5" is not a plain decimal such as 2.45.`,
    `tokens.csv, line 5, column price: "-1" is not a plain decimal such as 2.45.`,
    `tokens.csv, line 6, column price: "0.0000000000001" has more than 12 decimals.`,
    `tokens.csv, line 6, column valid_from: "2026-02-30" is not a day such as 2026-07-01.`,
    `tokens.csv, line 6, column currency: "usd" is no ISO 4217 code such as USD.`,
    `tokens.csv, line 7, column modality: "audio" has no place beside web_search, which is no token.`,
    `tokens.csv, line 7, column valid_to: "2026-01-01" is not after valid_from.`,
    `tokens.csv, line 7, column input_above: "1.5" is not a whole number above zero.`,
    `tokens.csv, line 7, column above_applies_to: "all" is none of request, part.`,
    `tokens.csv, line 7, column input_above: "1.5" has no place beside web_search, which is no token.`,
    `tokens.csv, line 7, column tier: "rush" is none of standard, batch, flex, priority.`,
    "tokens.csv, line 8, column class: the cell is empty.",
    "tokens.csv, line 8, column price: the cell is empty.",
    "tokens.csv, line 8, column valid_from: the cell is empty.",
    "tokens.csv, line 8, column currency: the cell is empty.",
  ]);
  expect(await faults("openai,gpt-5,input,1,USD,2026-01-01,,,,,9,,")).toEqual([
    `tokens.csv, line 2, column input_above: "9" has no line of the same input price below it: one without input_above.`,
  ]);
});

test("deployments name their model once", async () => {
  expect(await readDeployments(folder)).toEqual([]);
  await writeFile(
    path.join(folder, "deployments.yaml"),
    "- { provider: azure, deployment: chat, model: gpt-4o }\n",
  );
  expect(await readDeployments(folder)).toEqual([{ provider: "azure", deployment: "chat", model: "gpt-4o" }]);
  await writeFile(
    path.join(folder, "deployments.yaml"),
    "- { provider: azure, deployment: chat, model: gpt-4o }\n- { provider: azure, deployment: Chat, model: gpt-5 }\n",
  );
  await expect(readDeployments(folder)).rejects.toThrow(
    /line 2, column deployment: "Chat" has a model in line 1 already/,
  );
});
