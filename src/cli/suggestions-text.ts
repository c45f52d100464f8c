import type { Suggestions } from "#flows/attribution/suggest-rules.ts";
import { formatDecimal } from "#units/decimal.ts";
import { bold, dim } from "./colors.ts";
import { amount, count, share } from "./format.ts";
import { table } from "./table.ts";

type Suggestion = Suggestions["suggestions"][number];

const ratio = (part: bigint, whole: bigint): string =>
  whole === 0n ? "–" : share(Number((part * 1_000_000n) / whole) / 1_000_000);

/** Rules that would attribute the most, for people: what is owned now, the places, and the rules to paste. */
export function suggestionsText({ key, shares, suggestions, divided }: Suggestions): string {
  const owned = shares.map(
    ({ currency, total, owned: part }) =>
      `${ratio(part, total)} of ${amount(total)} ${currency} has a ${key}; ${amount(total - part)} ${currency} has none.`,
  );
  if (divided)
    owned.push(
      "This is of charges as they were delivered; plimsoll doctor tells it with nodes divided among who used them.",
    );
  if (suggestions.length === 0)
    return `${owned.join("\n")}\nNo rule on accounts, services or names would give it one.\n`;
  const rows = suggestions.flatMap((each) =>
    each.attributes.map(({ currency, cost, charges }, index) => [
      index === 0 ? conditionsOf(each).join(", ") : "",
      index === 0 ? (each.owner ?? "you say") : "",
      index === 0 ? evidenceOf(each) : "",
      amount(cost),
      currency,
      count(charges),
    ]),
  );
  const head = ["Charges with", key, "Because", "EffectiveCost", "Currency", "Charges"];
  return [
    ...owned,
    "",
    bold(`Rules that would give a ${key} to the most of it, each beside those before it`),
    table(head, rows, [false, false, false, true, false, true]),
    bold("To paste into plimsoll.yaml, once you agree"),
    rulesYaml(key, suggestions),
  ].join("\n");
}

const evidenceOf = ({ owner, agreement, owned }: Suggestion): string =>
  owner === undefined || agreement === undefined
    ? "nobody owns any of it"
    : `${owner} has ${share(agreement / 1_000_000)} of ${owned.map(({ currency, cost }) => `${amount(cost)} ${currency}`).join(" and ")} owned there`;

/** A place as filters; what a name begins with is written as a pattern, its own signs as themselves. */
function conditionsOf({ place: { account, service, beginning } }: Suggestion): string[] {
  const value = (text: string): string => text.replaceAll("|", String.raw`\|`);
  return [
    ...(account === undefined ? [] : [`SubAccountName=${value(account)}`]),
    ...(service === undefined ? [] : [`ServiceName=${value(service)}`]),
    ...(beginning === undefined
      ? []
      : [`ResourceName=~^${beginning.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}`]),
  ];
}

function rulesYaml(key: string, suggestions: readonly Suggestion[]): string {
  const rules = suggestions.map((each, index) => {
    const when = conditionsOf(each).map((condition) => JSON.stringify(condition));
    // Without an owner it is no rule yet: pasted as it is, it must not attribute anything.
    const [sign, owner] = each.owner === undefined ? ["# who? ", "…"] : ["", JSON.stringify(each.owner)];
    return `    ${sign}- { id: suggested-${index + 1}, when: [${when.join(", ")}], set: { ${key}: ${owner} } }`;
  });
  return `${dim(["attribution:", "  rules:", ...rules].join("\n"))}\n`;
}

/** The same as JSON: amounts are exact decimal strings. */
export const suggestionsJson = ({ key, shares, suggestions, divided }: Suggestions): object => ({
  key,
  asDelivered: divided,
  shares: shares.map(({ currency, total, owned }) => ({
    currency,
    total: formatDecimal(total),
    owned: formatDecimal(owned),
  })),
  suggestions: suggestions.map((each) => ({
    when: conditionsOf(each),
    owner: each.owner ?? null,
    agreement: each.agreement === undefined ? null : each.agreement / 1_000_000,
    attributes: each.attributes.map((part) => ({ ...part, cost: formatDecimal(part.cost) })),
  })),
});
