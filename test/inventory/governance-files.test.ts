import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { clusterSightings } from "#ingest/kubernetes/map.ts";
import { readDumps } from "#ingest/kubernetes/read-dump.ts";
import { stateSightings } from "#ingest/terraform/map.ts";
import { readState } from "#ingest/terraform/read-state.ts";

const shared = process.env["PLIMSOLL_TEST_DATA"];
if (shared === undefined) console.warn("Skipped: PLIMSOLL_TEST_DATA does not name the folder of real files.");
const folder = path.join(shared ?? "", "governance");

describe.skipIf(shared === undefined)("public manifests and plans", () => {
  /** Replicas × GPUs of a pod, counted by hand. */
  test.each([
    ["kserve_tensorflow_gpu", "InferenceService", 1],
    ["kserve_hf_isvc", "InferenceService", 1],
    ["kserve_llmisvc_single_gpu", "LLMInferenceService", 3],
    ["kuberay_rayjob_batch", "RayJob", 4],
    ["kuberay_rayservice_llm", "RayService", 4],
    ["vllm_gpu_deployment", "Deployment", 2],
  ])("%s asks for its GPUs", async (name, kind, gpus) => {
    const [dump] = await readDumps(path.join(folder, "k8s", `${name}.yaml`));
    const sightings = clusterSightings("c", dump?.objects ?? []);
    const asking = sightings.filter(({ traits }) => (traits.gpus ?? 0) > 0);
    expect(asking.map(({ traits }) => [traits.kind, traits.gpus])).toEqual([[kind, gpus]]);
  });

  test("every plan is read for what exists already, or refused for one reason", async () => {
    const told: string[] = [];
    for (const name of readdirSync(path.join(folder, "plans"))) {
      const file = path.join(folder, "plans", name);
      told.push(
        await readState(file).then(
          ({ resources, form }) =>
            `${name}: ${form}, ${resources.length}, ${stateSightings(resources).sightings.length} kept`,
          ({ message }: Error) => `${name}: ${message.replace(/^.*: (?=it is|a wrapper)/, "")}`,
        ),
      );
    }
    expect(told).toMatchInlineSnapshot();
  });
});
