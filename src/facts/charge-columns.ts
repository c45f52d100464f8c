import { type AttributedColumn, attributionKeys, type BasisColumn, basisColumn } from "./attribution-keys.ts";
import { focusColumns, focusColumnNames, type FocusColumn, type FocusType } from "./focus-columns.ts";
import { rolesInWords } from "./role.ts";

/**
 * The columns Plimsoll adds to a FOCUS row. They carry FOCUS's own prefix for custom columns, `x_`.
 * Identity: `x_Import`, `x_File` and `x_Row` together name one delivered line for ever.
 */
export const addedColumns = {
  x_Source: { type: "string", what: "who delivered the row: the name given to the source at import" },
  x_Role: { type: "string", what: `${rolesInWords}; only one role per money is summed` },
  x_Import: { type: "string", what: "the import that brought the row" },
  x_File: { type: "integer", what: "number of the file within its import, from 1" },
  x_Row: { type: "integer", what: "number of the row within its file, from 1, the header not counted" },
  x_Format: { type: "string", what: "format the row was delivered in" },
  x_Tags: {
    type: "map",
    what: "AllocatedTags of an allocated charge, else Tags, parsed: key to value as delivered",
  },
  x_Extra: { type: "json", what: "delivered columns that FOCUS does not know, as one JSON object" },
  x_Team: { type: "string", what: "tag team in any spelling" },
  x_Environment: { type: "string", what: "tag environment in any spelling" },
  x_Workload: { type: "string", what: "tag workload, application or service in any spelling" },
  x_WorkloadType: { type: "string", what: "tag workload type in any spelling, such as training or notebook" },
  x_CostCenter: { type: "string", what: "tag cost center in any spelling" },
  x_Customer: { type: "string", what: "tag customer or tenant in any spelling" },
  x_Owner: { type: "string", what: "tag owner in any spelling" },
  x_ModelDeveloper: { type: "string", what: "SkuPriceDetails.ModelDeveloper" },
  x_ModelId: { type: "string", what: "SkuPriceDetails.ModelId, else the tag model" },
  x_ModelVersion: { type: "string", what: "SkuPriceDetails.ModelVersion" },
  x_TokenDirection: { type: "string", what: "SkuPriceDetails.TokenDirection: Input or Output" },
  x_TokenCacheAction: { type: "string", what: "SkuPriceDetails.TokenCacheAction: Uncached, Read or Write" },
  x_Tokens: { type: "decimal", what: "single tokens, from ConsumedQuantity or PricingQuantity by its unit" },
  x_InstanceType: { type: "string", what: "SkuPriceDetails.InstanceType" },
  x_GpuType: { type: "string", what: "SkuPriceDetails.GpuType, else from the instance type" },
  x_GpuCount: {
    type: "decimal",
    what: "GPUs per pricing unit: SkuPriceDetails.GpuCount, else from the instance type",
  },
  x_GpuHours: { type: "decimal", what: "x_GpuCount × PricingQuantity of usage priced by the hour" },
  x_IdleKind: {
    type: "string",
    what: "of an allocation's idle cost: unallocated, allocated-idle or warm-idle; none where it was used",
  },
  x_Division: {
    type: "string",
    what: "given: takes a node's charge from the node's owner; received: gives a part of it to who used the node; none for delivered charges",
  },
} as const satisfies Record<string, { type: FocusType | "integer" | "map"; what: string }>;

/** A column of ours beside FOCUS's. */
export type AddedColumn = keyof typeof addedColumns;
/** A column that attribution adds: it is kept in rollups, and computed where the charges themselves are read. */
export type DecidedColumn = BasisColumn | "x_Stage";
/** A column that charges are grouped and filtered by. */
export type ChargeColumn = FocusColumn | AddedColumn | DecidedColumn;
/** Our columns in stored order. */
export const addedColumnNames = Object.keys(addedColumns) as AddedColumn[];
/** Columns of ours that a source states itself; the others follow from the delivery or from FOCUS's columns. */
export const statedColumnNames = ["x_IdleKind"] as const satisfies readonly AddedColumn[];
/** A column that a source's mapping gives an expression for. */
export type MappedColumn = FocusColumn | (typeof statedColumnNames)[number] | "x_Extra";
/**
 * What kind of idle a part of an allocated cost is. unallocated: nobody holds it; allocated-idle: held, engine and memory about 0;
 * warm-idle: memory held, engine about 0.
 */
export const idleKinds = ["unallocated", "allocated-idle", "warm-idle"] as const;
export type IdleKind = (typeof idleKinds)[number];

const attributed: readonly AttributedColumn[] = Object.values(attributionKeys);
/** The columns that attribution adds, with what they say. */
export const decidedColumns = {
  x_Stage: "production, or r-and-d: every other environment",
  ...Object.fromEntries(
    attributed.map((column) => [
      basisColumn(column),
      `what ${column} rests on: tag, override:<rule>, rule:<rule> or guess:<rule>`,
    ]),
  ),
} as Readonly<Record<DecidedColumn, string>>;
/** Names of the columns that attribution adds. */
export const decidedColumnNames = Object.keys(decidedColumns) as DecidedColumn[];

/** Every column of charges, in stored order; those that attribution decides come last. */
export const chargeColumnNames: readonly ChargeColumn[] = [
  ...focusColumnNames,
  ...addedColumnNames,
  ...decidedColumnNames,
];

/** What a stored column holds. */
export type ColumnType = FocusType | "integer" | "map";

/** The type of a stored column. */
export function chargeColumnType(name: ChargeColumn): ColumnType {
  if (Object.hasOwn(decidedColumns, name)) return "string";
  return Object.hasOwn(focusColumns, name)
    ? focusColumns[name as FocusColumn].type
    : addedColumns[name as AddedColumn].type;
}

/** Finds a column by its name whatever its case; undefined if there is none. */
export function findChargeColumn(name: string): ChargeColumn | undefined {
  const lower = name.toLowerCase();
  return chargeColumnNames.find(
    (column) => column.toLowerCase() === lower || column.toLowerCase() === `x_${lower}`,
  );
}

/**
 * Amounts that are divided when a charge is, each beside the column of its unit: costs add up within a currency only, quantities within a unit. Prices and
 * what is per unit stay as they are.
 */
export const dividedColumns = {
  BilledCost: "BillingCurrency",
  EffectiveCost: "BillingCurrency",
  ContractedCost: "BillingCurrency",
  ListCost: "BillingCurrency",
  PricingCurrencyEffectiveCost: "PricingCurrency",
  ConsumedQuantity: "ConsumedUnit",
  PricingQuantity: "PricingUnit",
  CommitmentDiscountQuantity: "CommitmentDiscountUnit",
  x_Tokens: undefined,
  x_GpuHours: undefined,
} as const satisfies Partial<Record<ChargeColumn, ChargeColumn | undefined>>;
/** A column whose values are divided. */
export type DividedColumn = keyof typeof dividedColumns;
/** The names of what is divided. */
export const dividedColumnNames = Object.keys(dividedColumns) as DividedColumn[];

/** Tags that have a column of their own, and the spellings that count as them once case, blanks, - and _ are gone. */
export const promotedTags = {
  x_Team: ["team", "teamname", "owningteam"],
  x_Environment: ["environment", "env", "stage"],
  x_Workload: ["workload", "application", "app", "service"],
  x_WorkloadType: ["workloadtype", "workloadkind"],
  x_CostCenter: ["costcenter", "costcentre"],
  x_Customer: ["customer", "customername", "customerid", "tenant", "tenantname", "tenantid"],
  x_Owner: ["owner", "owneremail", "createdby"],
  x_ModelId: ["model", "modelid"],
} as const satisfies Partial<Record<AddedColumn, readonly string[]>>;
/** A column that takes its value from tags. */
export type PromotedTag = keyof typeof promotedTags;
