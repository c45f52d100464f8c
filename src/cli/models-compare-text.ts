import type { ApiUse, ModelComparison, SelfHosted } from "#flows/self-hosted/compare-models.ts";
import { ONE } from "#units/decimal.ts";
import { bold, dim } from "./colors.ts";
import { amount, count, day, many, rate, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** Models for people: one table, those of one's own first; then who used them, and what is not known. */
export function comparisonText({ window, selfHosted, apis }: ModelComparison): string {
  const head = bold(`What a million tokens cost · ${day(window.start)} to ${day(window.end)}`);
  if (selfHosted.length === 0 && apis.length === 0) return `${head}\n\nNo model was used in this time.\n`;
  const parts = [
    head,
    "",
    modelTable(selfHosted, apis),
    ...selfHosted.filter(({ users }) => users !== undefined).map(usersTable),
    ...notesOf(selfHosted, apis).map((note) => dim(note)),
  ];
  return `${parts.join("\n")}\n`;
}

const heads = [
  "Input tokens",
  "Cached",
  "Output tokens",
  "Cost",
  "per M",
  "input",
  "output",
  "by use",
  "Utilisation",
] as const;

function modelTable(selfHosted: readonly SelfHosted[], apis: readonly ApiUse[]): string {
  const isBucketed = [...selfHosted, ...apis].some(({ bucket }) => bucket !== undefined);
  const isHeld = selfHosted.some(({ api }) => api !== undefined);
  const labels = ["Model", "Where", ...(isBucketed ? ["Bucket"] : [])];
  const more = isHeld ? ["API per M", "Break-even"] : [];
  const bucket = (text: string | undefined): string[] =>
    isBucketed ? [(text ?? "").replace("T00:00:00Z", "")] : [];
  const own = selfHosted.map((line) => [
    printable(line.model),
    printable(line.workload),
    ...bucket(line.bucket),
    ...ownCells(line),
    ...(isHeld ? heldCells(line) : []),
  ]);
  const others = apis.map((use) => [
    use.model === null ? dim("unknown") : printable(use.model),
    `API ${printable(use.provider ?? "")}`,
    ...bucket(use.bucket),
    tokensText(use, use.input),
    use.input === 0n ? "" : ratio((use.cached * ONE) / use.input),
    tokensText(use, use.output),
    use.currency === null ? "unpriced" : `${amount(use.cost)} ${printable(use.currency)}`,
    use.perMillion === undefined ? "unknown" : rate(use.perMillion),
    ...Array.from({ length: 4 + more.length }, () => ""),
  ]);
  const columns = [...heads, ...more];
  return table(
    [...labels, ...columns],
    [...own, ...others],
    [...labels.map(() => false), ...columns.map(() => true)],
  );
}

/** Calls that don't tell their tokens had some. */
const tokensText = ({ calls, uncounted }: ApiUse, tokens: bigint): string =>
  uncounted === calls ? "unknown" : `${uncounted === 0 ? "" : "≥ "}${count(Number(tokens))}`;

function ownCells({ work, cost, currency }: SelfHosted): string[] {
  const each = (units: bigint | undefined): string => (units === undefined ? "unknown" : rate(units));
  const { allocation, usage, utilisation } = cost ?? {};
  return [
    count(Number(work.input)),
    work.cached === undefined ? "unknown" : work.input === 0n ? "" : ratio((work.cached * ONE) / work.input),
    count(Number(work.output)),
    allocation === undefined ? "unknown" : `${amount(allocation.cost)} ${currency ?? ""}`,
    each(allocation?.perMillion),
    each(allocation?.inputPerMillion),
    each(allocation?.outputPerMillion),
    each(usage?.perMillion),
    utilisation === undefined ? "unknown" : ratio(utilisation),
  ];
}

const heldCells = ({ api }: SelfHosted): string[] => [
  api?.perMillion === undefined ? "unknown" : rate(api.perMillion),
  api?.breakEven === undefined ? "unknown" : api.breakEven > ONE ? "never" : ratio(api.breakEven),
];

const ratio = (units: bigint): string => share(Number((units * 1_000_000n) / ONE) / 1_000_000);

function usersTable({
  model,
  workload,
  users = [],
  unmetered = 0n,
  currency = "",
  bucket,
}: SelfHosted): string {
  const when = bucket === undefined ? "" : ` · ${bucket.replace("T00:00:00Z", "")}`;
  const rows = [
    ...users.map(({ name, cost }) => [name === null ? dim("unknown") : printable(name), amount(cost)]),
    ...(unmetered === 0n ? [] : [[dim("told by no call"), amount(unmetered)]]),
  ];
  return `${bold(`Who used ${printable(model)} of ${printable(workload)}${when}`)}\n${table(["User", `Cost in ${currency}`], rows, [false, true])}`;
}

function notesOf(selfHosted: readonly SelfHosted[], apis: readonly ApiUse[]): string[] {
  const without = selfHosted.filter(({ cost }) => cost === undefined).length;
  const idle = selfHosted.filter(({ cost }) => cost !== undefined && cost.usage === undefined).length;
  const guessed = selfHosted.filter(({ cost }) => cost?.split === "multiplier").length;
  const uncorrected = selfHosted.filter(({ cost }) => cost?.split === "compute-time-uncorrected").length;
  const unpriced = apis.reduce((sum, each) => sum + each.unpriced, 0);
  const isByAllocation = selfHosted.some(({ basis }) => basis === "allocation");
  const api = selfHosted.find((line) => line.api?.perMillion !== undefined)?.api;
  const age = api?.ageDays === undefined ? "" : `, ${many(api.ageDays, "day")} old`;
  return [
    ...(selfHosted.length === without
      ? []
      : [
          "Cost and per M are on allocation basis, with idle machines, and add up to the bill; by use leaves out what stood idle.",
        ]),
    ...(isByAllocation
      ? ["Costs are the allocation's own: no invoice's nodes are divided by it in this time."]
      : []),
    ...(without === 0
      ? []
      : [
          `Cost of ${many(without, "line")} unknown: no allocation names the workload (plimsoll allocate --keep).`,
        ]),
    ...(idle === 0
      ? []
      : [`By use of ${many(idle, "line")} unknown: nobody measured how busy the GPUs were.`]),
    ...(guessed === 0
      ? []
      : [
          `Of ${many(guessed, "line")} an output token was taken for 2.5 input tokens: no times of prefill and decoding.`,
        ]),
    ...(uncorrected === 0
      ? []
      : [
          `Of ${many(uncorrected, "line")} nobody counts cached tokens: input is per million of all of them.`,
        ]),
    ...(api === undefined
      ? []
      : [
          `API per M: the same tokens at ${printable(api.model)}'s price (${api.layer ?? "free"}${age}). Break-even: how busy the machines must be.`,
        ]),
    ...(unpriced === 0
      ? []
      : [`${many(unpriced, "call")} to APIs without a price: their cost is unknown, not zero.`]),
  ];
}
