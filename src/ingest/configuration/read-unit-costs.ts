import { parseCallFilter } from "#facts/call-question.ts";
import { parseFilter } from "#facts/cost-question.ts";
import { parseOutcomeFilter } from "#facts/outcome-question.ts";
import { signals } from "#facts/signal.ts";
import { parseSignalFilter, parseSignalName } from "#facts/signal-question.ts";
import type {
  UnitCostDefinition,
  UnitCostDenominator,
  UnitCostNumerator,
} from "#facts/unit-cost-definition.ts";
import { Problem } from "#units/problems.ts";
import { invalid } from "./invalid.ts";
import { readConfiguration } from "./read-configuration.ts";
import type { Configuration } from "./schema.ts";

type Written = Configuration["unitCosts"][number];
/** Reads something of a part of a definition; what is wrong with it is told with its line. */
type Located = <T>(part: readonly (string | number)[], read: () => T) => T;

const units = { "1": 1n, "1k": 1000n, "1M": 1_000_000n } as const;

/**
 * The unit costs that a `plimsoll.yaml` defines.
 * @throws Problem "config-invalid", naming the line: an unknown column, filter or signal, an id that occurs twice, filters beside a statement
 */
export function readUnitCosts(text: string, file: string): UnitCostDefinition[] {
  const { configuration, lineOf } = readConfiguration(text, file);
  const ids = new Set<string>();
  return configuration.unitCosts.map((written, index) => {
    const at = ["unitCosts", index] as const;
    const fault = (part: readonly (string | number)[], message: string, hint?: string): Problem =>
      invalid(file, lineOf([...at, ...part]), `unit cost ${written.id}: ${message}`, hint);
    const located: Located = (part, read) => {
      try {
        return read();
      } catch (cause) {
        if (cause instanceof Problem) throw fault(part, cause.message, cause.hint);
        throw cause;
      }
    };
    if (ids.has(written.id)) throw fault(["id"], "there is another one of this id.");
    ids.add(written.id);
    const { cost } = written;
    if (cost.statement !== undefined && (cost.where.length > 0 || cost.from === "calls"))
      throw fault(["cost"], "a statement is of one scope's charges; it takes neither filters nor calls.");
    return {
      id: written.id,
      cost: numeratorOf(written, located),
      per: denominatorOf(written, located),
      unit: units[written.unit],
    };
  });
}

function numeratorOf({ cost: { from, where, statement } }: Written, located: Located): UnitCostNumerator {
  if (statement !== undefined) return { from: "statement", ...statement };
  const each = <T>(parse: (text: string) => T): T[] =>
    where.map((text, index) => located(["cost", "where", index], () => parse(text)));
  return from === "calls"
    ? { from, where: each(parseCallFilter), texts: where }
    : { from, where: each(parseFilter), texts: where };
}

function denominatorOf(
  { per: { outcome, signal, count, where } }: Written,
  located: Located,
): UnitCostDenominator {
  const each = <T>(parse: (text: string) => T): T[] =>
    where.map((text, index) => located(["per", "where", index], () => parse(text)));
  if (outcome !== undefined)
    return { of: "outcome", kind: outcome, where: each(parseOutcomeFilter), texts: where };
  if (signal !== undefined)
    return {
      of: "signal",
      signal: located(["per", "signal"], () => {
        const name = parseSignalName(signal);
        if (signals[name].kind !== "gauge") return name;
        throw new Problem("option-invalid", `${name} is a gauge: what is at a moment can't be divided by.`);
      }),
      where: each(parseSignalFilter),
      texts: where,
    };
  return { of: count ?? "calls", where: each(parseCallFilter), texts: where };
}
