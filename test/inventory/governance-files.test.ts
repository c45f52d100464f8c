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
    expect(told).toMatchInlineSnapshot(`
      [
        "authored_ai_small.plan.json: it is a plan of what does not exist yet.",
        "carbonifer_gcp_gpu_k80.plan.json: prior, 0, 0 kept",
        "checkov_asg_tag_variety.plan.json: it is a plan of what does not exist yet.",
        "checkov_win_utf16le_bom.plan.json: it is a plan of what does not exist yet.",
        "infracost_attachment.plan.json: prior, 1, 1 kept",
        "infracost_default_tags.plan.json: it is a plan of what does not exist yet.",
        "infracost_v0.14.plan.json: prior, 14, 13 kept",
        "infracost_wrapper_stdout.txt: a wrapper's own line comes first.",
        "regula_aws_google_mix.plan.json: it is a plan of what does not exist yet.",
        "regula_tag_all.plan.json: it is a plan of what does not exist yet.",
        "snyk_create_delete_noop_update.plan.json: prior, 3, 3 kept",
        "terracost_azure.plan.json: prior, 0, 0 kept",
        "terracost_eks.plan.json: it is a plan of what does not exist yet.",
        "tfcompliance_delete_create_update.plan.json: prior, 9, 1 kept",
        "tfcompliance_for_each_modules.plan.json: prior, 0, 0 kept",
        "tfjson_120_basic.plan.json: prior, 0, 0 kept",
        "tfjson_has_checks.plan.json: it is a plan of what does not exist yet.",
        "tfvalidator_gke_node_pool.plan.json: it is a plan of what does not exist yet.",
        "trivy_no_resource_changes.plan.json: it is a plan of what does not exist yet.",
      ]
    `);
  });
});
