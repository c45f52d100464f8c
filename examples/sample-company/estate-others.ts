import { accounts } from "./accounts.ts";
import { billingPeriodOf, hourAt, hoursIn, TOTAL_HOURS } from "./clock.ts";
import { addMeter, addResource, type Estate, gigabyteMonths, poolSpans, WHOLE, always } from "./estate.ts";
import type { Account, Resource } from "./model.ts";
import { hexId } from "./random.ts";
import { azureSkus, azureVmSku, gpuCloudSku, gpuCloudSkus } from "./skus-others.ts";
import type { States } from "./states.ts";
import { story } from "./story.ts";

const { azureProd, azureRnd, gpuCloud } = accounts;
const byDay = { cadence: "day" } as const;

/** Azure bills by the day. */
export function addAzure(estate: Estate, states: States): void {
  const scaleSet = azure(estate, azureProd, "vision-infer", "virtualMachineScaleSets", "aks-a100-vmss", {
    waste: "vision-infer-on-a100",
    nodePool: "a100",
  });
  const nodes = states["vision-infer"].nodes;
  addMeter(estate, scaleSet, azureVmSku("Standard_NC24ads_A100_v4"), (day) => sumOfDay(nodes, day), byDay);
  const system = azure(estate, azureProd, "vision-infer", "virtualMachineScaleSets", "aks-system-vmss", {});
  addMeter(estate, system, azureVmSku("Standard_D8s_v5"), () => 3 * 24 * WHOLE, byDay);
  for (const number of [1, 2, 3]) {
    const disk = azure(estate, azureProd, "vision-infer", "disks", `infer-data-${number}`, {});
    addMeter(estate, disk, azureSkus.disk, dayOfMonth, byDay);
  }
  const account = azure(estate, azureProd, "vision-infer", "storageAccounts", "halyardvisioneu", {});
  addMeter(estate, account, azureSkus.blob, (day) => gigabyteMonths(61_000, day, 24), byDay);
  addMeter(estate, account, azureSkus.bandwidth, (day) => sumOfDay(nodes, day) * 2, byDay);
  const logs = azure(estate, azureProd, "vision-infer", "workspaces", "halyard-logs", {});
  addMeter(estate, logs, azureSkus.logs, () => 11 * WHOLE, byDay);
  const balancer = azure(estate, azureProd, "vision-infer", "loadBalancers", "kubernetes", {});
  addMeter(estate, balancer, azureSkus.loadBalancer, () => 24 * WHOLE, byDay);

  const tuner = azure(estate, azureRnd, "finetune-weekly", "virtualMachines", "finetune-a100", {});
  const running = states["finetune-weekly"].nodes;
  addMeter(estate, tuner, azureVmSku("Standard_ND96amsr_A100_v4"), (day) => sumOfDay(running, day), byDay);
  const scratch = azure(estate, azureRnd, "finetune-weekly", "disks", "finetune-scratch", {});
  addMeter(estate, scratch, azureSkus.disk, dayOfMonth, byDay);
  const lease = { lease: "sandbox-vlm" };
  const span = { from: hourAt("2026-06-15"), until: hourAt("2026-08-01") };
  const sandbox = azure(estate, azureRnd, "sandbox-vlm", "virtualMachines", "sandbox-vlm", lease, span);
  addMeter(estate, sandbox, azureVmSku("Standard_NC8as_T4_v3"), () => 24 * WHOLE, byDay);
}

function azure(
  estate: Estate,
  account: Account,
  workload: string,
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  span: { from: number; until: number } = { from: 0, until: TOTAL_HOURS },
): Resource {
  const providers: Readonly<Record<string, string>> = {
    storageAccounts: "Microsoft.Storage",
    workspaces: "Microsoft.OperationalInsights",
    loadBalancers: "Microsoft.Network",
  };
  const provider = providers[kind] ?? "Microsoft.Compute";
  const id = `/subscriptions/${account.id}/resourceGroups/rg-${workload}/providers/${provider}/${kind}/${name}`;
  return addResource(estate, {
    id,
    name,
    type: kind,
    workload,
    account,
    region: "westeurope",
    labels,
    ...span,
  });
}

const sumOfDay = (values: Float64Array | undefined, day: number): number =>
  Math.round((values?.subarray(day, day + 24).reduce((a, b) => a + b, 0) ?? 0) * WHOLE);

const dayOfMonth = (day: number): number => Math.round((24 * WHOLE) / hoursIn(billingPeriodOf(day)));

/** The GPU cloud: eval-nightly's machine, a new one each night, and a sandbox that outlived its lease. */
export function addGpuCloud(estate: Estate, states: States): void {
  const place = { account: gpuCloud, region: "eu-north1" } as const;
  for (const { from, until } of poolSpans(states["eval-nightly"].runningHours ?? new Float64Array())) {
    const id = `computeinstance-e00${hexId(estate.seed, `eval/${from}`, 14)}`;
    const machine = addResource(estate, {
      ...place,
      id,
      name: "eval-nightly",
      type: "instance",
      workload: "eval-nightly",
      from,
      until,
      labels: { waste: "model-reloaded" },
    });
    addMeter(estate, machine, gpuCloudSku("gpu-h100-sxm-8gpu"), always);
  }
  for (const [name, from, until, labels] of [
    ["eval-models", 0, TOTAL_HOURS, {}],
    ["diffusion-data", 0, story.sandboxGone, { lease: "sandbox-diffusion", waste: "sandbox-after-its-end" }],
  ] as const) {
    const workload = name === "eval-models" ? "eval-nightly" : "sandbox-diffusion";
    const id = `computedisk-e00${hexId(estate.seed, name, 14)}`;
    const disk = addResource(estate, { ...place, id, name, type: "disk", workload, from, until, labels });
    addMeter(estate, disk, gpuCloudSkus.disk, (hour) => gigabyteMonths(3000, hour, 24), byDay);
  }
  const sandbox = addResource(estate, {
    ...place,
    id: `computeinstance-e00${hexId(estate.seed, "diffusion", 14)}`,
    name: "sandbox-diffusion",
    type: "instance",
    workload: "sandbox-diffusion",
    until: story.sandboxGone,
    labels: { lease: "sandbox-diffusion", waste: "sandbox-after-its-end" },
  });
  addMeter(estate, sandbox, gpuCloudSku("gpu-h200-sxm-1gpu"), always);
  const fee = addResource(estate, {
    ...place,
    id: "platform-fee",
    name: "Managed platform",
    type: "subscription",
    workload: "fees",
    tagsWanted: false,
  });
  addMeter(estate, fee, gpuCloudSkus.platform, always, { cadence: "month" });
}
