import { heldJson } from "#facts/price-book-text.ts";
import { type Refreshed, refreshPrices } from "#flows/prices/refresh-prices.ts";
import { formatDecimal } from "#units/decimal.ts";
import { dim, green, yellow } from "#cli/colors.ts";
import { count, many } from "#cli/format.ts";
import { optionalText, textList } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { progressLine } from "#cli/progress-line.ts";

/** Held prices that are listed; all are in the file. */
const SHOWN = 10;

/** `plimsoll prices refresh`: new public prices, reviewed, in a file of their own. */
export async function refreshCommand(options: Record<string, unknown>): Promise<void> {
  const url = optionalText(options["url"]);
  const regions = textList(options["region"]);
  const progress = progressLine(process.stderr);
  const result = await refreshPrices(
    {
      data: String(options["data"]),
      from: String(options["from"]),
      regions: regions.length === 0 ? ["eastus"] : regions,
      accept: options["accept"] === true,
      now: Date.now(),
      ...(url === undefined ? {} : { url }),
    },
    (what, done) => progress.show(`${what}: ${count(done)}`, done, 0, "steps"),
  ).finally(() => progress.end());
  process.stdout.write(
    options["json"] === true ? `${JSON.stringify(json(result), null, 2)}\n` : text(result),
  );
}

const json = ({ file, taken, held, added, changed, same, missing }: Refreshed): object => ({
  file,
  prices: taken.length,
  added,
  changed,
  same,
  missing,
  held: held.map(heldJson),
});

function text({ file, taken, held, added, changed, same, missing }: Refreshed): string {
  const lines = held
    .slice(0, SHOWN)
    .map(
      ({ offered, former }) =>
        `  ${offered.sku} in ${offered.region}, ${offered.purchase}: ${formatDecimal(former.price.units)} stays, ${formatDecimal(offered.price.units)} ${offered.price.currency} was offered`,
    );
  const more = held.length > SHOWN ? [`  and ${held.length - SHOWN} more`] : [];
  return [
    `${green("Refreshed")} ${many(taken.length, "price")}: ${added} new, ${changed} changed, ${same} as before.`,
    ...(missing === 0 ? [] : [`No longer offered: ${many(missing, "price")}; the last known ones stay.`]),
    ...(held.length === 0
      ? []
      : [
          yellow(`Held for review, since they moved by more than 30 %: ${many(held.length, "price")}.`),
          ...lines,
          ...more,
        ]),
    ...(held.length === 0 ? [] : [dim("Look at them, then run the command with --accept.")]),
    dim(`Written to ${file}; earlier files are unchanged.`),
  ]
    .map((line) => `${printable(line)}\n`)
    .join("");
}
