import { type FocusColumn, focusColumns } from "#facts/focus-columns.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { literal } from "#facts/source-mapping.ts";
import type { Duckdb } from "#lake/engines/duckdb.ts";
import { allowedValues } from "#lake/validate/allowed-values.ts";
import { readRequirements } from "#lake/validate/read-requirements.ts";
import { parseDecimal } from "#units/decimal.ts";
import { Problem } from "#units/problems.ts";
import { amountFault, timeFault } from "./check-cells.ts";
import { type Declared, statedSql } from "./delivery-sql.ts";
import type { Fault } from "./offences.ts";

/** Longer lists are not written out; the nearest values are named. */
const SHOWN_VALUES = 20;

/**
 * Looks at every value that a person states as strictly as at a delivered cell, before any file is read.
 * @throws Problem with the first value that can't be one of its column, the others beside it
 */
export async function checkDeclared(db: Duckdb, declared: Declared): Promise<void> {
  const stated = Object.entries(declared.values) as [FocusColumn, string][];
  if (stated.length === 0) return;
  const sound = stated.map(([column, value], index) => `${soundSql(column, value, declared)} as s${index}`);
  const [row = {}] = await db.run(`select ${sound.join(", ")}`);
  const allowed = allowedValues(await readRequirements("1.3"));
  const problems = stated
    .map(([column, value], index) => {
      const fault =
        row[`s${index}`] === true ? listFault(value, allowed.get(column)) : faultOf(column, value, declared);
      return { column, value, fault };
    })
    .flatMap(({ column, value, fault }) => {
      if (fault === undefined) return [];
      const { code, what, hint } = fault;
      return new Problem(code, `--set ${column}=${value}: "${value}" ${what}.`, {
        at: { column, value },
        ...(hint === undefined ? {} : { hint }),
      });
    });
  const [first, ...others] = problems;
  if (first !== undefined)
    throw new Problem(first.code, first.message, { at: first.at, hint: first.hint, others });
}

function soundSql(column: FocusColumn, value: string, declared: Declared): string {
  const text = literal(value);
  if (value === "") return "false";
  if (focusColumns[column].type === "decimal") return String(isAmount(value));
  if (column === "BillingCurrency") return `regexp_full_match(${text}, '[A-Z]{3}')`;
  // Two steps: `json_type` of what is no JSON is an error.
  if (focusColumns[column].type === "json")
    return `case when json_valid(${text}) then json_type(${text}) in ('OBJECT', 'ARRAY') else false end`;
  return `(${statedSql(column, value, declared)}) is not null`;
}

function isAmount(value: string): boolean {
  try {
    return parseDecimal(value) !== undefined;
  } catch {
    // Out of range; `amountFault` tells it from what is no decimal at all.
    return false;
  }
}

/** Why a value is none of a closed list of FOCUS; undefined if it is one, or the column's values are free. */
function listFault(value: string, allowed: readonly string[] | undefined): Fault | undefined {
  if (allowed === undefined || allowed.includes(value)) return undefined;
  const list =
    allowed.length > SHOWN_VALUES
      ? `FOCUS lists ${allowed.length} values for it.`
      : `FOCUS allows ${allowed.join(", ")}.`;
  return {
    code: "option-invalid",
    what: "is not a value that FOCUS allows in this column",
    hint: `${list}${didYouMean(value, allowed)}`,
  };
}

function faultOf(column: FocusColumn, value: string, { zone }: Declared): Fault {
  if (value === "")
    return { code: "option-invalid", what: "is empty", hint: `Write --set ${column}= and the value.` };
  switch (focusColumns[column].type) {
    case "decimal":
      return amountFault(value);
    case "time":
      return timeFault(value, zone);
    case "json":
      return { code: "json-invalid", what: "is not JSON" };
    default:
      return { code: "currency-invalid", what: "is not an ISO 4217 code" };
  }
}
