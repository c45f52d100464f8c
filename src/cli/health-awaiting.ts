import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import { decimal } from "#units/decimal.ts";
import { dim, yellow } from "./colors.ts";
import { amount, many } from "./format.ts";
import { printable } from "./printable.ts";

type Awaiting = LakeHealth["awaiting"];

/** Names that a line gives before it says how many more there are. */
const NAMED = 3;

/** What only a person can decide, each with its money and the command that decides it. */
export function awaitingLines(awaiting: Awaiting): string[] {
  return [
    ...workloadLines(awaiting),
    ...valueLines(awaiting),
    ...unpricedLines(awaiting),
    ...modelLines(awaiting),
  ];
}

function workloadLines({ workloads, inventory }: Awaiting): string[] {
  const [first] = workloads;
  if (first === undefined)
    return "notLooked" in inventory && inventory.notLooked !== "nothing is invoiced"
      ? [dim(`Workloads were not looked at: ${printable(inventory.notLooked)}.`)]
      : [];
  const names = workloads.map(
    ({ workload, type, costs }) =>
      `${printable(workload)} (${[type, ...costs.map(moneyOf)].filter((part) => part !== "").join(", ")})`,
  );
  const total = summed(workloads.flatMap(({ costs }) => costs));
  const days = "from" in inventory ? ` since ${inventory.from.slice(0, 10)}` : "";
  return [
    `${yellow(many(workloads.length, "workload"))} of a guessed type${total === "" ? "" : `, ${total}${days}`}: ${some(names)}. ${command(`plimsoll inventory decide ${argument(first.workload)} --set type=…`)}`,
  ];
}

function valueLines({ values }: Awaiting): string[] {
  const like = values.filter(({ meant }) => meant.length > 0);
  const unlike = values.filter(({ meant }) => meant.length === 0);
  // A value in two currencies is one to decide.
  const distinct = (names: readonly string[]): string[] => [...new Set(names)];
  const mistyped = distinct(
    like.map(({ key, value, meant }) => `${key} ${quote(value)} for ${meant.join(" or ")}`),
  );
  const unlisted = distinct(unlike.map(({ key, value }) => `${key} ${quote(value)}`));
  const [first] = like;
  return [
    ...(first === undefined
      ? []
      : [
          `${yellow(many(mistyped.length, "value"))} of tags ${mistyped.length === 1 ? "looks" : "look"} mistyped, ${summed(like)}: ${some(mistyped)}. ${command(`aliases: { ${quote(first.value)}: ${first.meant[0]} } below attribution.keys.${first.key} in plimsoll.yaml, then plimsoll attribution publish`)}`,
        ]),
    ...(unlike.length === 0
      ? []
      : [
          `${yellow(many(unlisted.length, "value"))} of tags ${unlisted.length === 1 ? "is" : "are"} not listed and like none that is, ${summed(unlike)}: ${some(unlisted)}. ${command("list or alias them in plimsoll.yaml; plimsoll attribution preview shows what that moves")}`,
        ]),
  ];
}

const unpricedLines = ({ unpriced }: Awaiting): string[] =>
  unpriced.map(
    ({ source, currency, charges, billedCost }) =>
      `${yellow(many(charges, "charge"))} of ${source} without EffectiveCost, ${amount(decimal(billedCost))} ${currency} billed; sums leave them out. ${command(
        `import an export that states it (amortised cost, FOCUS): plimsoll import … --source ${argument(source)} --force`,
      )}`,
  );

/** Models without a price; what one call of them costs nobody says. */
function modelLines({ models }: Awaiting): string[] {
  if (models.length === 0) return [];
  const calls = models.reduce((sum, each) => sum + each.calls, 0);
  const tokens = models.reduce((sum, each) => sum + each.tokens, 0);
  const names = models.map(
    ({ provider, model, reason, tokens: its }) =>
      `${printable(`${provider}/${model ?? "no model"}`)} (${reason}, ${many(its, "token")})`,
  );
  return [
    `${yellow(many(models.length, "model"))} without a price, ${many(calls, "call")} with ${many(tokens, "token")}: ${some(names)}. ${command("a line of prices/tokens.csv in the data folder (docs/token-prices.md), then plimsoll calls reprice")}`,
  ];
}

const moneyOf = ({ currency, effectiveCost }: { currency: string; effectiveCost: string }): string =>
  `${amount(decimal(effectiveCost))} ${currency}`;

/** Sums per currency, in words. */
function summed(costs: readonly { readonly currency: string; readonly effectiveCost: string }[]): string {
  const sums = new Map<string, bigint>();
  for (const { currency, effectiveCost } of costs)
    sums.set(currency, (sums.get(currency) ?? 0n) + decimal(effectiveCost));
  return [...sums].map(([currency, units]) => `${amount(units)} ${currency}`).join(" + ");
}

function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const command = (text: string): string => dim(`→ ${text}`);
const quote = (text: string): string => JSON.stringify(printable(text));
/** A word of a command line as it may be pasted. */
const argument = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", String.raw`'\''`)}'`;
