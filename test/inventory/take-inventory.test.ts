import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identifiersOf } from "#facts/resource-identity.ts";
import type { Sighting } from "#facts/sighting.ts";
import { sumByCurrency, usd } from "#units/money.ts";
import { takeInventory } from "#analysis/inventory/take-inventory.ts";
import { controller, inventory, machine, only, week } from "./sightings.ts";

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
    const a = controller("Deployment", "a", { declared: { workload: "a" } });
    const b = controller("Deployment", "b", { declared: { workload: "b" } });
    const node = controller("Node", "n1", {
      ids: ["i-0123456789abcdef0"],
      hosts: [...a.ids, ...b.ids],
      place: "c/nodes",
    });
    const rows = inventory(machine("i-0123456789abcdef0", "shared"), a, b, node);
    expect(rows.map(({ id }) => id).sort((x, y) => (x < y ? -1 : 1))).toEqual(["a", "b", "c/nodes/n1"]);
  });

  test("what nobody labelled belongs to the tag of the machine that it has for itself, not of a shared one", () => {
    const pod = controller("Pod", "debug");
    const node = (name: string, ...hosts: readonly string[]): Sighting =>
      controller("Node", name, { ids: ["i-0123456789abcdef0"], hosts, place: "c/nodes" });
    const bill = machine("i-0123456789abcdef0", "m", { declared: { workload: "vision-train" } });
    expect(only(bill, pod, node("n", ...pod.ids)).id).toBe("vision-train");
    const rows = inventory(bill, pod, node("n", ...pod.ids, "c/ns/deployment/other"));
    expect(rows.map(({ id }) => id)).toEqual(["vision-train", "c/ns/debug"]);
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
