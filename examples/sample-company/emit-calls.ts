import { formatDecimal } from "#units/decimal.ts";
import { type Books, enter } from "./books.ts";
import { costOf } from "./cells.ts";
import { charges, periodsOf } from "./charges.ts";
import { isoTime, unixTime } from "./clock.ts";
import type { Emission } from "./emit-focus.ts";
import type { Charge, Source } from "./model.ts";
import { writeText } from "./write-lines.ts";

/** OpenAI's GET /organization/costs, grouped by line item and project: one page a month, amounts as exact number literals. */
export async function emitOpenai(emission: Emission): Promise<Books> {
  return emitPages(emission, "openai", "costs", (days) => {
    const data = days.map(
      ([day, lines]) =>
        `{"object":"bucket","start_time":${unixTime(day)},"end_time":${unixTime(day + 24)},"results":[${lines.map(openaiResult).join(",")}]}`,
    );
    return `{"object":"page","data":[${data.join(",\n")}],"has_more":false,"next_page":null}\n`;
  });
}

function openaiResult({ shape, micro }: Charge): string {
  const { resource, sku } = shape.meter;
  const kind = { Input: "input", Output: "output" }[String(sku.details.TokenDirection)] ?? "input";
  const item = `${String(sku.details.ModelId)}, ${sku.details.TokenCacheAction === "Read" ? "cached input" : kind}`;
  const value = formatDecimal(costOf(shape.prices.billed, micro));
  return `{"object":"organization.costs.result","amount":{"value":${value},"currency":"usd"},"line_item":${JSON.stringify(item)},"project_id":"${resource.id}","project_name":"${resource.name}","organization_id":"${resource.account.id}","quantity":${micro},"quantity_unit":"tokens"}`;
}

const anthropicTypes: Readonly<Record<string, readonly [string, string]>> = {
  Uncached: ["uncached_input_tokens", "Input Tokens"],
  Read: ["cache_read_input_tokens", "Input Tokens, Cache Read"],
  Output: ["output_tokens", "Output Tokens"],
};

/** Anthropic's GET /v1/organizations/cost_report, grouped by workspace and description: amounts are decimal strings in cents. */
export async function emitAnthropic(emission: Emission): Promise<Books> {
  return emitPages(emission, "anthropic", "cost_report", (days) => {
    const data = days.map(([day, lines]) => ({
      starting_at: isoTime(day),
      ending_at: isoTime(day + 24),
      results: lines.map(({ shape, micro }) => {
        const { details } = shape.meter.sku;
        const [type, words] = anthropicTypes[String(details.TokenCacheAction ?? "Output")] ?? [];
        return {
          currency: "USD",
          amount: formatDecimal(costOf(shape.prices.billed, micro) * 100n),
          workspace_id: shape.meter.resource.id,
          description: `Claude Sonnet 4.6 Usage - ${words}`,
          cost_type: "tokens",
          context_window: "0-200k",
          model: String(details.ModelId),
          service_tier: "standard",
          token_type: type,
          inference_geo: "global",
        };
      }),
    }));
    return `${JSON.stringify({ data, has_more: false, next_page: null }, null, 1)}\n`;
  });
}

async function emitPages(
  emission: Emission,
  source: Source,
  report: string,
  page: (days: readonly (readonly [number, Charge[]])[]) => string,
): Promise<Books> {
  const books: Books = new Map();
  for (const period of periodsOf(emission.world)) {
    const days = new Map<number, Charge[]>();
    for (const charge of charges(emission.world, source, period, new Map())) {
      days.set(charge.start, [...(days.get(charge.start) ?? []), charge]);
      enter(books, charge, 1);
    }
    const name = `${source}/${report}-${period.month}.json`;
    await writeText(emission.out, name, page([...days]));
    emission.files.push(name);
    emission.onRows([...days.values()].flat().length);
  }
  return books;
}
