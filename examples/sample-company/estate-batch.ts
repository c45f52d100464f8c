import { decimal, roundTo } from "#units/decimal.ts";
import { accounts } from "./accounts.ts";
import { TOTAL_DAYS } from "./clock.ts";
import { addInstance, addPool, type Estate, WHOLE } from "./estate.ts";
import { ec2Instances, spotShareOfList } from "./prices.ts";
import { bell, chance } from "./random.ts";
import { ec2SpotSku } from "./skus-aws.ts";
import type { States } from "./states.ts";
import { story } from "./story.ts";

const { data, rnd, vision } = accounts;

/** Training, sweeps, pipelines and notebooks on AWS. */
export function addBatch(estate: Estate, states: States): void {
  addTraining(estate, states);
  addPool(estate, states.sweeps.nodes, {
    workload: "sweeps",
    type: "g5.xlarge",
    account: rnd,
    name: "sweep",
    volumeGigabytes: 100,
    labels: { nodePool: "sweeps", cluster: "research" },
  });
  addPool(estate, states["etl-daily"].nodes, {
    workload: "etl-daily",
    type: "m6i.4xlarge",
    account: data,
    name: "etl",
    planEligible: true,
    labels: { nodePool: "etl", cluster: "prod-us" },
  });
  addNotebooks(estate);
  addInstance(estate, {
    workload: "sandbox-rag",
    type: "g5.xlarge",
    account: rnd,
    name: "sandbox-rag",
    from: 21 * 24,
    labels: { lease: "sandbox-rag" },
  });
}

/** One machine a night: on demand until 07-06, then spot, where an interruption brings another machine. */
function addTraining(estate: Estate, states: States): void {
  const running = states["vision-train"].runningHours ?? new Float64Array();
  const spot = ec2SpotSku("p5.48xlarge", spotMarket(estate.seed));
  const micro = (hour: number): number => Math.round((running[hour] ?? 0) * WHOLE);
  for (let day = 0; day < TOTAL_DAYS; day++) {
    const from = day * 24 + 20;
    let until = from;
    while ((running[until] ?? 0) > 0) until++;
    const onSpot = from >= story.trainOnSpot;
    const spec = {
      workload: "vision-train",
      type: "p5.48xlarge",
      account: vision,
      micro,
      volumeGigabytes: 2000,
      labels: { nodePool: "train", capacity: onSpot ? "spot" : "on-demand" },
    } as const;
    const cut = onSpot ? interruptionIn(estate.seed, day) : undefined;
    const spans =
      cut === undefined
        ? [[from, until]]
        : [
            [from, from + cut],
            [from + cut, until],
          ];
    for (const [start = from, end = until] of spans) {
      addInstance(estate, {
        ...spec,
        name: `train-${day + 1}${start > from ? "b" : ""}`,
        from: start,
        until: end,
        ...(onSpot ? { sku: spot } : { labels: { ...spec.labels, waste: "training-on-demand" } }),
      });
    }
  }
}

export const INTERRUPTED_NIGHTS = 0.15;

/** In about one night of seven the spot machine is taken away, this many hours after the start. */
function interruptionIn(seed: number, day: number): number | undefined {
  const of = chance(seed, "interruptions");
  return of(day) < INTERRUPTED_NIGHTS ? 2 + Math.floor(of(day + 1000) * 6) : undefined;
}

/** The spot price of each day, to a tenth of a cent. */
function spotMarket(seed: number): { from: number; price: bigint }[] {
  const of = chance(seed, "spot-market");
  const list = decimal(ec2Instances["p5.48xlarge"].perHour);
  return Array.from({ length: TOTAL_DAYS }, (_, day) => {
    const share = BigInt(Math.round(spotShareOfList * (1 + 0.02 * bell(of, day)) * 10_000));
    return { from: day * 24, price: roundTo((list * share) / 10_000n, 4, "half-even") };
  });
}

/** Nine notebooks: five with a GPU that nobody uses (one with noise on its CPU), one used by day, three without. */
function addNotebooks(estate: Estate): void {
  const idle = { waste: "idle-notebooks" };
  const nine = [
    ["nb-atlas", "g5.xlarge", rnd, idle],
    ["nb-breton", "g5.xlarge", rnd, { ...idle, trap: "cpu-noise" }],
    ["nb-cadiz", "g5.2xlarge", rnd, idle],
    ["nb-dover", "g6.xlarge", vision, idle],
    ["nb-elbe", "g6.xlarge", rnd, idle],
    ["nb-fjord", "g5.2xlarge", rnd, {}],
    ["nb-genoa", "m6i.xlarge", rnd, {}],
    ["nb-humber", "m6i.xlarge", vision, {}],
    ["nb-iona", "m6i.xlarge", rnd, {}],
  ] as const;
  for (const [name, type, account, labels] of nine) {
    addInstance(estate, { workload: "notebooks", type, account, name, labels, volumeGigabytes: 150 });
  }
}
