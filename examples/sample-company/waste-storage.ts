import { decimal } from "#units/decimal.ts";
import { type Effect, labelled, ofWorkload, share } from "./effects.ts";
import { gigabyteMonths } from "./estate.ts";
import { s3ArchivePerGigabyte } from "./prices.ts";
import {
  checkpoint,
  oldCheckpoints,
  READS_PER_PARTITION,
  S3_SHARE_OF_NAT,
  UNTOUCHED_GIGABYTES,
} from "./states-batch.ts";
import type { Waste } from "./waste.ts";
import type { World } from "./world.ts";

const stored = (waste: string, gigabytes: (hour: number) => number): Effect => ({
  touches: (meter) => labelled(waste)(meter) && meter.sku.meter === "TimedStorage-ByteHrs",
  micro: (_, hour) => gigabyteMonths(gigabytes(hour), hour, 24),
});

/** What is kept or moved for nothing. */
export function storageWastes({ states }: World): Waste[] {
  const { runningHours = new Float64Array() } = states["vision-train"];
  const written = runningHours.map((part) => part * (60 / checkpoint.everyMinutes) * checkpoint.gigabytes);
  const archive = decimal(s3ArchivePerGigabyte);
  return [
    {
      id: "checkpoints-kept-for-ever",
      what: "A checkpoint every 10 minutes, all kept; one in 45 minutes for a week and the last of each night would do.",
      advice: "Checkpoint every 45 minutes and expire all but each night's last after seven days.",
      effect: stored("checkpoints-every-ten-minutes", keptForNothing(written, runningHours)),
    },
    {
      id: "optimizer-states-kept",
      what: "38 TB of optimizer states of runs that ended before 2026.",
      advice: "Delete optimizer states of runs that nobody will resume.",
      effect: stored("checkpoints-every-ten-minutes", () => oldCheckpoints.optimizerGigabytes),
    },
    {
      id: "datasets-untouched",
      what: "210 TB of datasets that nobody has read for 60 days are in the standard class.",
      advice: "Move what is untouched for 60 days to Glacier Instant Retrieval.",
      effect: {
        ...stored("datasets-untouched", () => UNTOUCHED_GIGABYTES),
        excess: ({ contracted }) => contracted - archive,
      },
    },
    {
      id: "dataset-twice",
      what: "The same dataset in two buckets and two regions; nobody in eu-west-1 reads the second one.",
      advice: "Delete the copy in eu-west-1.",
      effect: { touches: labelled("dataset-twice") },
    },
    {
      id: "etl-cross-region-reads",
      what: "etl-daily reads features from another region, the same partition four times.",
      advice: "Read a partition once and keep it for the run.",
      effect: {
        touches: ofWorkload("features", "AWS-Out-Bytes"),
        micro: share(() => 1 - 1 / READS_PER_PARTITION),
      },
    },
    {
      id: "s3-through-nat",
      what: "Traffic of the data account to S3 goes through its NAT gateway.",
      advice: "Add a gateway endpoint for S3; it costs nothing.",
      effect: {
        touches: (meter) => labelled("s3-through-nat")(meter) && meter.sku.meter === "NatGateway-Bytes",
        micro: share(() => S3_SHARE_OF_NAT),
      },
    },
  ];
}

/** Gigabytes of the window's own checkpoints that the advised rule would not hold at an hour. */
function keptForNothing(written: Float64Array, runningHours: Float64Array): (hour: number) => number {
  let sum = 0;
  const upTo = written.map((gigabytes) => (sum += gigabytes));
  const best = checkpoint.everyMinutes / checkpoint.bestMinutes;
  let nights = 0;
  const nightsUpTo = runningHours.map((part, hour) => {
    if (part > 0 && (runningHours[hour - 1] ?? 0) === 0) nights++;
    return nights;
  });
  return (hour) => {
    const lastWeek = (upTo[hour] ?? 0) - (upTo[hour - 168] ?? 0);
    const kept = (nightsUpTo[hour] ?? 0) * checkpoint.gigabytes + lastWeek * best;
    return Math.max(0, (upTo[hour] ?? 0) - kept);
  };
}
