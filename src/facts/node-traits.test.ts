import { expect, test } from "vitest";
import { metricLabel, nodeTraits } from "./node-traits.ts";

const traits = (labels: Record<string, string>) =>
  nodeTraits({
    cluster: "c",
    name: "n",
    labels,
    cpuMicroCores: 1,
    ramKib: 1,
    gpus: 0,
    providerId: undefined,
    present: new Uint8Array(),
  });

test("today's labels come before those of old clusters", () =>
  expect(
    traits({
      node_kubernetes_io_instance_type: "g5.xlarge",
      beta_kubernetes_io_instance_type: "old",
      topology_kubernetes_io_region: "us-east-1",
      failure_domain_beta_kubernetes_io_zone: "us-east-1a",
    }),
  ).toEqual({ instanceType: "g5.xlarge", region: "us-east-1", zone: "us-east-1a", capacityType: undefined }));

test.each([
  [{ karpenter_sh_capacity_type: "spot" }, "spot"],
  [{ eks_amazonaws_com_capacity_type: "SPOT" }, "spot"],
  [{ eks_amazonaws_com_capacity_type: "ON_DEMAND" }, "on-demand"],
  [{ cloud_google_com_gke_spot: "true" }, "spot"],
  [{ kubernetes_azure_com_scalesetpriority: "spot" }, "spot"],
  [{}, undefined],
])("%o is %s", (labels, expected) => expect(traits(labels).capacityType).toBe(expected));

test("a label as kube-state-metrics writes it", () => {
  expect(metricLabel("app.kubernetes.io/part-of")).toBe("app_kubernetes_io_part_of");
  expect(metricLabel("eks.amazonaws.com/capacityType")).toBe("eks_amazonaws_com_capacity_type");
});
