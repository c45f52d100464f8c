import { expect, test } from "vitest";
import { GPU_PARTS } from "#facts/cluster-usage.ts";
import { heldParts, type Holding, requestedParts } from "./gpu-shares.ts";

const asks = (requests: Record<string, number>) => new Map(Object.entries(requests));
const held = (more: Partial<Holding>): number =>
  heldParts({
    profile: undefined,
    model: "NVIDIA A100-SXM4-80GB",
    requests: asks({}),
    nodeLabels: {},
    devices: 1,
    ...more,
  }) / GPU_PARTS;
const shared = { nvidia_com_gpu_replicas: "4" };

test("a GPU that is not shared is held whole", () => expect(held({})).toBe(1));

test("a MIG instance by slices or by memory, as its model tells", () => {
  expect(held({ profile: "1g.10gb" })).toBe(1 / 7);
  expect(held({ profile: "3g.40gb" })).toBe(0.5);
  expect(held({ profile: "3g.40gb", model: "" })).toBe(3 / 7);
  expect(held({ profile: "2g.12gb", model: "NVIDIA A30" })).toBe(0.5);
});

test("one of four turns; who asked for two of them on one GPU has two", () => {
  expect(held({ nodeLabels: shared })).toBe(0.25);
  expect(held({ nodeLabels: shared, requests: asks({ nvidia_com_gpu: 2 }) })).toBe(0.5);
  expect(held({ nodeLabels: shared, requests: asks({ nvidia_com_gpu_shared: 2 }), devices: 2 })).toBe(0.25);
});

test("HAMi: the larger of cores and memory", () => {
  expect(held({ requests: asks({ nvidia_com_gpu: 1, nvidia_com_gpucores: 25 }) })).toBe(0.25);
  expect(held({ requests: asks({ nvidia_com_gpucores: 25, nvidia_com_gpumem_percentage: 60 }) })).toBe(0.6);
  expect(
    held({ requests: asks({ nvidia_com_gpumem: 20_480 }), nodeLabels: { nvidia_com_gpu_memory: "81920" } }),
  ).toBe(0.25);
});

test("where no sample tells, what was asked for counts", () => {
  const parts = (requests: Record<string, number>, labels = {}): number =>
    requestedParts(asks(requests), labels) / GPU_PARTS;
  expect(parts({ cpu: 4 })).toBe(0);
  expect(parts({ nvidia_com_gpu: 2 })).toBe(2);
  expect(parts({ amd_com_gpu: 1 })).toBe(1);
  expect(parts({ nvidia_com_gpu: 2 }, shared)).toBe(0.5);
  expect(parts({ nvidia_com_mig_1g_10gb: 3 })).toBe(3 / 7);
  expect(parts({ nvidia_com_gpu: 1, nvidia_com_gpucores: 30 })).toBe(0.3);
});
