import { cp } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerInventory } from "#flows/inventory/answer-inventory.ts";
import { focusCsv } from "../engines/focus-csv.ts";
import { bring, ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";

const chat = {
  ResourceId: "i-0123456789abcdef0",
  ResourceName: "ip-10-0-0-1",
  ResourceType: "instance",
  ServiceName: "EC2",
  ServiceCategory: "Compute",
  SubAccountId: "210000000011",
  SubAccountName: "prod",
} as const;
const bill = focusCsv([
  { ...chat, BilledCost: "98.5" },
  { ...chat, BilledCost: "1.000000000000000001", ChargePeriodStart: "2026-07-02T00:00:00Z" },
  { ...chat, ResourceId: "b-1", ResourceName: "b-1", ResourceType: "bucket", BilledCost: "2" },
  { ResourceId: "x", ResourceName: "x", BilledCost: "0.5", Tags: `{"workload":"etl","team":"Data"}` },
  { BilledCost: "-3", ChargeCategory: "Credit" },
]);
const dump = {
  apiVersion: "v1",
  kind: "List",
  items: [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "chat", namespace: "ns", labels: { workload: "assistant-chat", team: "assistant" } },
      spec: {
        template: {
          spec: {
            containers: [{ image: "vllm/vllm-openai:1", resources: { limits: { "nvidia.com/gpu": 8 } } }],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "chat-1", namespace: "ns", ownerReferences: [{ kind: "Deployment", name: "chat" }] },
      spec: { nodeName: "n1", containers: [] },
    },
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "n1" },
      spec: { providerID: "aws:///us-east-1a/i-0123456789abcdef0" },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } },
  ],
};
const state = {
  version: 4,
  terraform_version: "1.9.0",
  resources: [
    {
      mode: "managed",
      type: "aws_s3_bucket",
      name: "b",
      instances: [
        {
          attributes: {
            id: "b-1",
            bucket: "b-1",
            arn: "arn:aws:s3:::b-1",
            tags: { workload: "datasets", "workload-type": "dataset", owner: "v@x" },
          },
        },
      ],
    },
  ],
};

let own: OwnFolder;
let args: string[];
beforeAll(async () => {
  own = await ownFolder();
  await bring(own.data, await own.write("bill.csv", bill));
  const [cluster, tfstate] = [
    await own.write("gpu.json", JSON.stringify(dump)),
    await own.write("terraform.tfstate", JSON.stringify(state)),
  ];
  args = ["--data", own.data, "--k8s", cluster, "--terraform", tfstate];
});
afterAll(() => own.remove());

test("one row a workload, from all three sources, with what belongs to none", async () => {
  const { exit, stdout } = await plimsoll(["inventory", ...args, "--json"]);
  expect(exit).toBe(0);
  const found = JSON.parse(stdout) as { workloads: Record<string, unknown>[] };
  expect(found).toMatchObject({
    all: 3,
    workloads: [
      {
        id: "assistant-chat",
        type: { value: "real-time-endpoint", basis: "inferred", confidence: "medium" },
        team: { value: "assistant", basis: "declared" },
        costs: [{ currency: "USD", effectiveCost: "99.500000000000000001" }],
        firstSeen: "2026-07-01T00:00:00Z",
        lastSeen: "2026-07-02T01:00:00Z",
        gpusRequested: 8,
      },
      { id: "datasets", type: { value: "dataset", basis: "declared" }, owner: { value: "v@x" } },
      { id: "etl", costs: [{ effectiveCost: "0.5" }] },
    ],
    withoutResource: [{ effectiveCost: "-3", charges: 1 }],
    notes: [`${args[3] ?? ""}: not read: 1 ConfigMap.`],
  });
});

test("the table, what is asked of it, and where it was looked", async () => {
  const { stdout } = await plimsoll(["inventory", ...args, "--team", "data", "--explain"]);
  expect(stdout).toContain("Workloads · 1 of 3 workloads · EffectiveCost, 2026-07-01 to 2026-07-03");
  expect(stdout).toMatch(/etl +cpu-service|etl +unknown/);
  expect(stdout).toContain("Charges of no resource, such as taxes, are in no row: -3.00 USD of 1 charge.");
  expect(stdout).toContain("Where it was looked");
  expect(stdout).toContain("read_parquet(");
  const limited = await plimsoll(["inventory", ...args, "--top", "1"]);
  expect(limited.stdout).toContain("2 resources below the limit are in no row: 2.50 USD of 2 charges.");
});

test("the CSV has a row for each workload and currency", async () => {
  const { stdout } = await plimsoll(["inventory", ...args, "--csv", "--type", "dataset"]);
  const [head = "", row = "", ...more] = stdout.trimEnd().split("\n");
  expect(head.split(",").slice(0, 3)).toEqual(["workload", "type", "typeBasis"]);
  expect(row).toBe(
    "datasets,dataset,declared,high,v@x,,,,,2,charges terraform,2026-07-01T00:00:00Z,2026-07-01T01:00:00Z,USD,2",
  );
  expect(more).toEqual([]);
});

test("show tells from what each value is known, and why each resource belongs there", async () => {
  const { stdout } = await plimsoll(["inventory", "show", "ASSISTANT-chat", ...args]);
  expect(stdout).toContain("Cost (EffectiveCost): 99.500000000000000001 USD");
  expect(stdout).toContain("type: real-time-endpoint (inferred, confidence medium)");
  expect(stdout).toContain("image vllm/vllm-openai:1");
  expect(stdout).toContain("gpu/ns/deployment/chat on it belong");
});

test("what a person decides is shown above what is declared", async () => {
  const decision = {
    workload: "datasets",
    field: "type" as const,
    value: "bucket",
    by: "ana@x",
    why: "it holds checkpoints",
  };
  const asked = { data: own.data, now: 0, terraform: [args[5] ?? ""] };
  const { workloads } = await answerInventory(asked, {}, [decision]);
  expect(workloads.find(({ id }) => id === "datasets")?.type).toMatchObject({
    value: "bucket",
    basis: "decided",
    evidence: [
      { source: "decision", ref: "ana@x", what: "bucket: it holds checkpoints" },
      { source: "terraform", ref: "aws_s3_bucket.b" },
    ],
  });
});

test("published rules fill what tags don't say, and are named as the reason", async () => {
  const rules = await own.write(
    "plimsoll.yaml",
    `attribution:
  rules:
    - { id: buckets, when: ["ResourceType=bucket"], set: { workload: lake, team: data, workloadType: bucket } }
    - { id: etl, when: ["tag:workload=etl"], set: { team: other, costCenter: cc-7 } }
`,
  );
  const data = path.join(own.folder, "ruled");
  await cp(own.data, data, { recursive: true });
  const published = await plimsoll(["attribution", "publish", "--config", rules, "--data", data]);
  expect(published).toMatchObject({ exit: 0 });
  const { workloads } = await answerInventory({ data, now: 0 });
  expect(workloads.find(({ id }) => id === "lake")).toMatchObject({
    team: { value: "data", basis: "rule", evidence: [{ source: "rule", ref: "buckets" }] },
    type: { value: "bucket", basis: "rule" },
    members: [{ ref: "b-1", link: { basis: "rule", confidence: "high" } }],
  });
  expect(workloads.find(({ id }) => id === "etl")).toMatchObject({
    team: { value: "Data", basis: "declared" },
    costCenter: { value: "cc-7", basis: "rule" },
  });
});

test("clusters and states answer without a bill, and nothing at all does not", async () => {
  const none = path.join(own.folder, "none");
  const alone = await plimsoll(["inventory", "--data", none, ...args.slice(2)]);
  expect(alone.exit).toBe(0);
  expect(alone.stdout).toContain("No bill was imported, so no cost is known.");
  expect(await plimsoll(["inventory", "--data", none])).toMatchObject({ exit: 2 });
});

test.each([
  ["--type", "nb", "option-invalid"],
  ["--k8s", "no.json", "source-not-found"],
  ["--terraform", "no.tfstate", "source-not-found"],
  ["--kubeconfig", "no", "source-not-found"],
  ["--top", "0", "option-invalid"],
  ["--set", "team=a", "option-invalid"],
])("%s %s is bad input", async (option, value, code) => {
  const { exit, stderr } = await plimsoll(["inventory", "--data", own.data, option, value]);
  expect(exit).toBe(2);
  expect(stderr).toContain(`Error ${code}:`);
});

test("show needs a workload that there is", async () => {
  const { exit, stderr } = await plimsoll(["inventory", "show", "asistant-chat", ...args]);
  expect(exit).toBe(2);
  expect(stderr).toContain("Did you mean assistant-chat?");
  expect(await plimsoll(["inventory", "show", ...args])).toMatchObject({ exit: 2 });
});
