/** Teams, their cost centres and how to reach them. */
export const teams = {
  assistant: { costCenter: "cc-1100", owner: "assistant@halyard.example" },
  search: { costCenter: "cc-1200", owner: "search@halyard.example" },
  vision: { costCenter: "cc-1300", owner: "vision@halyard.example" },
  research: { costCenter: "cc-2100", owner: "research@halyard.example" },
  data: { costCenter: "cc-1400", owner: "data@halyard.example" },
  platform: { costCenter: "cc-1900", owner: "platform@halyard.example" },
} as const;
export type Team = keyof typeof teams;

/** Closed at the end of 2025; some resources still name it. */
export const deadCostCenter = "cc-0900";

export type WorkloadType =
  | "endpoint"
  | "calls"
  | "batch-inference"
  | "vector-database"
  | "training"
  | "fine-tune"
  | "bucket"
  | "notebook"
  | "sandbox"
  | "pipeline"
  | "platform";

export interface Workload {
  readonly id: string;
  readonly team: Team;
  readonly type: WorkloadType;
  readonly environment: "production" | "staging" | "research" | "shared";
  readonly model?: string;
}

const production = "production";
const research = "research";

export const workloads = [
  {
    id: "assistant-chat",
    team: "assistant",
    type: "endpoint",
    environment: production,
    model: "llama-3.3-70b-fp8",
  },
  {
    id: "assistant-agents",
    team: "assistant",
    type: "calls",
    environment: production,
    model: "claude-sonnet-4-6",
  },
  {
    id: "assistant-classify",
    team: "assistant",
    type: "calls",
    environment: production,
    model: "gpt-5.5",
  },
  {
    id: "search-embed",
    team: "search",
    type: "batch-inference",
    environment: production,
    model: "bge-m3",
  },
  {
    id: "search-rerank",
    team: "search",
    type: "endpoint",
    environment: production,
    model: "bge-reranker-v2",
  },
  {
    id: "search-rerank-v1",
    team: "search",
    type: "endpoint",
    environment: production,
    model: "bge-reranker-v1",
  },
  { id: "search-vectors", team: "search", type: "vector-database", environment: production },
  { id: "vision-train", team: "vision", type: "training", environment: production, model: "hull-seg-v4" },
  { id: "vision-infer", team: "vision", type: "endpoint", environment: production, model: "hull-seg-v3" },
  { id: "vision-datasets", team: "vision", type: "bucket", environment: production },
  { id: "vision-checkpoints", team: "vision", type: "bucket", environment: production },
  { id: "sweeps", team: "research", type: "training", environment: research },
  { id: "notebooks", team: "research", type: "notebook", environment: research },
  {
    id: "finetune-weekly",
    team: "research",
    type: "fine-tune",
    environment: research,
    model: "llama-3.3-70b",
  },
  { id: "sandbox-rag", team: "research", type: "sandbox", environment: research },
  { id: "sandbox-diffusion", team: "research", type: "sandbox", environment: research },
  { id: "sandbox-vlm", team: "research", type: "sandbox", environment: research },
  { id: "sandbox-voice", team: "research", type: "sandbox", environment: research },
  { id: "etl-daily", team: "data", type: "pipeline", environment: production },
  { id: "features", team: "data", type: "bucket", environment: production },
  { id: "logs", team: "data", type: "bucket", environment: production },
  { id: "cluster", team: "platform", type: "platform", environment: "shared" },
  { id: "nat", team: "platform", type: "platform", environment: "shared" },
  { id: "load-balancers", team: "platform", type: "platform", environment: "shared" },
  { id: "observability", team: "platform", type: "platform", environment: "shared" },
  { id: "registry", team: "platform", type: "platform", environment: "shared" },
  {
    id: "staging",
    team: "platform",
    type: "endpoint",
    environment: "staging",
    model: "llama-3.3-70b-fp8",
  },
  {
    id: "eval-nightly",
    team: "platform",
    type: "batch-inference",
    environment: "shared",
    model: "llama-3.3-70b-fp8",
  },
  { id: "fees", team: "platform", type: "platform", environment: "shared" },
] as const satisfies readonly Workload[];

export type WorkloadId = (typeof workloads)[number]["id"];

const byId = new Map<string, Workload>(workloads.map((workload) => [workload.id, workload]));

/** @throws RangeError for a workload that does not exist */
export function workloadOf(id: string): Workload {
  const workload = byId.get(id);
  if (workload === undefined) throw new RangeError(`no workload ${id}`);
  return workload;
}
