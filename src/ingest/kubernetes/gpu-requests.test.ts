import { expect, test } from "vitest";
import { gpuRequest } from "./gpu-requests.ts";

const asks = (resources: object) => ({ name: "c", resources });

test("requests default to limits, containers add up, an init container counts alone", () => {
  const pod = {
    containers: [
      asks({ limits: { "nvidia.com/gpu": 1 } }),
      asks({ limits: { "nvidia.com/gpu": "2" }, requests: { "nvidia.com/gpu": "2", cpu: "8" } }),
    ],
    initContainers: [asks({ limits: { "nvidia.com/gpu": "4" } })],
  };
  expect(gpuRequest(pod)).toEqual({ devices: 4, resources: ["nvidia.com/gpu"] });
  expect(gpuRequest({ ...pod, initContainers: [] }).devices).toBe(3);
});

test("MIG slices are devices; HAMi's share of a GPU's cores is told beside them", () => {
  expect(
    gpuRequest({
      containers: [asks({ limits: { "nvidia.com/mig-1g.10gb": "2", "nvidia.com/mig-x": "9" } })],
    }),
  ).toEqual({ devices: 2, resources: ["nvidia.com/mig-1g.10gb"] });
  expect(
    gpuRequest({ containers: [asks({ limits: { "nvidia.com/gpu": "1", "nvidia.com/gpucores": "30" } })] }),
  ).toEqual({ devices: 1, resources: ["nvidia.com/gpu"], corePercent: 30 });
});

test("what is no quantity asks for nothing", () => {
  for (const value of ["-1", "1.5", "many", null, {}])
    expect(gpuRequest({ containers: [asks({ limits: { "nvidia.com/gpu": value } })] }).devices).toBe(0);
  expect(gpuRequest(undefined)).toEqual({ devices: 0, resources: [] });
});
