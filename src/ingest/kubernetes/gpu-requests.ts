import { at, type Fields, isFields, listAt } from "./fields.ts";

/** Extended resources that are whole GPUs, or slices that count as one device each. */
const device =
  /^(nvidia\.com\/(gpu|mig-[0-9]+g\.[0-9]+gb(\.[a-z0-9.]+)?)|amd\.com\/gpu|gpu\.intel\.com\/.+)$/;

/** What a pod asks for. */
export interface GpuRequest {
  /** Devices of one pod: whole GPUs, or MIG slices. */
  readonly devices: number;
  /** Names of the resources asked for, such as `nvidia.com/mig-1g.10gb`. */
  readonly resources: readonly string[];
  /** Where only a part of each GPU is asked for (HAMi): percent of its cores. */
  readonly corePercent?: number;
}

/**
 * GPUs that one pod of this specification asks for: the sum over its containers, or an init container's if that is more, since those
 * run first and one at a time. Requests default to limits, as the API server sets them for extended resources.
 * @see Kubernetes, "Schedule GPUs" and "Init containers: resource sharing"
 */
export function gpuRequest(podSpec: unknown): GpuRequest {
  const containers = listAt(podSpec, "containers").map(askedBy);
  const first = listAt(podSpec, "initContainers").map(askedBy);
  const sum = containers.reduce((total, { devices }) => total + devices, 0);
  const percents = containers.flatMap(({ corePercent }) => corePercent ?? []);
  const percent = percents.length === 0 ? undefined : Math.max(...percents);
  return {
    devices: Math.max(sum, ...first.map(({ devices }) => devices)),
    resources: [...new Set([...containers, ...first].flatMap(({ resources }) => resources))].sort(),
    ...(percent === undefined ? {} : { corePercent: percent }),
  };
}

function askedBy(container: unknown): GpuRequest {
  const merged: Fields = { ...fieldsAt(container, "limits"), ...fieldsAt(container, "requests") };
  const devices = Object.entries(merged).flatMap(([name, value]) => {
    const count = quantity(value);
    return device.test(name) && count !== undefined && count > 0 ? [{ name, count }] : [];
  });
  const corePercent = quantity(merged["nvidia.com/gpucores"]);
  return {
    devices: devices.reduce((sum, { count }) => sum + count, 0),
    resources: devices.map(({ name }) => name),
    ...(corePercent === undefined ? {} : { corePercent }),
  };
}

function fieldsAt(container: unknown, key: string): Fields {
  const found = at(container, "resources", key);
  return isFields(found) ? found : {};
}

/** Extended resources are whole numbers, written as numbers or texts. */
function quantity(value: unknown): number | undefined {
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
