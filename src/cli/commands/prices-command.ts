import type { Guest } from "#facts/machine-price.ts";
import { purchaseOptions } from "#facts/price.ts";
import { answerPrices, type PricesAsked } from "#flows/prices/answer-prices.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "#cli/csv.ts";
import { choice, optionalText, positiveInteger, textList } from "#cli/options.ts";
import { priceCells, priceColumns, pricesJson } from "#cli/prices-json.ts";
import { pricesText } from "#cli/prices-text.ts";

/** `plimsoll prices`: what a thing costs by the first layer that knows, and what the others say. */
export async function pricesCommand(
  sku: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const asked = askedOf(sku, options);
  const answer = await answerPrices(asked);
  if (is("json")) process.stdout.write(`${JSON.stringify(pricesJson(answer, is("explain")), null, 2)}\n`);
  else if (is("csv")) process.stdout.write(csv(priceColumns, answer.lines.map(priceCells)));
  else process.stdout.write(pricesText(answer, asked.sku, is("explain")));
}

function askedOf(sku: string | undefined, options: Record<string, unknown>): PricesAsked {
  const now = Date.now();
  const [provider, region, currency, at] = ["provider", "region", "currency", "at"].map((name) =>
    optionalText(options[name]),
  );
  if (sku === undefined && provider === undefined && region === undefined)
    throw new Problem("option-invalid", "Name an instance type or SKU, or a --provider or --region.", {
      hint: "Write plimsoll prices p5.48xlarge, or plimsoll prices --provider aws --region us-east-1.",
    });
  const purchase = options["purchase"];
  return {
    data: String(options["data"]),
    now,
    at: at === undefined ? now : instant(at),
    guests: textList(options["guest"]).map(guestOf),
    ...(sku === undefined ? {} : { sku }),
    ...(provider === undefined ? {} : { provider }),
    ...(region === undefined ? {} : { region }),
    ...(currency === undefined ? {} : { currency }),
    ...(purchase === undefined ? {} : { purchase: choice("--purchase", purchase, purchaseOptions) }),
  };
}

function guestOf(text: string): Guest {
  const [type = "", count = "", more] = text.split("=");
  if (type === "" || more !== undefined)
    throw new Problem("option-invalid", `--guest ${text} is not a type and a count such as K80=4.`);
  return { type, count: BigInt(positiveInteger("--guest", count)) };
}
