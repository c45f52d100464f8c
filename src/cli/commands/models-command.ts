import { serviceTiers } from "#facts/rate-card.ts";
import type { TokenCall } from "#facts/token-price.ts";
import { type CountClaims, MOST_TOKENS, partitionTokens } from "#facts/token-usage.ts";
import { answerModels, type ModelsAsked } from "#flows/prices/answer-models.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "#cli/csv.ts";
import { modelCells, modelColumns, modelsJson } from "#cli/models-json.ts";
import { modelsText } from "#cli/models-text.ts";
import { choice, optionalText } from "#cli/options.ts";

/** `plimsoll prices models`: what tokens of models cost, and what one call to one of them does. */
export async function modelsCommand(
  model: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const asked = askedOf(model, options);
  const answer = await answerModels(asked);
  if (is("json")) process.stdout.write(`${JSON.stringify(modelsJson(answer, is("explain")), null, 2)}\n`);
  else if (is("csv") && answer.providers.length > 0)
    process.stdout.write(csv(["id", "name", "models"], answer.providers));
  else if (is("csv")) process.stdout.write(csv(modelColumns, answer.lines.flatMap(modelCells)));
  else process.stdout.write(modelsText(answer, model !== undefined, is("explain")));
}

function askedOf(model: string | undefined, options: Record<string, unknown>): ModelsAsked {
  const now = Date.now();
  const [provider, region, at] = ["provider", "region", "at"].map((name) => optionalText(options[name]));
  const call = callOf(options);
  if (model === undefined && call !== undefined)
    throw new Problem("option-invalid", "Tokens were given, but no model that they are of.", {
      hint: "Write plimsoll prices models claude-sonnet-4-5 --input 1000 --output 200.",
    });
  return {
    data: String(options["data"]),
    now,
    at: at === undefined ? now : instant(at),
    tier: choice("--tier", options["tier"], serviceTiers),
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
    ...(region === undefined ? {} : { region }),
    ...(call === undefined ? {} : { call }),
  };
}

/** The call that the options describe; undefined if none of them was given. */
function callOf(options: Record<string, unknown>): Pick<TokenCall, "tokens" | "fees"> | undefined {
  let given = false;
  const number = (name: string, option: string): number => {
    const value = optionalText(options[name]);
    if (value === undefined) return 0;
    given = true;
    if (!/^\d{1,16}$/.test(value) || Number(value) > MOST_TOKENS)
      throw new Problem("option-invalid", `${option} ${value} is not a whole number, 0 or more.`);
    return Number(value);
  };
  const claims: CountClaims = {
    input: number("input", "--input"),
    cacheRead: number("cached", "--cached"),
    cacheWrite5m: number("cacheWrite", "--cache-write"),
    cacheWrite1h: number("cacheWrite1h", "--cache-write-1h"),
    inputBy: { audio: number("inputAudio", "--input-audio"), image: number("inputImage", "--input-image") },
    output: number("output", "--output"),
    reasoning: number("reasoning", "--reasoning"),
    outputBy: {
      audio: number("outputAudio", "--output-audio"),
      image: number("outputImage", "--output-image"),
    },
  };
  const fees = {
    web_search: number("webSearches", "--web-searches"),
    file_search: number("fileSearches", "--file-searches"),
  };
  if (!given) return undefined;
  const tokens = partitionTokens(claims);
  if (tokens.state === "fault")
    throw notAPartition(tokens.faults.map(({ field, value }) => `${field} is ${value}`));
  return { tokens, fees };
}

const notAPartition = (faults: readonly string[]): Problem =>
  new Problem("option-invalid", `These tokens are no call: ${faults.join("; ")}.`, {
    hint: "--input is all of the input, cached tokens among it; --output is all of the output, reasoning among it.",
  });
