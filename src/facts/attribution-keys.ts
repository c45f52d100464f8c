/** What a charge is attributed to, and the column that says so. */
export const attributionKeys = {
  team: "x_Team",
  owner: "x_Owner",
  environment: "x_Environment",
  workload: "x_Workload",
  workloadType: "x_WorkloadType",
  model: "x_ModelId",
  costCenter: "x_CostCenter",
  customer: "x_Customer",
} as const;

/** A name of the tag schema. */
export type AttributionKey = keyof typeof attributionKeys;
/** A column whose value attribution decides. */
export type AttributedColumn = (typeof attributionKeys)[AttributionKey];

/** All names of the tag schema, in their order. */
export const attributionKeyNames = Object.keys(attributionKeys) as AttributionKey[];

/** Column that says what a value rests on: `tag`, `override:<rule>`, `rule:<rule>` or `guess:<rule>`; null where there is no value. */
export const basisColumn = (column: AttributedColumn): BasisColumn => `${column}Basis`;
/** A column that says what a value rests on. */
export type BasisColumn = `${AttributedColumn}Basis`;
