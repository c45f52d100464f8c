import { ruleStrengths } from "#facts/attribution.ts";
import { toldValue } from "#facts/declared-values.ts";
import { identifiersOf } from "#facts/resource-identity.ts";
import type { Declared, Ruled, Sighting } from "#facts/sighting.ts";
import type { ResourceCost } from "#lake/decode-resource-costs.ts";
import { sumByCurrency } from "#units/money.ts";

/** Charges' resources as sightings: the rows of one resource, one for each of its meters and tag sets, become one. */
export function chargeSightings(rows: readonly ResourceCost[]): Sighting[] {
  const byResource = new Map<string, ResourceCost[]>();
  for (const row of rows) {
    if (row.part !== "named" || row.id === undefined) continue;
    const own = byResource.get(row.id);
    if (own === undefined) byResource.set(row.id, [row]);
    else own.push(row);
  }
  return [...byResource].map(([id, own]) => sightingOf(id, own));
}

function sightingOf(id: string, rows: readonly ResourceCost[]): Sighting {
  const { facts, account } = rows[0] as ResourceCost;
  const all = (name: keyof ResourceCost["facts"]): string[] => [
    ...new Set(rows.flatMap((row) => row.facts[name] ?? [])),
  ];
  const isProject = account === id;
  const name = facts.ResourceName ?? (isProject ? facts.SubAccountName : undefined);
  const hours = rows.reduce((sum, row) => sum + (computes(row) ? Number(row.hours ?? 0n) / 1e18 : 0), 0);
  const gpuType = all("x_GpuType")[0];
  const instanceTypes = all("x_InstanceType");
  return {
    source: "charges",
    ref: id,
    ...(name === undefined ? {} : { name }),
    place: facts.SubAccountName ?? account ?? "",
    ids: identifiersOf(id),
    ...saidOf(rows),
    ...hintsOf(rows),
    traits: {
      kind: all("ResourceType")[0] ?? all("ServiceName")[0] ?? "resource",
      services: all("ServiceName"),
      meters: all("SkuMeter"),
      ...(instanceTypes.length === 0 ? {} : { instanceTypes }),
      ...(gpuType === undefined ? {} : { gpuType }),
      ...(rows.some(({ tokenCharges }) => tokenCharges > 0) ? { tokens: true } : {}),
      ...(hours > 0 ? { machineHours: hours } : {}),
    },
    first: rows.reduce((least, { first }) => Math.min(least, first), Infinity),
    last: rows.reduce((most, { last }) => Math.max(most, last), -Infinity),
    costs: sumByCurrency(
      rows.flatMap(({ currency, cost: units, known }) => (known === 0 ? [] : { currency, units })),
    ),
    unpricedCharges: rows.reduce((sum, { charges, known }) => sum + charges - known, 0),
  };
}

/** Gateways and balancers are billed by the hour too, but their hours tell no rhythm of work. */
const computes = ({ facts: { ServiceCategory, x_InstanceType } }: ResourceCost): boolean =>
  x_InstanceType !== undefined || ServiceCategory === "Compute";

const columns = {
  workload: ["x_Workload", "x_WorkloadBasis"],
  type: ["x_WorkloadType", "x_WorkloadTypeBasis"],
  team: ["x_Team", "x_TeamBasis"],
  environment: ["x_Environment", "x_EnvironmentBasis"],
  owner: ["x_Owner", "x_OwnerBasis"],
  costCenter: ["x_CostCenter", "x_CostCenterBasis"],
  model: ["x_ModelId", "x_ModelIdBasis"],
} as const satisfies Record<keyof Declared, readonly (keyof ResourceCost["facts"])[]>;
const fields = Object.keys(columns) as (keyof typeof columns)[];

/** What its tags and the rules say; where that changed in the window, what they said of the larger cost. */
function saidOf(rows: readonly ResourceCost[]): Pick<Sighting, "declared" | "ruled"> {
  const size = ({ cost }: ResourceCost): number => Math.abs(Number(cost));
  const sorted = [...rows].sort((a, b) => size(b) - size(a));
  const first = <T>(read: (row: ResourceCost) => T | undefined): T | undefined =>
    sorted.map(read).find((value) => value !== undefined);
  const ruled = fields.map((field) => [field, first((row) => ruledOf(row, field))] as const);
  const declared = fields.map((field) => [field, first((row) => toldValue(declaredOf(row, field)))] as const);
  const known = (all: readonly (readonly [string, unknown])[]): object =>
    Object.fromEntries(all.filter(([, value]) => value !== undefined));
  return {
    declared: known(declared),
    ...(ruled.every(([, value]) => value === undefined) ? {} : { ruled: known(ruled) }),
  };
}

function declaredOf(
  { facts, declaredType, tokenCharges }: ResourceCost,
  field: keyof Declared,
): string | undefined {
  if (field === "type") return declaredType;
  // The model of a charge by the token is the provider's word, not a tag.
  if (field === "model" && tokenCharges > 0) return undefined;
  const [value, basis] = columns[field];
  return facts[basis] === "tag" ? facts[value] : undefined;
}

function ruledOf({ facts }: ResourceCost, field: keyof Declared): Ruled | undefined {
  const [column, basis] = columns[field];
  const [, word, rule] = /^(override|rule|guess):(.+)$/.exec(facts[basis] ?? "") ?? [];
  const strength = ruleStrengths.find((each) => each === word);
  const value = toldValue(facts[column]);
  return value === undefined || rule === undefined || strength === undefined
    ? undefined
    : { value, rule, strength };
}

/** The model that is billed by the token; of several, the one that costs most. */
function hintsOf(rows: readonly ResourceCost[]): Pick<Sighting, "hints"> {
  const costs = new Map<string, bigint>();
  for (const { facts, tokenCharges, cost } of rows)
    if (tokenCharges > 0 && facts.x_ModelId !== undefined)
      costs.set(facts.x_ModelId, (costs.get(facts.x_ModelId) ?? 0n) + cost);
  const [first] = [...costs].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1));
  if (first === undefined) return {};
  return { hints: { model: { value: first[0], what: "the model billed by the token that costs most" } } };
}
