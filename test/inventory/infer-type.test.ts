import { describe, expect, test } from "vitest";
import type { RuleStrength } from "#facts/attribution.ts";
import type { Ruled, Sighting } from "#facts/sighting.ts";
import type { Assignment } from "#facts/workload.ts";
import { takeInventory } from "#analysis/inventory/take-inventory.ts";
import { controller, machine, only, week } from "./sightings.ts";

const HOUR = 3_600_000;

describe("the type", () => {
  const bursts = { kind: "instance", machineHours: 40, gpuType: "H100" };
  test("declared wins over any inference, and a decision over all", () => {
    const notebook = controller("Notebook", "nb", { declared: { workload: "nb", type: "Training" } });
    expect(only(notebook).type).toMatchObject({ value: "training", basis: "declared", confidence: "high" });
    const decided: Assignment = {
      workload: "NB",
      field: "type",
      value: "batch-inference",
      by: "ana@x",
      why: "it scores nightly",
    };
    const [row] = takeInventory({ sightings: [notebook], assignments: [decided] });
    expect(row?.type).toMatchObject({ value: "batch-inference", basis: "decided" });
    expect(row?.type.evidence.map(({ source }) => source)).toEqual(["decision", "kubernetes"]);
  });

  test("a rule fills what is not declared, and loses to what is", () => {
    const ruled = (strength: RuleStrength): Ruled => ({ value: "by-rule", rule: "r1", strength });
    const row = only(
      machine("i-00000000000000001", "w", {
        declared: { workload: "w", team: "search", environment: "dev" },
        ruled: {
          team: ruled("rule"),
          owner: ruled("rule"),
          environment: ruled("override"),
          costCenter: ruled("guess"),
          type: { ...ruled("rule"), value: "training" },
        },
      }),
    );
    expect(row).toMatchObject({
      team: { value: "search", basis: "declared" },
      owner: { value: "by-rule", basis: "rule", evidence: [{ source: "rule", ref: "r1" }] },
      environment: { value: "by-rule", basis: "rule" },
      costCenter: { value: "by-rule", basis: "inferred", confidence: "low" },
      type: { value: "training", basis: "rule" },
    });
  });

  test("a rule names the workload of what no tag does, and a guess only what nothing else does", () => {
    const by = (strength: RuleStrength): Partial<Sighting> => ({
      declared: {},
      ruled: { workload: { value: "nat", rule: "r1", strength } },
    });
    expect(only(machine("i-00000000000000001", "x", by("rule")))).toMatchObject({
      id: "nat",
      members: [{ link: { basis: "rule", confidence: "high" } }],
    });
    const [guessed, named] = takeInventory({
      sightings: [
        machine("i-00000000000000001", "y", by("guess")),
        machine("i-00000000000000002", "chat-2", by("guess")),
        machine("i-00000000000000003", "chat-3", { declared: { workload: "chat" } }),
      ],
    }).toSorted((a, b) => b.id.localeCompare(a.id));
    expect(guessed).toMatchObject({
      id: "nat",
      members: [{ link: { basis: "inferred", confidence: "low" } }],
    });
    expect(named).toMatchObject({ id: "chat", members: [{}, {}] });
  });

  test("a declared word that is no type of ours is told, and the type inferred", () => {
    const { type } = only(controller("Notebook", "nb", { declared: { workload: "nb", type: "inference" } }));
    expect(type).toMatchObject({ value: "notebook", basis: "inferred", confidence: "high" });
    expect(type.evidence.at(-1)?.what).toContain(`"inference"`);
  });

  test.each([
    ["an InferenceService", controller("InferenceService", "x"), "real-time-endpoint", "high"],
    ["a PyTorchJob, which may fine-tune", controller("PyTorchJob", "x"), "training", "medium"],
    [
      "vLLM in a Deployment",
      controller("Deployment", "x", {
        traits: { kind: "Deployment", images: ["vllm/vllm-openai:1"], gpus: 1 },
      }),
      "real-time-endpoint",
      "medium",
    ],
    [
      "vLLM in a CronJob",
      controller("CronJob", "x", { traits: { kind: "CronJob", images: ["vllm/vllm-openai:1"], gpus: 1 } }),
      "batch-inference",
      "medium",
    ],
    [
      "PyTorch in a job with GPUs whose command says lora",
      controller("Job", "x", {
        traits: { kind: "Job", images: ["pytorch/pytorch"], gpus: 8, words: ["lora"] },
      }),
      "fine-tuning",
      "medium",
    ],
    [
      "Qdrant",
      controller("StatefulSet", "x", {
        traits: { kind: "StatefulSet", images: ["qdrant/qdrant:v1"], gpus: 0 },
      }),
      "vector-database",
      "high",
    ],
    ["a Deployment without GPUs", controller("Deployment", "web"), "cpu-service", "medium"],
    ["a CronJob without GPUs", controller("CronJob", "x"), "pipeline", "medium"],
    ["a GPU machine that bursts", machine("i-1", "x", { traits: bursts }), "training", "low"],
    ["the same, called train", machine("i-1", "train-x", { traits: bursts }), "training", "medium"],
    [
      "always on, called train",
      machine("i-1", "train-x", { traits: { kind: "instance", machineHours: 168, gpuType: "H100" } }),
      "training",
      "low",
    ],
    [
      "a GPU that is always on may be anything",
      machine("i-1", "x", { traits: { kind: "instance", machineHours: 168, gpuType: "H100" } }),
      "unknown",
      "low",
    ],
    [
      "a bucket alone, which may be a part of something",
      machine("b", "b", { traits: { kind: "bucket" } }),
      "bucket",
      "medium",
    ],
    [
      "billed by the token",
      machine("p", "p", { traits: { kind: "project", tokens: true } }),
      "real-time-endpoint",
      "medium",
    ],
    [
      "a SageMaker endpoint",
      machine("arn:aws:sagemaker:us-east-1:1:endpoint/x", "x", {
        traits: { kind: "endpoint", services: ["Amazon SageMaker"], meters: ["Host:ml.g5.2xlarge"] },
      }),
      "real-time-endpoint",
      "high",
    ],
    ["a NAT gateway", machine("n", "x", { traits: { kind: "natgateway" } }), "cpu-service", "low"],
    ["a volume", machine("v", "x", { traits: { kind: "volume" } }), "unknown", "low"],
  ] as const)("%s", (_, sighting, value, confidence) => {
    const { type } = only(sighting);
    expect(type).toMatchObject({ value, confidence });
    expect(type.evidence.length > 0).toBe(value !== "unknown");
  });

  test("two equally sure tells of different types make a step less certain", () => {
    const declared = { workload: "w" };
    const row = only(
      controller("InferenceService", "a", { declared }),
      controller("Notebook", "b", { declared }),
    );
    expect(row.type).toMatchObject({ value: "notebook", confidence: "medium" });
    expect(row.type.evidence).toHaveLength(2);
  });
});

test("a pool whose machines follow each other at night runs in bursts", () => {
  const nights = Array.from({ length: 7 }, (_, day) =>
    machine(`i-0000000000000000${day}`, `train-${day + 1}`, {
      first: week.start + (day * 24 + 20) * HOUR,
      last: week.start + (day * 24 + 24) * HOUR,
      traits: { kind: "instance", machineHours: 4, gpuType: "H100" },
    }),
  );
  const { type } = only(...nights);
  expect(type).toMatchObject({ value: "training", confidence: "medium" });
  expect(type.evidence[0]?.what).toContain("up 19 % of its time, started 7 times");
});
