import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identifiersOf } from "#facts/resource-identity.ts";
import type { Sighting } from "#facts/sighting.ts";
import type { Assignment, Workload } from "#facts/workload.ts";
import { sumByCurrency, usd } from "#units/money.ts";
import { takeInventory } from "./take-inventory.ts";

const HOUR = 3_600_000;
const week = { start: Date.UTC(2026, 5, 1), end: Date.UTC(2026, 5, 8) };

/** A machine on a bill. */
function machine(id: string, name: string, more: Partial<Sighting> = {}): Sighting {
  return {
    source: "charges",
    ref: id,
    name,
    place: "prod",
    ids: identifiersOf(id),
    declared: {},
    traits: { kind: "instance", services: ["EC2"], machineHours: 168 },
    first: week.start,
    last: week.end,
    costs: [usd("10")],
    ...more,
  };
}

/** A controller in a cluster. */
function controller(kind: string, name: string, more: Partial<Sighting> = {}): Sighting {
  const ref = `c/ns/${kind}/${name}`;
  return {
    source: "kubernetes",
    ref,
    name,
    place: "c/ns",
    ids: [ref.toLowerCase()],
    declared: {},
    traits: { kind, images: [], gpus: 0 },
    ...more,
  };
}

const inventory = (...sightings: Sighting[]): Workload[] => takeInventory({ sightings, window: week });
const only = (...sightings: Sighting[]): Workload => {
  const rows = inventory(...sightings);
  expect(rows.map(({ id }) => id)).toHaveLength(1);
  return rows[0] as Workload;
};

describe("one workload is one row", () => {
  test("a bill's untagged machine belongs to what its node alone runs", () => {
    const chat = controller("Deployment", "chat", {
      declared: { workload: "assistant-chat", owner: "a@x" },
      traits: { kind: "Deployment", images: ["vllm/vllm-openai:v0.10"], gpus: 2 },
    });
    const node = controller("Node", "n1", {
      ids: ["c//node/n1", "i-0123456789abcdef0"],
      hosts: chat.ids,
      place: "c/nodes",
      traits: { kind: "Node" },
    });
    const row = only(machine("i-0123456789abcdef0", "ip-10-0-0-1"), chat, node);
    expect(row).toMatchObject({
      id: "assistant-chat",
      type: { value: "real-time-endpoint", basis: "inferred", confidence: "medium" },
      owner: { value: "a@x", basis: "declared" },
      costs: [usd("10")],
      gpusRequested: 2,
    });
    expect(row.members.find(({ source }) => source === "charges")?.link).toMatchObject({
      basis: "inferred",
      confidence: "medium",
    });
  });

  test("a node that two workloads share belongs to neither", () => {
    const [a, b] = ["a", "b"].map((name) => controller("Deployment", name, { declared: { workload: name } }));
    const node = controller("Node", "n1", {
      ids: ["i-0123456789abcdef0"],
      hosts: [...(a?.ids ?? []), ...(b?.ids ?? [])],
      place: "c/nodes",
    });
    const rows = inventory(machine("i-0123456789abcdef0", "shared"), a as Sighting, b as Sighting, node);
    expect(rows.map(({ id }) => id).sort((x, y) => (x < y ? -1 : 1))).toEqual(["a", "b", "c/nodes/n1"]);
  });

  test("the cluster's label counts before Terraform's tag, and that before the bill's", () => {
    const id = "arn:aws:ec2:us-east-1:1:instance/i-0123456789abcdef0";
    const bill = machine("i-0123456789abcdef0", "m", { declared: { workload: "bill", team: "bill" } });
    const state: Sighting = {
      ...bill,
      source: "terraform",
      ref: "aws_instance.m",
      ids: identifiersOf(id),
      declared: { workload: "state", team: "state" },
      costs: [],
    };
    expect(only(bill, state)).toMatchObject({ id: "state", team: { value: "state" } });
    const node = controller("Node", "n", { ids: ["i-0123456789abcdef0"], declared: { workload: "label" } });
    expect(only(bill, state, node).id).toBe("label");
  });

  test("an attached volume follows its machine, an untagged machine its tagged siblings", () => {
    const tagged = ["pool-1", "pool-2"].map((name, index) =>
      machine(`i-0000000000000000${index}`, name, { declared: { workload: "sweeps" } }),
    );
    const volume = machine("vol-00000000000000009", "pool-3-root", {
      ids: ["vol-00000000000000009"],
      partOf: ["i-00000000000000003"],
      traits: { kind: "volume" },
      name: "whatever",
    });
    const row = only(...tagged, machine("i-00000000000000003", "pool-3"), volume);
    expect(row.id).toBe("sweeps");
    expect(row.members.map(({ link }) => link.confidence)).toEqual(["high", "high", "medium", "medium"]);
  });

  test("siblings that disagree say nothing, and another account's names don't either", () => {
    const rows = inventory(
      machine("i-00000000000000001", "gpu-1", { declared: { workload: "a" } }),
      machine("i-00000000000000002", "gpu-2", { declared: { workload: "b" } }),
      machine("i-00000000000000003", "gpu-3"),
      machine("i-00000000000000004", "web-1", { declared: { workload: "x1" } }),
      machine("i-00000000000000005", "web-2", { place: "dev" }),
    );
    expect(rows.map(({ id }) => id)).toEqual(["a", "b", "dev/web", "prod/gpu", "x1"]);
  });

  test("a known workload's name, or its resource group, claims a resource; a word inside a name does not", () => {
    const known = machine("i-00000000000000001", "m", { declared: { workload: "logs" } });
    const rows = inventory(
      known,
      machine("/subscriptions/1/resourceGroups/rg-logs/providers/x/disks/d", "d"),
      machine("i-00000000000000002", "halyard-logs"),
    );
    expect(rows.map(({ id, members }) => [id, members.length])).toEqual([
      ["logs", 2],
      ["prod/halyard-logs", 1],
    ]);
  });
});

describe("the type", () => {
  const bursts = { kind: "instance", machineHours: 40, gpuType: "H100" };
  test("declared wins over any inference, and a decision over all", () => {
    const notebook = controller("Notebook", "nb", { declared: { workload: "nb", type: "Training" } });
    expect(only(notebook).type).toMatchObject({ value: "training", basis: "declared", confidence: "high" });
    const decided: Assignment = {
      workload: "NB",
      field: "type",
      value: "batch-inference",
      basis: "decided",
      by: "ana@x",
      why: "it scores nightly",
    };
    const [row] = takeInventory({ sightings: [notebook], assignments: [decided] });
    expect(row?.type).toMatchObject({ value: "batch-inference", basis: "decided" });
    expect(row?.type.evidence.map(({ source }) => source)).toEqual(["decision", "kubernetes"]);
  });

  test("a rule fills what is not declared, and loses to what is", () => {
    const rule = (field: "team" | "owner"): Assignment => ({
      workload: "w",
      field,
      value: "by-rule",
      basis: "rule",
      by: "r1",
      why: "account prod",
    });
    const [row] = takeInventory({
      sightings: [machine("i-00000000000000001", "w", { declared: { workload: "w", team: "search" } })],
      assignments: [rule("team"), rule("owner")],
    });
    expect(row).toMatchObject({ team: { value: "search" }, owner: { value: "by-rule", basis: "rule" } });
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

test("no cost is lost or counted twice, and the order of the sightings doesn't matter", () => {
  const names = fc.constantFrom("pool-1", "pool-2", "logs", "x-logs", "train", undefined);
  const ids = fc.constantFrom(
    "i-00000000000000001",
    "i-00000000000000002",
    "vol-00000000000000003",
    "b",
    "c",
  );
  const sighting = fc
    .record({ id: ids, name: names, workload: fc.constantFrom("logs", "train", undefined) })
    .chain(({ id, name, workload }) =>
      fc
        .record({ cents: fc.integer({ min: -500, max: 500 }), part: fc.option(ids) })
        .map(({ cents, part }): Sighting => ({
          ...machine(id, name ?? ""),
          ...(part === null ? {} : { partOf: [part] }),
          declared: workload === undefined ? {} : { workload },
          costs: [{ units: BigInt(cents) * 10n ** 16n, currency: "USD" }],
        })),
    );
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 12 }), (sightings) => {
      const rows = takeInventory({ sightings, window: week });
      const total = (costs: readonly (readonly ReturnType<typeof usd>[])[]) => sumByCurrency(costs.flat());
      expect(total(rows.map(({ costs }) => costs))).toEqual(total(sightings.map(({ costs = [] }) => costs)));
      expect(rows.flatMap(({ members }) => members)).toHaveLength(sightings.length);
      const turned = takeInventory({ sightings: [...sightings].reverse(), window: week });
      expect(turned.map(({ id, costs }) => [id, costs])).toEqual(rows.map(({ id, costs }) => [id, costs]));
    }),
  );
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
