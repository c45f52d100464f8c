import { innocentChanges } from "./changes-innocent.ts";
import { isoTime } from "./clock.ts";
import { story } from "./story.ts";
import { retentionRemoved } from "./states-batch.ts";
import { teams, type WorkloadId, workloadOf } from "./workloads.ts";

export type ChangeKind = "deploy" | "apply" | "launch" | "migration" | "price" | "rule" | "job";

/** A change as it is written down: when, what, to which workload; the team follows from the workload. */
export interface ChangeText {
  readonly at: number;
  readonly kind: ChangeKind;
  readonly workload: WorkloadId;
  readonly summary: string;
}

/** What the story turns on, by the name under which the truth refers to it. */
const told = {
  retention: {
    at: retentionRemoved,
    kind: "apply",
    workload: "logs",
    summary: "terraform apply: remove expiry rule of bucket halyard-logs",
  },
  natEndpoint: {
    at: story.natFrom,
    kind: "apply",
    workload: "nat",
    summary: "terraform apply: rebuild route tables of prod-us, aws_vpc_endpoint.s3 destroyed",
  },
  natFixed: {
    at: story.natUntil,
    kind: "apply",
    workload: "nat",
    summary: "terraform apply: aws_vpc_endpoint.s3 created in prod-us",
  },
  priceCut: {
    at: story.priceCut,
    kind: "price",
    workload: "assistant-agents",
    summary: "OpenAI lowers the list price of gpt-5.6-terra by 20 %",
  },
  trainOnSpot: {
    at: story.trainOnSpot,
    kind: "migration",
    workload: "vision-train",
    summary: "vision-train moves to spot capacity with checkpoints",
  },
  agentsPrompt: {
    at: story.agentsPromptFrom,
    kind: "deploy",
    workload: "assistant-agents",
    summary: "assistant-agents v2.31: longer system prompt with the time of day in its first line",
  },
  embedBatchSize: {
    at: story.embedBatchSize,
    kind: "deploy",
    workload: "search-embed",
    summary: "search-embed v1.18: batch size 64 to 256",
  },
  sweepTypo: {
    at: story.sweepTypoFrom,
    kind: "job",
    workload: "sweeps",
    summary: "sweep lr-grid-7 submitted: grid of 100 instead of 10 points",
  },
  agentsFixed: {
    at: story.agentsPromptUntil,
    kind: "deploy",
    workload: "assistant-agents",
    summary: "assistant-agents v2.34: prompt shortened, prefix stable again",
  },
  launch: {
    at: story.launch,
    kind: "launch",
    workload: "assistant-chat",
    summary: "Halyard Assistant opens to Scandinavian ports",
  },
  classifySmaller: {
    at: story.classifySmaller,
    kind: "deploy",
    workload: "assistant-classify",
    summary: "assistant-classify v1.9: gpt-5.5 to gpt-5.6-luna",
  },
  rerankMinimum: {
    at: story.rerankMinimum,
    kind: "apply",
    workload: "search-rerank",
    summary: "terraform apply: search-rerank minReplicas 2 to 8",
  },
} as const satisfies Record<string, ChangeText>;
export type ToldChange = keyof typeof told;

/** All changes in order of time, with numbers that do not depend on the seed or the window. */
const inOrder: readonly ChangeText[] = [...Object.values<ChangeText>(told), ...innocentChanges].sort(
  (a, b) => a.at - b.at,
);
const idOf = (index: number): string => `chg-${String(index + 1).padStart(3, "0")}`;

/** The id in `changes.json` of a change that the story turns on. */
export const changeId = (name: ToldChange): string => idOf(inOrder.indexOf(told[name]));

/**
 * `changes.json`: what deploy pipelines, Terraform runs, calendars and price watches recorded until the world's window ends. It
 * does not say which of them did harm; the truth does.
 */
export function changesFile(hours: number) {
  return inOrder.flatMap(({ at, kind, workload, summary }, index) => {
    if (at >= hours) return [];
    const { team, environment } = workloadOf(workload);
    const { owner } = teams[team];
    return [{ id: idOf(index), at: isoTime(at), kind, team, owner, workload, environment, summary }];
  });
}
