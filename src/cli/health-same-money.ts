import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import { decimal } from "#units/decimal.ts";
import { dim, yellow } from "./colors.ts";
import { amount, count, many } from "./format.ts";
import { printable } from "./printable.ts";

type SameMoney = LakeHealth["sameMoney"][number];
type SameCalls = LakeHealth["sameCalls"][number];
type Duplicate = LakeHealth["duplicates"][number];

const sure = { high: "is", medium: "is probably", low: "may be" } as const;

/** Money and calls that two sources bring, with what shows it and how to mend it; then files that are there twice and no pair tells of. */
export function sameMoneyLines({ sameMoney, sameCalls, duplicates }: LakeHealth): string[] {
  const told = (file: Duplicate): boolean =>
    sameMoney.some(({ sources }) => sources.every((source) => file.sources.includes(source)));
  return [
    ...sameMoney.map(pairLine),
    ...sameCalls.map(callsLine),
    ...duplicates.filter((file) => !told(file)).map(fileLine),
  ];
}

function pairLine(pair: SameMoney): string {
  const { kind, sources, role, currency, confidence, billedCost, from, to } = pair;
  const [one, other] = sources;
  const time = from === null ? "" : `, ${from} to ${to}`;
  const what = `${amount(decimal(billedCost))} ${currency} of ${one} ${sure[confidence]} counted again in ${other} (role ${role}${time})`;
  const mend =
    kind === "estimate"
      ? `If one is a gateway's reckoning of the other: plimsoll import … --source <it> --role estimate --force`
      : `Keep one as ${role}; import the other's files again with --role ${role === "invoice" ? "allocation" : "estimate"} --force`;
  return `${yellow("Counted twice")}: ${what}: ${evidenceOf(pair).join("; ")}. ${dim(`→ ${mend}`)}`;
}

function callsLine({
  sources: [one, other],
  confidence,
  bucket,
  shared,
  agree,
  calls,
  models,
  from,
  to,
}: SameCalls): string {
  const what = `${many(calls, "call")} of ${one} ${confidence === "high" ? "are" : "are probably"} told again by ${other} (${from} to ${to})`;
  const why = `tokens of ${many(models, "model")} are the same in ${count(agree)} of ${many(shared, bucket)} that both tell`;
  return `${yellow("Counted twice")}: ${what}: ${why}. ${dim(`→ plimsoll calls remove --source ${one} (or ${other}), and send it no longer; or ask of one: --where source=${one}`)}`;
}

function evidenceOf({ evidence: { days, months, rows, models = [], files } }: SameMoney): string[] {
  const [file] = files;
  const more = files.length > 1 ? ` and ${many(files.length - 1, "more file")}` : "";
  return [
    ...(file === undefined ? [] : [`${printable(file)}${more} byte for byte`]),
    ...(days === undefined
      ? []
      : [
          `BilledCost is the same on ${count(days.agree)} of ${many(days.shared, "day")} that both bill in ${many(days.accounts, "account")}`,
        ]),
    ...(months === undefined || (days?.agree ?? 0) > 0
      ? []
      : [`in ${count(months.agree)} of ${many(months.shared, "month")}`]),
    ...(rows === undefined || rows.agree === 0
      ? []
      : [
          `${count(rows.agree)} of ${many(rows.compared, "charge")} have the same resource, start and BilledCost${rows.sampled > 1 ? ` (one in ${rows.sampled} looked at)` : ""}`,
        ]),
    ...models.slice(0, 3).map(({ model, shared, agree, tokenDays, tokenDaysAlike }) => {
      const tokens = tokenDays === 0 ? "" : `, tokens on ${tokenDaysAlike} of ${tokenDays}`;
      return `${printable(model)} costs within a tenth of the same on ${agree} of ${many(shared, "day")}${tokens}`;
    }),
    ...(models.length > 3 ? [`${models.length - 3} more models`] : []),
  ];
}

const fileLine = ({ file, sources, countedTwice }: Duplicate): string =>
  countedTwice
    ? `${yellow("Counted twice")}: ${printable(file)} is imported as ${sources.join(" and ")} in the same role.`
    : `${printable(file)} is imported as ${sources.join(" and ")}, in different roles.`;
