import {
  addedColumns,
  type AddedColumn,
  chargeColumnNames,
  type ChargeColumn,
  chargeColumnType,
  decidedColumns,
} from "#facts/charge-columns.ts";
import { type FocusColumn, focusColumns } from "#facts/focus-columns.ts";
import { measures } from "#facts/cost-question.ts";

/** Everything a report can be asked for, with what it is. */
export function listColumns(): { name: string; kind: string; what: string }[] {
  const columns = chargeColumnNames.map((name) => ({
    name,
    kind: (measures as readonly string[]).includes(name) ? "measure" : chargeColumnType(name),
    what: whatIs(name),
  }));
  return [
    ...columns,
    { name: "x_Charges", kind: "measure", what: "number of charges" },
    { name: "tag:<key>", kind: "string", what: "a tag, key as delivered" },
    { name: "detail:<key>", kind: "string", what: "a key of SkuPriceDetails, such as detail:ModelFamily" },
    {
      name: "extra:<column>",
      kind: "string",
      what: "a delivered column that FOCUS does not know, such as extra:x_SkuMeterName",
    },
  ];
}

function whatIs(name: ChargeColumn): string {
  if (name in decidedColumns) return decidedColumns[name as keyof typeof decidedColumns];
  return name in addedColumns
    ? addedColumns[name as AddedColumn].what
    : `FOCUS, since ${focusColumns[name as FocusColumn].since}`;
}
