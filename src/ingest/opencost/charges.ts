import { type ChargeSelection, literal, quoted, type Remark } from "#facts/source-mapping.ts";
import { shared, sharedColumns } from "./allocation-columns.ts";

/** One component of an allocation's cost. */
export interface OpencostPart {
  readonly component: string;
  /** SQL of cost and adjustments; what is null counts as nothing. */
  readonly costs: readonly string[];
  readonly quantity?: string;
  readonly unit?: string;
  readonly resource?: "Node" | "Volume" | "Network";
}

/** Costs are rounded to the fifth decimal each before they are added up beside their total. */
const ROUNDING = "0.0001";

/** When the charges of a row are; undefined where the delivery has no times, and the person states them. */
export interface ChargeTimes {
  readonly start: string;
  readonly end: string;
}

/**
 * The charges of an allocation: one per component that cost or was used, and what of the total no component holds.
 * @param currency SQL of its code, if the delivery has one
 */
export function opencostCharges(
  parts: readonly OpencostPart[],
  total: string,
  times: ChargeTimes | undefined,
  currency: string | undefined,
): ChargeSelection[] {
  const fixed = {
    ...fixedColumns,
    ...(currency === undefined ? {} : { BillingCurrency: currency }),
    ...(times === undefined ? {} : timeColumns(times)),
  };
  const charges = parts.map((part): ChargeSelection => {
    const cost = sumOf(part.costs);
    const used = part.quantity === undefined ? "" : ` or coalesce(${part.quantity}, 0) > 0`;
    return { where: `(${cost}) <> 0${used}`, columns: { ...fixed, ...partColumns(part, cost) } };
  });
  const rest = partColumns({ component: "other", costs: [] }, restOf(parts, total));
  return [...charges, { where: isUneven(parts, total), columns: { ...fixed, ...rest } }];
}

/** Rows whose total their components do not make. */
export const unevenRemark = (parts: readonly OpencostPart[], total: string, column: string): Remark => ({
  condition: isUneven(parts, total),
  column,
  id: "x_TotalOfParts",
  requirement: `${column} is the sum of its components.`,
  what: `with a ${column} that its components do not add up to; the difference is booked as component other`,
  amount: restOf(parts, total),
});

const sumOf = (costs: readonly string[]): string =>
  costs
    .filter((cost) => !cost.startsWith("null"))
    .map((cost) => `coalesce(${cost}, 0)`)
    .join(" + ") || "0";
const restOf = (parts: readonly OpencostPart[], total: string): string =>
  `${total} - (${sumOf(parts.flatMap(({ costs }) => costs))})`;
const isUneven = (parts: readonly OpencostPart[], total: string): string =>
  `abs(${restOf(parts, total)}) > ${ROUNDING}`;

const fixedColumns: ChargeSelection["columns"] = {
  AllocatedMethodId: "'opencost'",
  AllocatedResourceId: shared("id"),
  AllocatedResourceName: shared("name"),
  AllocatedTags: shared("tags"),
  BillingAccountId: shared("cluster"),
  BillingAccountName: shared("cluster"),
  ChargeCategory: "'Usage'",
  ChargeFrequency: "'Usage-Based'",
  PricingCategory: "'Standard'",
  RegionId: shared("region"),
  ServiceCategory: "'Compute'",
  ServiceName: "'Kubernetes'",
  ServiceSubcategory: "'Containers'",
  x_IdleKind: shared("idle"),
};

const timeColumns = ({ start, end }: ChargeTimes): ChargeSelection["columns"] => ({
  BillingPeriodStart: `date_trunc('month', ${start})`,
  BillingPeriodEnd: `date_trunc('month', ${start}) + interval 1 month`,
  ChargePeriodStart: start,
  ChargePeriodEnd: end,
});

function partColumns(
  { component, quantity, unit, resource }: OpencostPart,
  cost: string,
): ChargeSelection["columns"] {
  const ofQuantity = unit === undefined ? "" : `case when ${quantity} is not null then ${literal(unit)} end`;
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    ContractedCost: cost,
    ChargeDescription: `${literal(`${component} `)} || ${shared("description")}`,
    ...(quantity === undefined || unit === undefined
      ? {}
      : {
          ConsumedQuantity: quantity,
          ConsumedUnit: ofQuantity,
          PricingQuantity: quantity,
          PricingUnit: ofQuantity,
        }),
    ...(resource === undefined ? {} : { ResourceType: literal(resource) }),
    ...(resource === "Node" ? { ResourceId: shared("nodeId"), ResourceName: shared("node") } : {}),
    ...(resource === "Volume" ? { ResourceId: shared("volumeId"), ResourceName: shared("volume") } : {}),
    SkuPriceDetails: withMember(
      shared("instance"),
      component === "gpu" && quantity !== undefined ? `"GpuCount":1` : undefined,
    ),
    x_Extra: withMember(shared("extra"), `"Component":${JSON.stringify(component)}`),
  };
}

/** SQL of a JSON object, which may be null, with one more member at its end. */
const withMember = (object: string, member: string | undefined): string =>
  member === undefined
    ? object
    : `coalesce(left(${object}, -1) || ${literal(`,${member}}`)}, ${literal(`{${member}}`)})`;

/** Byte hours as GiB hours: they are measured in floating point, and two to the thirtieth divides that exactly. */
export const gibHours = (byteHours: string): string =>
  `try((${byteHours}::double / 1073741824)::varchar::decimal(38,18))`;

/** SQL of the delivered rows with the columns beside them that all charges of a row share. */
export const withShared = (rows: string, columns: Parameters<typeof sharedColumns>[0]): string =>
  `select *, ${Object.entries(sharedColumns(columns))
    .map(([name, sql]) => `(${sql})::varchar as ${shared(name as Parameters<typeof shared>[0])}`)
    .join(", ")} from (${rows}) ${quoted("allocations")}`;
