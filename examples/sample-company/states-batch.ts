import { dayIndex, hourAt, hourOfDay, isWeekend, weekday } from "./clock.ts";
import type { WorkloadState } from "./model.ts";
import { chance } from "./random.ts";
import { during, story } from "./story.ts";
import { dailyJitter, growth, hourly, jitter, officeHours } from "./traffic.ts";

/** An epoch of vision-train takes one hour; spot makes it repeat what an interruption lost, and restart. */
export const EPOCHS_PER_NIGHT = 9;
export const SPOT_OVERHEAD = 1.1;

/** A checkpoint: its size, how long training waits for it, how often it is made and how often it should be. */
export const checkpoint = {
  gigabytes: 45,
  saveSeconds: 15,
  everyMinutes: 10,
  /** √(2 · 15 s · 66 h), Young's optimum at the interruptions of this spot market. */
  bestMinutes: 45,
} as const;

/** What the checkpoint bucket held on 06-01, and how much of it are optimizer states of runs that ended long ago. */
export const oldCheckpoints = { gigabytes: 60_000, optimizerGigabytes: 38_000 } as const;
/** Datasets that nobody has read for 60 days. */
export const UNTOUCHED_GIGABYTES = 210_000;
/** Share of what `nat-data` carries that goes to S3. */
export const S3_SHARE_OF_NAT = 0.8;
/** etl-daily reads a partition so often. */
export const READS_PER_PARTITION = 4;
/** Growth of `logs` in a week with and without retention. */
export const logGrowth = { now: 0.04, usual: 0.01 } as const;
/** eval-nightly: minutes that a task loads the model, and tasks in a night. */
export const evaluation = { loadMinutes: 6, tasksPerNight: 12, minutesPerNight: 240 } as const;

/** vision-train: 8 × H100 from 20:00; `runningHours` is the part of the hour the machine is up. */
export function visionTrain(): WorkloadState {
  const overhead = (hour: number): number => (hour >= story.trainOnSpot ? SPOT_OVERHEAD : 1);
  // Nights are counted from noon, so that one night's run is one stretch of hours.
  const sinceStart = (hour: number): number => (hour + 4) % 24;
  const runningHours = hourly((hour) => {
    const left = EPOCHS_PER_NIGHT * overhead(hour) - sinceStart(hour);
    return hour < 20 ? 0 : Math.round(Math.max(0, Math.min(1, left)) * 1e6) / 1e6;
  });
  return {
    runningHours,
    epochs: runningHours.map((part, hour) => part / overhead(hour)),
    gpus: runningHours.map((part) => (part > 0 ? 8 : 0)),
    busyGpus: runningHours.map((part) => 8 * part),
  };
}

/** sweeps: ten A10G on weekday evenings; a grid typo made it a hundred for one night. */
export function sweeps(seed: number): WorkloadState {
  const of = chance(seed, "sweeps");
  const nodes = hourly((hour) => {
    if (during(hour, story.sweepTypoFrom, story.sweepTypoUntil)) return 100;
    const evening = during((hour + 5) % 24, 0, 8) && !isWeekend(hour + 5 - 24);
    return evening && hour >= 19 ? 8 + Math.floor(5 * of(dayIndex(hour + 5))) : 0;
  });
  return { nodes, gpus: nodes, busyGpus: nodes };
}

/** finetune-weekly: 20 hours from Saturday, 08:00. */
export function finetuneWeekly(): WorkloadState {
  const running = hourly((hour) => {
    const sinceSaturday = (weekday(hour) - 5) * 24 + hourOfDay(hour);
    return during(sinceSaturday, 8, 28) ? 1 : 0;
  });
  return { nodes: running, runningHours: running, gpus: running.map((on) => on * 8) };
}

/** eval-nightly: eight H100 from 01:00 to 05:00; every task of 20 minutes loads the model for six of them. */
export function evalNightly(): WorkloadState {
  const running = hourly((hour) => (during(hourOfDay(hour), 1, 5) ? 1 : 0));
  return {
    runningHours: running,
    gpus: running.map((on) => on * 8),
    busyGpus: running.map((on) => on * 8 * 0.7),
    tasks: running.map((on) => on * 3),
  };
}

/** etl-daily: CPU nodes from 02:00 to 06:00; it reads the same partition of `features` four times across regions. */
export function etlDaily(seed: number): WorkloadState {
  const of = chance(seed, "etl-daily");
  const running = (hour: number): boolean => during(hourOfDay(hour), 2, 6);
  return {
    nodes: hourly((hour) => (running(hour) ? 8 : 0)),
    movedGigabytes: hourly((hour) => (running(hour) ? Math.round(1250 * dailyJitter(of, hour, 0.03)) : 0)),
  };
}

/** The cluster's CPU nodes: a floor of seven, more in office hours. */
export function cluster(seed: number): WorkloadState {
  const of = chance(seed, "cluster");
  return {
    nodes: hourly((hour) => 7 + Math.round(5 * officeHours(hour) * dailyJitter(of, hour, 0.05))),
  };
}

/** Gigabytes per hour through the main NAT gateway; without the S3 endpoint the cost of all NAT is six times as high. */
export const NAT_GATEWAYS = 3;
export function nat(seed: number): Record<"main" | "data" | "eu" | "extra", WorkloadState> {
  const of = chance(seed, "nat");
  const usual = (base: number, salt: number) => (hour: number) =>
    base * (0.75 + 0.5 * officeHours(hour)) * jitter(of, hour + salt, 0.06);
  const main = usual(90, 0);
  const data = usual(55, 1_000_000);
  const eu = usual(14, 2_000_000);
  // A gateway's hour costs as much as a gigabyte, so `all` is the whole bill counted in gigabytes.
  const all = (hour: number): number => NAT_GATEWAYS + main(hour) + data(hour) + eu(hour);
  const extra = (hour: number): number =>
    during(hour, story.natFrom, story.natUntil) ? (story.natFactor - 1) * all(hour) : 0;
  return {
    main: { movedGigabytes: hourly((hour) => main(hour) + extra(hour)) },
    data: { movedGigabytes: hourly(data) },
    eu: { movedGigabytes: hourly(eu) },
    extra: { movedGigabytes: hourly(extra) },
  };
}

/** Buckets in gigabytes: what they hold at each hour. */
export const buckets = {
  datasets: (): WorkloadState => ({ storedGigabytes: hourly((hour) => 380_000 * growth(hour, 0.002)) }),
  datasetsCopy: (): WorkloadState => ({ storedGigabytes: hourly(() => 90_000) }),
  checkpoints: (train: WorkloadState): WorkloadState => {
    let stored: number = oldCheckpoints.gigabytes;
    // All are kept for ever.
    return {
      storedGigabytes: hourly((hour) => {
        stored += (train.runningHours?.[hour] ?? 0) * (60 / checkpoint.everyMinutes) * checkpoint.gigabytes;
        return stored;
      }),
    };
  },
  features: (): WorkloadState => ({ storedGigabytes: hourly((hour) => 42_000 * growth(hour, 0.003)) }),
  logs: (): WorkloadState => ({ storedGigabytes: hourly((hour) => 48_000 * growth(hour, logGrowth.now)) }),
};

/** Retention of `logs` ended before the window starts. */
export const retentionRemoved = hourAt("2026-05-20");
