import type { ChargeColumn } from "./charge-columns.ts";

/** Columns by which rollups are kept. All have few values, whatever the number of rows: nothing that names a single resource. */
export const rollupDimensions = [
  "x_Source",
  "x_Role",
  "BillingCurrency",
  "BillingPeriodStart",
  "ServiceProviderName",
  "InvoiceIssuerName",
  "BillingAccountId",
  "SubAccountId",
  "SubAccountName",
  "RegionId",
  "ServiceCategory",
  "ServiceSubcategory",
  "ServiceName",
  "ChargeCategory",
  "ChargeClass",
  "PricingCategory",
  "CommitmentDiscountStatus",
  "x_Team",
  "x_Environment",
  "x_Workload",
  "x_WorkloadType",
  "x_CostCenter",
  "x_Owner",
  "x_ModelId",
  "x_TokenDirection",
  "x_GpuType",
  "x_Stage",
  "x_TeamBasis",
  "x_OwnerBasis",
  "x_EnvironmentBasis",
  "x_WorkloadBasis",
  "x_WorkloadTypeBasis",
  "x_ModelIdBasis",
  "x_CostCenterBasis",
] as const satisfies readonly ChargeColumn[];

/** Columns that rollups sum. Beside each stands `n_…`, the number of charges that have a value: unknown is not zero. */
export const rollupMeasures = [
  "BilledCost",
  "EffectiveCost",
  "ContractedCost",
  "ListCost",
  "x_Tokens",
  "x_GpuHours",
] as const satisfies readonly ChargeColumn[];
