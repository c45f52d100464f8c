import { accounts } from "./accounts.ts";
import { TOTAL_HOURS } from "./clock.ts";
import { addInstance, addMeter, addResource, type Estate, gigabyteMonths, WHOLE } from "./estate.ts";
import type { Account, Resource, WorkloadState } from "./model.ts";
import type { Model } from "./prices.ts";
import { hexId } from "./random.ts";
import { awsSkus, ec2Sku } from "./skus-aws.ts";
import { tokenSku } from "./skus-others.ts";
import type { States } from "./states.ts";
import { agentCall } from "./states-calls.ts";
import { story } from "./story.ts";

const { openai, anthropic, tern } = accounts;

/** Model providers report a day at a time, by project or workspace. */
export function addCalls(estate: Estate, states: States): void {
  const at = project(estate, anthropic, "assistant-agents", "wrkspc_01");
  addTokens(estate, at, "claude-sonnet-4-6", states.agentsAnthropic);
  const agents = project(estate, openai, "assistant-agents", "proj_");
  addTokens(estate, agents, "gpt-5.6-terra", states.agentsOpenai);
  const tasks = states["assistant-agents"].tasks;
  const embedded = tasks?.map((count) => count * agentCall.embedTokensPerTask);
  addTokens(
    estate,
    agents,
    "text-embedding-3-large",
    embedded === undefined ? {} : { inputTokens: embedded },
  );
  const classify = project(estate, openai, "assistant-classify", "proj_");
  const labels = states["assistant-classify"];
  addTokens(estate, classify, "gpt-5.5", labels, 0, story.classifySmaller);
  addTokens(estate, classify, "gpt-5.6-luna", labels, story.classifySmaller);
  const judge = project(estate, openai, "eval-nightly", "proj_");
  addTokens(estate, judge, "gpt-5.6-terra", states.evalCalls);
}

function project(estate: Estate, account: Account, workload: string, prefix: string): Resource {
  const id = `${prefix}${hexId(estate.seed, `${account.id}/${workload}`, 22)}`;
  const type = account.source === "openai" ? "project" : "workspace";
  return addResource(estate, { id, name: workload, type, workload, account, region: "", tagsWanted: false });
}

/** `cachedTokens` are part of `inputTokens`; the provider bills the two apart. */
function addTokens(
  estate: Estate,
  resource: Resource,
  model: Model,
  state: WorkloadState,
  from = 0,
  until = TOTAL_HOURS,
): void {
  const { inputTokens = [], cachedTokens = [], outputTokens = [] } = state;
  const sum = (values: ArrayLike<number>, day: number, sign = 1): number => {
    let total = 0;
    for (let hour = Math.max(day, from); hour < Math.min(day + 24, until); hour++) total += values[hour] ?? 0;
    return total * sign;
  };
  const span = { ...resource, from, until };
  const { source } = resource.account;
  const add = (kind: "input" | "cachedInput" | "output", micro: (day: number) => number): void => {
    addMeter(estate, span, tokenSku(source, model, kind), micro, { cadence: "day" });
  };
  add("input", (day) => sum(inputTokens, day) + sum(cachedTokens, day, -1));
  if (cachedTokens.length > 0) add("cachedInput", (day) => sum(cachedTokens, day));
  if (outputTokens.length > 0) add("output", (day) => sum(outputTokens, day));
}

/** Tern Labs, bought in May, still has its own AWS account and its own bill: the legacy Cost and Usage Report. */
export function addTern(estate: Estate): void {
  const own = { account: tern, workload: "sandbox-voice" } as const;
  const lease = { lease: "sandbox-voice" };
  const instance = { ...own, labels: lease, volumeGigabytes: 100 };
  addInstance(estate, {
    ...instance,
    type: "g5.xlarge",
    name: "voice-gpu",
    sku: ec2Sku("g5.xlarge", "aws-cur"),
  });
  for (const name of ["voice-api", "voice-batch"]) {
    const hours = name === "voice-api" ? [0, 24] : [6, 20];
    addInstance(estate, {
      ...instance,
      type: "m6i.2xlarge",
      name,
      sku: ec2Sku("m6i.2xlarge", "aws-cur"),
      planEligible: true,
      micro: (hour) => (hour % 24 >= (hours[0] ?? 0) && hour % 24 < (hours[1] ?? 24) ? WHOLE : 0),
    });
  }
  const bucket = addResource(estate, { ...own, id: "tern-voice", name: "tern-voice", type: "bucket" });
  addMeter(estate, bucket, awsSkus.bucket, (hour) => gigabyteMonths(3100, hour, 24), { cadence: "day" });
  addMeter(estate, bucket, awsSkus.get, (hour) => (hour % 7) * 1_300_000 + 420_000);
}
