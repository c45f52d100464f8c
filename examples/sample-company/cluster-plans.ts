import type { WorkloadId } from "./workloads.ts";

/** Something that runs in a cluster: which object controls it, on which pool, and what of it is labelled. */
export interface ClusterPlan {
  readonly kind: "Deployment" | "StatefulSet" | "CronJob" | "Pod" | "DaemonSet" | "RayJob";
  readonly namespace: string;
  readonly name: string;
  /** Undefined where nobody labelled it. */
  readonly workload?: WorkloadId;
  readonly image: string;
  readonly args?: readonly string[];
  /** GPUs of a pod. */
  readonly gpus?: number;
  /** Pods on each node of the pool; a pool is `labels.nodePool`, or a name's beginning within it. */
  readonly pool?: string;
  readonly perNode?: number;
  /** Claims of its volume template are `<volume>-<number>` of the estate. */
  readonly volumes?: string;
  /** Further labels, such as app.kubernetes.io/part-of. */
  readonly labels?: Readonly<Record<string, string>>;
}

const vllm = "vllm/vllm-openai:v0.11.0";
const embeddings = "ghcr.io/huggingface/text-embeddings-inference:89-1.8";
const llama = ["--model", "meta-llama/Llama-3.3-70B-Instruct", "--quantization", "fp8"];
const daemons: readonly ClusterPlan[] = [
  {
    kind: "DaemonSet",
    namespace: "kube-system",
    name: "aws-node",
    image: "602401143452.dkr.ecr.us-east-1.amazonaws.com/amazon-k8s-cni:v1.20",
  },
  {
    kind: "DaemonSet",
    namespace: "gpu-operator",
    name: "nvidia-dcgm-exporter",
    image: "nvcr.io/nvidia/k8s/dcgm-exporter:4.4",
  },
];

/** Per cluster what it runs. Two objects are without labels of a team; most say their workload, none its type. */
export const clusterPlans: Readonly<Record<string, readonly ClusterPlan[]>> = {
  "prod-us": [
    ...daemons,
    {
      kind: "Deployment",
      namespace: "assistant-prod",
      name: "chat",
      workload: "assistant-chat",
      image: vllm,
      args: llama,
      gpus: 2,
      pool: "chat-h100",
      perNode: 4,
    },
    {
      kind: "Deployment",
      namespace: "assistant-prod",
      name: "chat-canary",
      image: vllm,
      args: llama,
      gpus: 1,
      pool: "gpu-general/chat-canary",
      labels: { "app.kubernetes.io/part-of": "assistant-chat" },
    },
    {
      kind: "Deployment",
      namespace: "search-prod",
      name: "rerank",
      workload: "search-rerank",
      image: embeddings,
      args: ["--model-id", "BAAI/bge-reranker-v2-m3"],
      gpus: 1,
      pool: "rerank-a10g",
    },
    {
      kind: "CronJob",
      namespace: "search-prod",
      name: "embed-nightly",
      workload: "search-embed",
      image: embeddings,
      args: ["--model-id", "BAAI/bge-m3"],
      gpus: 1,
      pool: "embed-l4",
    },
    {
      kind: "Deployment",
      namespace: "search-prod",
      name: "embed-online",
      workload: "search-embed",
      image: embeddings,
      args: ["--model-id", "BAAI/bge-m3"],
      gpus: 1,
      pool: "gpu-general/embed-online",
    },
    {
      kind: "StatefulSet",
      namespace: "search-prod",
      name: "vectors",
      workload: "search-vectors",
      image: "qdrant/qdrant:v1.15.4",
      pool: "vectors",
      volumes: "vectors-data",
    },
    {
      kind: "Pod",
      namespace: "vision",
      name: "train-debug",
      image: "pytorch/pytorch:2.8.0-cuda12.8-cudnn9-runtime",
      args: ["sleep", "infinity"],
      gpus: 1,
      pool: "gpu-general/train-debug",
    },
    {
      kind: "CronJob",
      namespace: "data",
      name: "etl-daily",
      workload: "etl-daily",
      image: "apache/spark:4.0.1",
      pool: "etl",
    },
    {
      kind: "StatefulSet",
      namespace: "observability",
      name: "prometheus",
      workload: "observability",
      image: "prom/prometheus:v3.5.0",
      pool: "observability",
    },
    {
      kind: "Deployment",
      namespace: "kube-system",
      name: "coredns",
      workload: "cluster",
      image: "registry.k8s.io/coredns/coredns:v1.12.4",
      pool: "general",
    },
  ],
  staging: [
    ...daemons,
    {
      kind: "Deployment",
      namespace: "staging",
      name: "chat",
      workload: "staging",
      image: vllm,
      args: llama,
      gpus: 1,
      pool: "staging/staging-chat",
    },
    {
      kind: "Deployment",
      namespace: "staging",
      name: "rerank",
      workload: "staging",
      image: embeddings,
      gpus: 1,
      pool: "staging/staging-rerank",
    },
    {
      kind: "Deployment",
      namespace: "staging",
      name: "agents",
      workload: "staging",
      image: "210000000031.dkr.ecr.us-east-1.amazonaws.com/halyard/agents:2.31",
      pool: "staging/staging-cpu",
    },
  ],
  research: [
    ...daemons,
    {
      kind: "RayJob",
      namespace: "research",
      name: "sweep-hull-seg",
      workload: "sweeps",
      image: "rayproject/ray:2.52.0-py312-gpu",
      args: ["python sweep.py --trials 64"],
      gpus: 1,
      pool: "sweeps",
    },
  ],
};
