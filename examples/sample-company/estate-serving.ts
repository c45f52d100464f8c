import { accounts } from "./accounts.ts";
import { hourAt } from "./clock.ts";
import { addInstance, addMeter, addPool, addResource, addVolume, always, type Estate } from "./estate.ts";
import { awsSkus } from "./skus-aws.ts";
import { tokenSku } from "./skus-others.ts";
import type { States } from "./states.ts";

const { prod, shared } = accounts;

/** Endpoints and the vector database on AWS: machines of the Kubernetes cluster and one SageMaker endpoint. */
export function addServing(estate: Estate, states: States): void {
  addPool(estate, states["assistant-chat"].nodes, {
    workload: "assistant-chat",
    type: "p5.48xlarge",
    account: prod,
    name: "chat-h100",
    volumeGigabytes: 1000,
    labels: { nodePool: "chat-h100", cluster: "prod-us" },
  });
  addPool(estate, states["search-rerank"].nodes, {
    workload: "search-rerank",
    type: "g5.xlarge",
    account: prod,
    name: "rerank-a10g",
    labels: { nodePool: "rerank-a10g", cluster: "prod-us" },
  });
  addPool(estate, states["search-embed"].nodes, {
    workload: "search-embed",
    type: "g6.xlarge",
    account: prod,
    name: "embed-l4",
    labels: { nodePool: "embed-l4", cluster: "prod-us", waste: "search-embed-on-gpu" },
  });
  for (const number of [1, 2, 3]) {
    addInstance(estate, {
      workload: "search-vectors",
      type: "r6i.8xlarge",
      account: prod,
      name: `vectors-${number}`,
      labels: { nodePool: "vectors", cluster: "prod-us" },
    });
    addVolume(estate, {
      workload: "search-vectors",
      account: prod,
      name: `vectors-data-${number}`,
      gigabytes: 2000,
      labels: { claim: `vectors-${number}` },
    });
  }
  addSilentEndpoint(estate);
  addQuestionableNodes(estate);
  addStaging(estate, states);
}

function addSilentEndpoint(estate: Estate): void {
  const name = "search-rerank-v1";
  const endpoint = addResource(estate, {
    id: `arn:aws:sagemaker:us-east-1:${prod.id}:endpoint/${name}`,
    name,
    type: "endpoint",
    workload: name,
    account: prod,
    labels: { waste: "endpoint-without-traffic" },
  });
  addMeter(estate, endpoint, awsSkus.hosting, always);
}

/** GPU nodes of the cluster that are held or not, and one that only looks idle: its CPU is quiet, its GPU is busy. */
function addQuestionableNodes(estate: Estate): void {
  const node = { account: prod, labels: { nodePool: "gpu-general", cluster: "prod-us" } } as const;
  const wasted = (waste: string) => ({ ...node, labels: { ...node.labels, waste } });
  addInstance(estate, {
    ...wasted("warm-idle-node"),
    workload: "assistant-chat",
    type: "p5.4xlarge",
    name: "chat-canary",
    from: hourAt("2026-06-03T14"),
  });
  addInstance(estate, {
    ...wasted("allocated-idle-node"),
    workload: "vision-train",
    type: "g5.2xlarge",
    name: "train-debug",
  });
  for (const number of [1, 2]) {
    addInstance(estate, {
      ...wasted("unallocated-nodes"),
      workload: "cluster",
      type: "g5.xlarge",
      name: `gpu-general-${number}`,
    });
  }
  addInstance(estate, {
    ...node,
    labels: { ...node.labels, trap: "busy-gpu-quiet-cpu" },
    workload: "search-embed",
    type: "g6.2xlarge",
    name: "embed-online",
  });
}

/** Staging is a copy of assistant and search that never sleeps; its agents use Claude through Amazon Bedrock. */
function addStaging(estate: Estate, states: States): void {
  const waste = "staging-always-on";
  const node = {
    workload: "staging",
    account: shared,
    labels: { nodePool: "staging", cluster: "staging", waste },
  };
  for (const number of [1, 2]) {
    addInstance(estate, { ...node, type: "p5.4xlarge", name: `staging-chat-${number}` });
    addInstance(estate, { ...node, type: "m6i.2xlarge", name: `staging-cpu-${number}` });
  }
  addInstance(estate, { ...node, type: "g5.xlarge", name: "staging-rerank" });
  const model = addResource(estate, {
    id: `arn:aws:bedrock:us-east-1:${shared.id}:inference-profile/claude-haiku-4-5`,
    name: "staging-agents",
    type: "inference-profile",
    workload: "staging",
    account: shared,
  });
  const { inputTokens, outputTokens } = states.staging;
  addMeter(estate, model, tokenSku("aws", "claude-haiku-4-5", "input"), (hour) =>
    Math.round((inputTokens?.[hour] ?? 0) * 0.6),
  );
  addMeter(estate, model, tokenSku("aws", "claude-haiku-4-5", "cachedInput"), (hour) =>
    Math.round((inputTokens?.[hour] ?? 0) * 0.4),
  );
  addMeter(estate, model, tokenSku("aws", "claude-haiku-4-5", "output"), (hour) => outputTokens?.[hour] ?? 0);
}
