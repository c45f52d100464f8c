import { literal } from "#facts/source-mapping.ts";

/** FOCUS service categories and subcategories, each with the names that a provider has for services in it. */
export type ServiceTable = readonly (readonly [
  category: string,
  subcategory: string,
  names: readonly string[],
])[];

/** SQL of a service's FOCUS category and subcategory; what the table lacks is `otherwise`, at last "Other". */
export function serviceCategory(
  name: string,
  table: ServiceTable,
  otherwise: { readonly category: string; readonly subcategory: string } = {
    category: "null::varchar",
    subcategory: "null::varchar",
  },
): { ServiceCategory: string; ServiceSubcategory: string } {
  const pick = (answer: 0 | 1): string =>
    table
      .map((row) => `when ${name} in (${row[2].map(literal).join(", ")}) then ${literal(row[answer])}`)
      .join(" ");
  return {
    ServiceCategory: `coalesce(case ${pick(0)} end, ${otherwise.category}, 'Other')`,
    ServiceSubcategory: `coalesce(case ${pick(1)} end, ${otherwise.subcategory})`,
  };
}
