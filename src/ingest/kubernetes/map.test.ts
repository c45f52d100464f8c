import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sighting } from "#facts/sighting.ts";
import type { KubernetesObject } from "./fields.ts";
import { readKinds } from "./kinds.ts";
import { clusterSightings } from "./map.ts";
import { objectsOf } from "./objects-of.ts";

const object = (kind: string, name: string, more: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "ml-prod", creationTimestamp: "2026-07-01T00:00:00Z" },
  ...more,
});
/** Metadata of an object that another one controls. */
const ownedBy = (kind: string, owner: string, name: string, labels: object = {}) => ({
  metadata: {
    name,
    namespace: "ml-prod",
    labels,
    ownerReferences: [{ kind, name: owner, controller: true }],
  },
});
const container = (image: string, gpus = 0, args: readonly string[] = []) => ({
  name: "main",
  image,
  args,
  ...(gpus === 0 ? {} : { resources: { limits: { "nvidia.com/gpu": String(gpus) } } }),
});
const byRef = (sightings: readonly Sighting[]): Map<string, Sighting> =>
  new Map(sightings.map((sighting) => [sighting.ref, sighting]));

const deployment = object("Deployment", "chat", {
  metadata: { name: "chat", namespace: "ml-prod", labels: { app: "web", "acme.com/cost-center": "cc-1" } },
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { workload: "assistant-chat", team: "assistant" } },
      spec: {
        containers: [
          container("vllm/vllm-openai:v0.10", 4, [
            "--model",
            "meta-llama/Llama-3.3-70B",
            "--api-key=s3cr3t-lora",
          ]),
        ],
      },
    },
  },
});

describe("controllers", () => {
  test("a pod counts to its Deployment, with the ReplicaSet between them or without", () => {
    const replicaSet = object(
      "ReplicaSet",
      "chat-6d5f8c9b7d",
      ownedBy("Deployment", "chat", "chat-6d5f8c9b7d"),
    );
    const pod = object("Pod", "chat-6d5f8c9b7d-x", {
      ...ownedBy("ReplicaSet", "chat-6d5f8c9b7d", "chat-6d5f8c9b7d-x"),
      spec: { nodeName: "n1", containers: [container("vllm/vllm-openai:v0.10", 4)] },
    });
    for (const objects of [
      [deployment, replicaSet, pod],
      [deployment, pod],
    ]) {
      const sightings = clusterSightings("c1", objects);
      expect(sightings).toHaveLength(1);
      expect(sightings[0]).toMatchObject({
        ref: "c1/ml-prod/Deployment/chat",
        name: "chat",
        place: "c1/ml-prod",
        declared: { workload: "assistant-chat", team: "assistant", costCenter: "cc-1" },
        hints: {
          model: { value: "meta-llama/Llama-3.3-70B" },
          environment: { value: "production" },
        },
        traits: { kind: "Deployment", images: ["vllm/vllm-openai:v0.10"], gpus: 8 },
      });
      expect(sightings[0]?.ids).toContain("c1/ml-prod/pod/chat-6d5f8c9b7d-x");
    }
  });

  test("a label app names a component, no workload; of a command only known words are kept", () => {
    const [sighting] = clusterSightings("c1", [deployment]);
    expect(sighting?.traits.words).toEqual(["chat", "lora"]);
    expect(JSON.stringify(sighting)).not.toContain("s3cr3t");
  });

  test("a job counts to its CronJob, a Ray cluster to its RayJob, owners in a circle to none", () => {
    const cron = object("CronJob", "embed", {
      spec: { jobTemplate: { spec: { template: { spec: { containers: [container("a", 1)] } } } } },
    });
    const job = object("Job", "embed-1", ownedBy("CronJob", "embed", "embed-1"));
    const ray = object("RayJob", "sweep", {
      spec: {
        entrypoint: "python train.py",
        rayClusterSpec: {
          headGroupSpec: { template: { spec: { containers: [container("rayproject/ray:2")] } } },
          workerGroupSpecs: [
            { replicas: 3, template: { spec: { containers: [container("rayproject/ray:2", 1)] } } },
          ],
        },
      },
    });
    const cluster = object("RayCluster", "sweep-x", ownedBy("RayJob", "sweep", "sweep-x"));
    const circle = [
      object("Job", "a", ownedBy("Job", "b", "a")),
      object("Job", "b", ownedBy("Job", "a", "b")),
    ];
    const found = byRef(clusterSightings("c1", [cron, job, ray, cluster, ...circle]));
    expect([...found.keys()].sort((a, b) => (a < b ? -1 : 1))).toEqual([
      "c1/ml-prod/CronJob/embed",
      "c1/ml-prod/Job/a",
      "c1/ml-prod/Job/b",
      "c1/ml-prod/RayJob/sweep",
    ]);
    expect(found.get("c1/ml-prod/RayJob/sweep")?.traits).toMatchObject({
      gpus: 3,
      words: ["sweep", "train"],
    });
    expect(found.get("c1/ml-prod/CronJob/embed")?.traits.gpus).toBe(1);
  });
});

describe("what the bill knows", () => {
  const pod = (name: string, node: string, owner: readonly [string, string], phase = "Running") =>
    object("Pod", name, {
      ...ownedBy(owner[0], owner[1], name),
      spec: { nodeName: node, containers: [] },
      status: { phase },
    });
  test("a node is its machine, and hosts what is up on it but for DaemonSets", () => {
    const node: KubernetesObject = {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "n1",
        labels: { "node.kubernetes.io/instance-type": "p5.48xlarge", "nvidia.com/gpu.product": "H100" },
      },
      spec: { providerID: "aws:///us-east-1a/i-0123456789abcdef0" },
      status: { capacity: { "nvidia.com/gpu": "8" } },
    };
    const objects = [
      node,
      deployment,
      object("DaemonSet", "dcgm"),
      object("Job", "done"),
      pod("chat-6d5f8c9b7d-a", "n1", ["ReplicaSet", "chat-6d5f8c9b7d"]),
      pod("dcgm-a", "n1", ["DaemonSet", "dcgm"]),
      pod("done-a", "n1", ["Job", "done"], "Succeeded"),
    ];
    expect(byRef(clusterSightings("c1", objects)).get("c1//Node/n1")).toMatchObject({
      hosts: ["c1/ml-prod/deployment/chat"],
      traits: { kind: "Node", gpus: 8, gpuType: "H100", instanceTypes: ["p5.48xlarge"] },
    });
    expect(byRef(clusterSightings("c1", objects)).get("c1//Node/n1")?.ids).toContain("i-0123456789abcdef0");
  });

  test("a claim is the volume behind it and a part of whoever mounts it", () => {
    const set = object("StatefulSet", "vectors", {
      spec: {
        volumeClaimTemplates: [{ metadata: { name: "data" } }],
        template: { spec: { containers: [container("qdrant/qdrant:v1")] } },
      },
    });
    const claim = object("PersistentVolumeClaim", "data-vectors-0", { spec: { volumeName: "pv-1" } });
    const volume: KubernetesObject = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "pv-1" },
      spec: { csi: { volumeHandle: "vol-0123456789abcdef0" } },
    };
    const found = byRef(clusterSightings("c1", [set, claim, volume]));
    expect(found.get("c1/ml-prod/PersistentVolumeClaim/data-vectors-0")).toMatchObject({
      ids: ["c1/ml-prod/persistentvolumeclaim/data-vectors-0", "vol-0123456789abcdef0"],
      partOf: ["c1/ml-prod/statefulset/vectors"],
    });
  });
});

test("whatever an object holds, it is read or passed over", () => {
  const words = [
    "spec",
    "template",
    "metadata",
    "labels",
    "containers",
    "resources",
    "limits",
    "constructor",
  ];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, 1, "x", "__proto__", "constructor", true),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...words, "name", "namespace", "ownerReferences", "volumes"),
        tie("tree"),
        {
          maxKeys: 5,
        },
      ),
    ),
  }));
  const kinds = fc.constantFrom(...readKinds.map(({ kind }) => kind), "constructor", "__proto__");
  const objects = fc.array(fc.record({ kind: kinds, metadata: tree, spec: tree, status: tree }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(objects, (values) => {
      const { objects: found, passedOver } = objectsOf(
        values.map((value) => ({ apiVersion: "v1", ...value })),
        "f.json",
      );
      const over = Object.values(passedOver).reduce((sum, count) => sum + count, 0);
      expect(found.length + over).toBe(values.length);
      for (const { ref, ids } of clusterSightings("c", found)) expect(ids).toContain(ref.toLowerCase());
    }),
    { numRuns: 500 },
  );
});
