import { accounts } from "./accounts.ts";
import { addMeter, addResource, addVolume, type Estate, gigabyteMonths, WHOLE } from "./estate.ts";
import type { Account, Resource, WorkloadState } from "./model.ts";
import { hexId } from "./random.ts";
import { awsSkus } from "./skus-aws.ts";
import type { States } from "./states.ts";
import { officeHours } from "./traffic.ts";

const { prod, data, rnd, vision, shared } = accounts;

/** Buckets, and what was left behind: volumes, snapshots and addresses that nothing uses. */
export function addStorage(estate: Estate, states: States): void {
  addBucket(estate, "halyard-vision-datasets", "vision-datasets", vision, states["vision-datasets"], 90, {
    waste: "datasets-untouched",
  });
  addBucket(estate, "halyard-vision-datasets-eu", "vision-datasets", vision, states.datasetsCopy, 1, {
    region: "eu-west-1",
    waste: "dataset-twice",
  });
  addBucket(
    estate,
    "halyard-vision-checkpoints",
    "vision-checkpoints",
    vision,
    states["vision-checkpoints"],
    4,
    {
      waste: "checkpoints-every-ten-minutes",
    },
  );
  const features = addBucket(estate, "halyard-features", "features", data, states.features, 60, {
    region: "eu-west-1",
    waste: "etl-cross-region-reads",
  });
  // etl-daily reads it from Virginia; three of its four reads are of the same partition.
  const moved = states["etl-daily"].movedGigabytes;
  addMeter(estate, features, awsSkus.interRegion, (hour) => Math.round((moved?.[hour] ?? 0) * WHOLE));
  addBucket(estate, "halyard-logs", "logs", data, states.logs, 40, {});
  const registry = addResource(estate, {
    id: `arn:aws:ecr:us-east-1:${shared.id}:repository/halyard`,
    name: "halyard",
    type: "repository",
    workload: "registry",
    account: shared,
  });
  addMeter(estate, registry, awsSkus.registry, (hour) => gigabyteMonths(4200, hour, 24), { cadence: "day" });
  addLeftovers(estate);
}

/** A bucket is billed by the day for what it holds and by the hour for requests. */
function addBucket(
  estate: Estate,
  name: string,
  workload: string,
  account: Account,
  state: WorkloadState,
  thousandReadsPerHour: number,
  { region = "us-east-1", ...labels }: { region?: string; waste?: string },
): Resource {
  const bucket = addResource(estate, { id: name, name, type: "bucket", workload, account, region, labels });
  const stored = state.storedGigabytes;
  addMeter(estate, bucket, awsSkus.bucket, (hour) => gigabyteMonths(stored?.[hour] ?? 0, hour, 24), {
    cadence: "day",
  });
  const reads = (hour: number): number => Math.round(thousandReadsPerHour * (0.3 + officeHours(hour)) * 1000);
  addMeter(estate, bucket, awsSkus.get, (hour) => reads(hour) * 1000);
  addMeter(estate, bucket, awsSkus.put, (hour) => Math.round(reads(hour) / 25) * 1000);
  return bucket;
}

function addLeftovers(estate: Estate): void {
  const owners = [
    ["sweeps", rnd, 500],
    ["notebooks", rnd, 1000],
    ["vision-train", vision, 4000],
    ["search-vectors", prod, 2000],
    ["etl-daily", data, 800],
    ["staging", shared, 500],
  ] as const;
  for (const [workload, account, gigabytes] of owners) {
    const labels = { waste: "unattached-volumes" };
    addVolume(estate, { workload, account, name: `${workload}-detached`, gigabytes, labels });
  }
  for (let number = 1; number <= 4; number++) {
    const name = `address-${number}`;
    const address = addResource(estate, {
      id: `eipalloc-0${hexId(estate.seed, name, 16)}`,
      name,
      type: "elastic-ip",
      workload: number < 3 ? "nat" : "staging",
      account: number < 3 ? prod : shared,
      labels: { waste: "unattached-addresses" },
    });
    addMeter(estate, address, awsSkus.address, () => 24 * WHOLE, { cadence: "day" });
  }
  for (let number = 1; number <= 12; number++) {
    const name = `snapshot-${number}`;
    const snapshot = addResource(estate, {
      id: `snap-0${hexId(estate.seed, name, 16)}`,
      name,
      type: "snapshot",
      workload: number % 3 === 0 ? "search-vectors" : "vision-train",
      account: number % 3 === 0 ? prod : vision,
      labels: { waste: "old-snapshots", created: `2025-0${1 + (number % 9)}-11` },
    });
    addMeter(estate, snapshot, awsSkus.snapshot, (hour) => gigabyteMonths(380 + 35 * number, hour, 24), {
      cadence: "day",
    });
  }
}
