import { billingPeriodOf, hoursIn, TOTAL_HOURS } from "./clock.ts";
import type { Account, Meter, Resource, Sku } from "./model.ts";
import { hexId } from "./random.ts";
import { awsSkus, ec2Sku, type Ec2Type } from "./skus-aws.ts";

/** The estate while it is being built: resources and what they are metered by. */
export interface Estate {
  readonly seed: number;
  readonly resources: Resource[];
  readonly meters: Meter[];
}

export const WHOLE = 1_000_000;
export const always = (): number => WHOLE;

type ResourceSpec = Pick<Resource, "id" | "name" | "type" | "workload" | "account"> &
  Partial<Omit<Resource, "id">>;

export function addResource(estate: Estate, spec: ResourceSpec): Resource {
  const resource = {
    region: "us-east-1",
    from: 0,
    until: TOTAL_HOURS,
    labels: {},
    tagsWanted: true,
    ...spec,
  };
  estate.resources.push(resource);
  return resource;
}

export function addMeter(
  estate: Estate,
  resource: Resource,
  sku: Sku,
  micro: Meter["micro"],
  options: Partial<Pick<Meter, "cadence" | "planEligible">> = {},
): void {
  const { from, until } = resource;
  estate.meters.push({ resource, sku, cadence: "hour", from, until, micro, ...options });
}

/** Gigabyte-months, in millionths, of what is held for so many hours from this hour on. */
export function gigabyteMonths(gigabytes: number, hour: number, hours: number): number {
  return Math.round((gigabytes * hours * WHOLE) / hoursIn(billingPeriodOf(hour)));
}

export interface InstanceSpec {
  readonly workload: string;
  readonly type: Ec2Type;
  readonly account: Account;
  readonly name: string;
  readonly from?: number;
  readonly until?: number;
  readonly region?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly volumeGigabytes?: number;
  readonly sku?: Sku;
  readonly planEligible?: boolean;
  /** Millionths of the hour that it is up; all of it by default. */
  readonly micro?: Meter["micro"];
}

/** An EC2 instance and its root volume, each billed by the hour. */
export function addInstance(estate: Estate, spec: InstanceSpec): Resource {
  const { from = 0, until = TOTAL_HOURS, region = "us-east-1", volumeGigabytes = 200 } = spec;
  const key = `${spec.name}/${from}`;
  const zone = `${region}${"abc"[parseInt(hexId(estate.seed, key, 1), 16) % 3]}`;
  const { workload, account, name } = spec;
  const shared = { workload, account, region, zone, from, until };
  const labels: Resource["labels"] = { instanceType: spec.type, ...spec.labels };
  const id = `i-0${hexId(estate.seed, key, 16)}`;
  const instance = addResource(estate, { ...shared, id, name, type: "instance", labels });
  addMeter(estate, instance, spec.sku ?? ec2Sku(spec.type), spec.micro ?? always, {
    ...(spec.planEligible && { planEligible: true }),
  });
  addVolume(estate, {
    ...shared,
    name: `${name}-root`,
    gigabytes: volumeGigabytes,
    labels: { attachedTo: id, ...(labels.waste !== undefined && { waste: labels.waste }) },
  });
  return instance;
}

export interface VolumeSpec {
  readonly workload: string;
  readonly account: Account;
  readonly name: string;
  readonly gigabytes: number;
  readonly region?: string;
  readonly from?: number;
  readonly until?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export function addVolume(estate: Estate, spec: VolumeSpec): Resource {
  const { gigabytes, ...rest } = spec;
  const id = `vol-0${hexId(estate.seed, `${spec.name}/${spec.from ?? 0}`, 16)}`;
  const volume = addResource(estate, { ...rest, id, type: "volume" });
  addMeter(estate, volume, awsSkus.volume, (hour) => gigabyteMonths(gigabytes, hour, 1));
  return volume;
}

/** The spans [from, until) in which the n-th machine of a pool is up, if the last one started is the first one stopped. */
export function poolSpans(counts: Float64Array): { slot: number; from: number; until: number }[] {
  const spans: { slot: number; from: number; until: number }[] = [];
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  for (let slot = 0; slot < most; slot++) {
    let from = -1;
    for (let hour = 0; hour <= counts.length; hour++) {
      const up = hour < counts.length && (counts[hour] ?? 0) > slot;
      if (up && from < 0) from = hour;
      if (!up && from >= 0) {
        spans.push({ slot, from, until: hour });
        from = -1;
      }
    }
  }
  return spans;
}

/** A pool of instances that follows a count; each start is a new instance. */
export function addPool(estate: Estate, counts: Float64Array | undefined, spec: InstanceSpec): void {
  for (const { slot, from, until } of poolSpans(counts ?? new Float64Array())) {
    addInstance(estate, { ...spec, name: `${spec.name}-${slot + 1}`, from, until });
  }
}
