import type { AllocatedCharge } from "#analysis/allocation/allocated-charges.ts";
import type { Component } from "#analysis/allocation/components.ts";
import type { ClusterUsage } from "#facts/cluster-usage.ts";
import { nodeTraits } from "#facts/node-traits.ts";
import { identifiersOf } from "#facts/resource-identity.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { periodOf, type Window } from "#units/window.ts";

/** Column to text; an empty text is an absent value. */
type Cells = Readonly<Record<string, string>>;

const units: Readonly<Partial<Record<Component, string>>> = {
  cpu: "Core-Hours",
  ram: "GiB-Hours",
  gpu: "GPU-Hours",
};
const states = {
  active: "active",
  warmIdle: "warm-idle",
  allocatedIdle: "allocated-idle",
  unknown: "unknown",
} as const;

/** A charge of a bucket of time as FOCUS has it, in the columns of split cost allocation. */
export function chargeCells(usage: ClusterUsage, bucket: Window, charge: AllocatedCharge): Cells {
  const { target, component, state, currency } = charge;
  const cost = formatDecimal(charge.cost);
  const quantity = charge.quantity === undefined ? "" : formatDecimal(charge.quantity);
  const unit = quantity === "" ? "" : (units[component] ?? "");
  const month = periodOf("month", bucket.start);
  const cluster = clusterOf(usage, charge) ?? "";
  const provider = providerOf(usage, charge);
  return {
    AllocatedMethodId: "pod-use",
    AllocatedMethodDetails: methodDetails(charge, unit, quantity),
    AllocatedResourceId: target?.id ?? "",
    AllocatedResourceName: target?.name ?? "",
    AllocatedTags: target === undefined ? "" : JSON.stringify(target.tags),
    BilledCost: cost,
    BillingAccountId: cluster,
    BillingAccountName: cluster,
    BillingCurrency: currency,
    BillingPeriodStart: formatInstant(month.start),
    BillingPeriodEnd: formatInstant(month.end),
    ChargeCategory: "Usage",
    ChargeClass: "",
    ChargeDescription: describe(usage, charge),
    ChargeFrequency: "Usage-Based",
    ChargePeriodStart: formatInstant(bucket.start),
    ChargePeriodEnd: formatInstant(bucket.end),
    ConsumedQuantity: quantity,
    ConsumedUnit: unit,
    ContractedCost: cost,
    EffectiveCost: cost,
    HostProviderName: provider,
    InvoiceIssuerName: provider,
    PricingQuantity: quantity,
    PricingUnit: unit,
    ...resourceCells(usage, charge),
    ServiceCategory: "Compute",
    ServiceName: "Kubernetes",
    ServiceProviderName: provider,
    ServiceSubcategory: "Containers",
    x_IdleKind: charge.idleKind ?? "",
    x_Extra: jsonOrNothing({
      Cluster: cluster,
      Namespace: target?.namespace ?? usage.volumes[charge.volume]?.namespace,
      ControllerKind: target?.controllerKind,
      ControllerName: target?.controller,
      Component: component,
      State: state === undefined ? undefined : states[state],
    }),
  };
}

/** The cluster that a charge is of. */
export const clusterOf = (
  { nodes, volumes }: ClusterUsage,
  { target, node, volume }: AllocatedCharge,
): string | undefined => target?.cluster ?? nodes[node]?.cluster ?? volumes[volume]?.cluster;

/** The node as bills name it, its labels, and what its price hangs on. */
function resourceCells(
  { nodes, volumes }: ClusterUsage,
  { origin, node, volume, component }: AllocatedCharge,
): Cells {
  const machine = nodes[node];
  if (machine === undefined) {
    const name = volumes[volume]?.claim ?? "";
    return {
      AvailabilityZone: "",
      PricingCategory: "Standard",
      RegionId: "",
      ResourceId: "",
      ResourceName: name,
      ResourceType: origin,
      SkuPriceDetails: "",
      Tags: "",
    };
  }
  const { instanceType, region, zone, capacityType } = nodeTraits(machine);
  const details = {
    ...(instanceType === undefined ? {} : { InstanceType: instanceType }),
    // Of one pricing unit, which is an hour of one GPU.
    ...(component === "gpu" ? { GpuCount: 1 } : {}),
  };
  return {
    AvailabilityZone: zone ?? "",
    PricingCategory: capacityType === "spot" ? "Dynamic" : "Standard",
    RegionId: region ?? "",
    ResourceId: identifiersOf(machine.providerId ?? "").at(-1) ?? "",
    ResourceName: machine.name,
    ResourceType: origin,
    SkuPriceDetails: jsonOrNothing(details),
    Tags: jsonOrNothing(machine.labels),
  };
}

const jsonOrNothing = (object: Readonly<Record<string, unknown>>): string =>
  Object.keys(object).length === 0 ? "" : JSON.stringify(object);

/** Numbers are written as they are: a ratio has more digits than a float. */
function methodDetails({ ratio }: AllocatedCharge, unit: string, quantity: string): string {
  if (ratio === undefined) return "";
  const usage = quantity === "" ? "" : `,"UsageUnit":${JSON.stringify(unit)},"UsageQuantity":${quantity}`;
  return `{"Elements":[{"AllocatedRatio":${formatDecimal(ratio)}${usage}}]}`;
}

/** The provider by the scheme of the node's identifier; of a machine of one's own, and of what is no node, Kubernetes. */
function providerOf({ nodes }: ClusterUsage, { node }: AllocatedCharge): string {
  const scheme = nodes[node]?.providerId?.split(":", 1)[0] ?? "";
  const providers: Readonly<Record<string, string>> = {
    aws: "AWS",
    azure: "Microsoft",
    gce: "Google Cloud",
    oci: "Oracle",
  };
  return providers[scheme] ?? "Kubernetes";
}

function describe({ nodes, volumes }: ClusterUsage, charge: AllocatedCharge): string {
  const { target, component, state, idleKind, node, volume } = charge;
  const where = nodes[node]?.name ?? volumes[volume]?.claim;
  const what = idleKind ?? (state === "unknown" ? "of unknown use" : "");
  const whose = target === undefined ? "nobody" : `${target.namespace}/${target.name}`;
  return [component, what, "for", whose, ...(where === undefined ? [] : ["on", where])]
    .filter((word) => word !== "")
    .join(" ");
}
