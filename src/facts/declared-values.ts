import { type PromotedTag, promotedTags } from "./charge-columns.ts";
import type { Declared } from "./sighting.ts";
import type { WorkloadType } from "./workload.ts";

/** Spellings of the tag that declares a workload's type, once case and signs are gone. */
export const typeTagSpellings = ["workloadtype", "workloadkind", "aiworkloadtype", "mlworkloadtype"] as const;

/** A workload is not one customer's: that tag says nothing of what it is. */
const fieldOf: Readonly<Record<PromotedTag, keyof Declared | undefined>> = {
  x_Team: "team",
  x_Environment: "environment",
  x_Workload: "workload",
  x_WorkloadType: "type",
  x_CostCenter: "costCenter",
  x_Owner: "owner",
  x_ModelId: "model",
  x_Customer: undefined,
};

/** A tag's key as it is compared: lower case, without the prefix of a label and without signs. */
const plainKey = (key: string): string =>
  key
    .slice(key.lastIndexOf("/") + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");

/** A tag's value as it is; undefined for one that says nothing: empty, or the `true` that stands for a tag without a value. */
export function toldValue(value: string | null | undefined): string | undefined {
  const text = value?.trim() ?? "";
  return text === "" || text === "true" ? undefined : text;
}

/**
 * What tags or labels declare, by the spellings that count for charges too.
 * @param without plain keys that don't count here: a label `app` names a component, not a workload
 */
export function declaredBy(
  tags: Readonly<Record<string, string>>,
  without: readonly string[] = [],
): Declared {
  const declared: Partial<Record<keyof Declared, string>> = {};
  for (const [key, raw] of Object.entries(tags)) {
    const plain = plainKey(key);
    const value = toldValue(raw);
    const field = fieldNamed(plain);
    if (value !== undefined && field !== undefined && !without.includes(plain)) declared[field] ??= value;
  }
  return declared;
}

function fieldNamed(plain: string): keyof Declared | undefined {
  if ((typeTagSpellings as readonly string[]).includes(plain)) return "type";
  const column = (Object.keys(promotedTags) as PromotedTag[]).find((each) =>
    (promotedTags[each] as readonly string[]).includes(plain),
  );
  return column === undefined ? undefined : fieldOf[column];
}

/** What people write for each type. Words that may mean two types (inference, batch, job) are none: they must not be guessed at. */
const spellings: Readonly<Record<Exclude<WorkloadType, "unknown">, readonly string[]>> = {
  training: ["training", "train", "pretraining", "modeltraining", "hyperparametersearch", "sweep"],
  "fine-tuning": ["finetuning", "finetune", "sft", "lora", "posttraining"],
  "batch-inference": ["batchinference", "offlineinference", "batchscoring", "batchprediction", "evaluation"],
  "real-time-endpoint": [
    "realtimeendpoint",
    "endpoint",
    "serving",
    "onlineinference",
    "realtimeinference",
    "modelserving",
    "calls",
  ],
  notebook: ["notebook", "notebooks", "workbench", "jupyter", "sandbox", "interactive"],
  "vector-database": ["vectordatabase", "vectordb", "vectorstore", "vectorindex"],
  bucket: ["bucket", "objectstorage", "storage"],
  dataset: ["dataset", "datasets", "data"],
  pipeline: ["pipeline", "etl", "dataprocessing", "featureengineering", "workflow"],
  "cpu-service": ["cpuservice", "service", "platform", "webservice", "api", "sharedservice"],
};

/** The type that a tag's value means, in any case and with any signs; undefined if it is none of ours. */
export function parseWorkloadType(text: string): WorkloadType | undefined {
  const plain = plainKey(text);
  const found = Object.entries(spellings).find(([, words]) => words.includes(plain));
  return found?.[0] as WorkloadType | undefined;
}
