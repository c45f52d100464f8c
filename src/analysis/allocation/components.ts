/** What a workload's cost is made of. The first three are parts of a node's price. */
export const components = ["cpu", "ram", "gpu", "storage", "network"] as const;
export type Component = (typeof components)[number];

export const nodeComponents = ["cpu", "ram", "gpu"] as const;
export type NodeComponent = (typeof nodeComponents)[number];

/** Exact amounts per component, units of the 18th decimal. */
export type Costs = Readonly<Record<Component, bigint>>;
export type NodeCosts = Readonly<Record<NodeComponent, bigint>>;

export const noCosts: Costs = { cpu: 0n, ram: 0n, gpu: 0n, storage: 0n, network: 0n };

export const addCosts = (a: Costs, b: Costs): Costs => ({
  cpu: a.cpu + b.cpu,
  ram: a.ram + b.ram,
  gpu: a.gpu + b.gpu,
  storage: a.storage + b.storage,
  network: a.network + b.network,
});

export const sumCosts = ({ cpu, ram, gpu, storage, network }: Costs): bigint =>
  cpu + ram + gpu + storage + network;

/** What a held GPU was doing; a GPU that nobody held is unallocated, and is idle of its node. */
export const gpuStates = ["active", "warmIdle", "allocatedIdle", "unknown"] as const;
export type GpuState = (typeof gpuStates)[number];
export type GpuStateCosts = Readonly<Record<GpuState, bigint>>;

export const noGpuStates: GpuStateCosts = { active: 0n, warmIdle: 0n, allocatedIdle: 0n, unknown: 0n };

export const addGpuStates = (a: GpuStateCosts, b: GpuStateCosts): GpuStateCosts => ({
  active: a.active + b.active,
  warmIdle: a.warmIdle + b.warmIdle,
  allocatedIdle: a.allocatedIdle + b.allocatedIdle,
  unknown: a.unknown + b.unknown,
});
