import { parseMeasure, unitOf } from "#facts/cost-question.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import type { Split } from "#facts/split.ts";
import { decimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { invalid } from "./invalid.ts";
import { type LineOf, readConfiguration } from "./read-configuration.ts";
import type { Configuration } from "./schema.ts";

type Written = Configuration["splits"][number];

/**
 * The splits of a `plimsoll.yaml`.
 * @throws Problem "config-invalid", naming the line: a split onto itself, a cycle, a value split twice, a fixed split without weights,
 * a name that the tag schema doesn't list
 */
export function readSplits(text: string, file: string): Split[] {
  const { configuration, lineOf } = readConfiguration(text, file);
  const splits = configuration.splits.map((split, index) => readSplit(split, index, file, lineOf));
  splits.forEach((split, index) => {
    refuseCycles(split, splits.slice(0, index), index, file, lineOf);
    refuseUnlisted(split, configuration.attribution.keys[split.key]?.values, (part, message) =>
      invalid(file, lineOf(["splits", index, part]), message),
    );
  });
  return splits;
}

function readSplit(
  { by, shares, to, ...split }: Written,
  index: number,
  file: string,
  lineOf: LineOf,
): Split {
  const at = ["splits", index] as const;
  const fault = (part: string, message: string, hint?: string): Problem =>
    invalid(file, lineOf([...at, part]), `split ${split.id}: ${message}`, hint);
  if ((split.method === "fixed") !== (shares !== undefined))
    throw fault(
      "method",
      "fixed splits, and only they, have shares.",
      "Write shares: { search: 60, vision: 40 }.",
    );
  const weights = shares === undefined ? undefined : readShares(shares, fault);
  const targets = to ?? (weights === undefined ? undefined : Object.keys(weights));
  const stray = targets?.find((target) => weights !== undefined && !Object.hasOwn(weights, target));
  if (stray !== undefined) throw fault("to", `${stray} has no share.`);
  const twice = targets?.find((target, at) => targets.indexOf(target) !== at);
  if (twice !== undefined) throw fault("to", `${twice} is named twice.`);
  const measure = located(
    () => parseMeasure(by),
    (message, hint) => fault("by", message, hint),
  );
  if (unitOf[measure] !== undefined)
    throw fault("by", `${measure} has several units, which can't be weighed against each other.`);
  return {
    ...split,
    by: measure,
    ...(targets === undefined ? {} : { to: targets }),
    ...(weights === undefined ? {} : { shares: weights }),
  };
}

function readShares(
  shares: Readonly<Record<string, string>>,
  fault: (part: string, message: string) => Problem,
): Record<string, bigint> {
  const weights = Object.entries(shares).map(([target, text]): [string, bigint] => {
    const units = located(
      () => decimal(text),
      (message) => fault("shares", message),
    );
    if (units < 0n) throw fault("shares", `${target} has a share below zero.`);
    return [target, units];
  });
  if (weights.every(([, units]) => units === 0n)) throw fault("shares", "no share is above zero.");
  return Object.fromEntries(weights);
}

function located<T>(read: () => T, fault: (message: string, hint: string) => Problem): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Problem) throw fault(cause.message, cause.hint);
    throw cause;
  }
}

/** Cost that was given away must not come back: nobody would bear it in the end. */
function refuseCycles(
  split: Split,
  before: readonly Split[],
  index: number,
  file: string,
  lineOf: LineOf,
): void {
  const at = ["splits", index] as const;
  if (split.to?.includes(split.from) === true)
    throw invalid(
      file,
      lineOf([...at, "to"]),
      `split ${split.id} gives the cost of ${split.from} to itself.`,
    );
  const own = before.filter(({ key }) => key === split.key);
  const twice = own.find(({ from }) => from === split.from);
  if (twice !== undefined)
    throw invalid(
      file,
      lineOf([...at, "from"]),
      `split ${split.id}: ${split.from} is split by ${twice.id} already.`,
    );
  const id = before.find((each) => each.id === split.id);
  if (id !== undefined) throw invalid(file, lineOf([...at, "id"]), `two splits have the id ${split.id}.`);
  const back = own.find(({ from }) => split.to?.includes(from) === true);
  if (back !== undefined)
    throw invalid(
      file,
      lineOf([...at, "to"]),
      `split ${split.id} gives to ${back.from}, whose cost ${back.id} gave away before: a cycle.`,
      `Put ${split.id} before ${back.id}, or leave ${back.from} out.`,
    );
}

/** No charge is ever of a value that the tag schema doesn't list, so what is split to one would be lost to sight. */
function refuseUnlisted(
  { id, key, from, to = [] }: Split,
  values: readonly string[] | undefined,
  fault: (part: string, message: string) => Problem,
): void {
  if (values === undefined) return;
  const stray = [from, ...to].find((name) => !values.includes(name));
  if (stray === undefined) return;
  throw fault(
    stray === from ? "from" : "to",
    `split ${id}: ${stray} is no value of ${key}. attribution.keys.${key}.values lists ${values.join(", ")}.${didYouMean(stray, values)}`,
  );
}
