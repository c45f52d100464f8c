import { formatDecimal } from "#units/decimal.ts";
import { activityHours } from "./activity.ts";
import { billingPeriodOf, isoTime } from "./clock.ts";
import type { Emission } from "./emit-focus.ts";
import type { Resource } from "./model.ts";
import { createLineFile } from "./write-lines.ts";

/** Replicas that a machine of assistant-chat holds, two GPUs each. */
const REPLICAS = 4;
/** Of a machine's price, what its GPUs are; the rest is processor and memory. In thousandths. */
const GPU_SHARE = 900n;

const columns =
  "BilledCost,EffectiveCost,ContractedCost,ListCost,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName,ResourceId,AllocatedResourceId,AllocatedResourceName,AllocatedTags,x_IdleKind,Component";
const target = [
  "prod-us/assistant-prod/Deployment/assistant-chat",
  "assistant-chat",
  `"${JSON.stringify({ environment: "production", team: "assistant", workload: "assistant-chat" }).replaceAll('"', '""')}"`,
];

/** Who used the machines of assistant-chat in two days, as an allocation of the cluster says; a row a part, machine and hour. */
export async function emitAllocation({ out, world, files }: Emission): Promise<void> {
  const name = "activity/allocation.csv";
  const file = createLineFile(out, name);
  file.add(`${columns}\n`);
  const { from, until } = activityHours(world);
  const meters = world.estate.meters.filter(
    ({ resource, cadence }) =>
      resource.labels["nodePool"] === "chat-h100" && resource.type === "instance" && cadence === "hour",
  );
  const { replicas, replicasNeeded } = world.states["assistant-chat"];
  for (let hour = from; hour < until; hour++) {
    let left = replicas?.[hour] ?? 0;
    const busy = BigInt(
      Math.min(1000, Math.floor((1000 * (replicasNeeded?.[hour] ?? 0)) / Math.max(1, left))),
    );
    for (const { resource, sku, micro, from: start, until: end } of meters) {
      if (hour < start || hour >= end || micro(hour) === 0) continue;
      const held = BigInt(Math.min(REPLICAS, left));
      left -= Number(held);
      const price = sku.prices.filter((each) => each.from <= hour).at(-1)?.list ?? 0n;
      const part = (thousandths: bigint): bigint => (price * thousandths) / 1000n;
      const gpu = (part(GPU_SHARE) * held) / BigInt(REPLICAS);
      const other = (part(1000n - GPU_SHARE) * held) / BigInt(REPLICAS);
      const used = (gpu * busy) / 1000n;
      for (const [cost, kind, component, isHeld] of [
        [used, "", "gpu", true],
        [gpu - used, "warm-idle", "gpu", true],
        [other, "", "cpu", true],
        [price - gpu - other, "unallocated", "gpu", false],
      ] as const)
        if (cost > 0n) file.add(row(resource, hour, cost, kind, component, isHeld));
    }
    await file.settle();
  }
  await file.close();
  files.push(name);
}

function row(
  { id }: Resource,
  hour: number,
  cost: bigint,
  kind: string,
  component: string,
  isHeld: boolean,
): string {
  const period = billingPeriodOf(hour);
  const amount = formatDecimal(cost);
  const cells = [
    amount,
    amount,
    amount,
    amount,
    "USD",
    ...[period.start, period.until, hour, hour + 1].map(isoTime),
    "Usage",
    "Kubernetes",
    id,
    ...(isHeld ? target : ["", "", ""]),
    kind,
    component,
  ];
  return `${cells.join(",")}\n`;
}
