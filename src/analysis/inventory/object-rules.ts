import type { Sighting } from "#facts/sighting.ts";
import { typeSuggested } from "#facts/type-words.ts";
import type { WorkloadType } from "#facts/workload.ts";
import type { Suggestion } from "./kind-rules.ts";

const endsByItself = /^(cron)?job$|^rayjob$|^(cron)?workflow$|^(pytorch|mpi|tf)job$/;
const staysUp = /^(deployment|statefulset|daemonset|pod|replicaset|raycluster)$/;

const images = {
  vectors: /(^|[/-])(qdrant|milvus|weaviate|chroma(db)?)([/:@-]|$)/,
  pgvector: /pgvector/,
  notebook: /jupyter|notebook-servers|code-?server|rstudio/,
  tuning: /axolotl|llama-?factory|unsloth|torchtune|(^|[/-])peft([/:@-]|$)/,
  serving:
    /vllm|sglang|triton(server)?([:@/-]|$)|text-(generation|embeddings)-inference|huggingfaceserver|torchserve|ollama|lmdeploy|tensorflow[/-]serving|(^|\/)nim\//,
  training: /pytorch|tensorflow|nemo|deepspeed|megatron|horovod|(^|[/-])jax([/:@-]|$)/,
  pipeline: /airflow|(^|[/-])spark([/:@-]|$)|dagster|prefect|(^|[/-])dbt([/:@-]|$)|(^|[/-])flink([/:@-]|$)/,
} as const;

/** What a container's image is made for. Where one serves and trains alike, whether the object ends by itself decides. */
export function byImage({ traits }: Sighting): Suggestion | undefined {
  const { images: names = [], kind, gpus = 0 } = traits;
  const withImage = (pattern: RegExp): string | undefined =>
    names.find((name) => pattern.test(name.toLowerCase()));
  const ends = endsByItself.test(kind.toLowerCase());
  const say = (
    type: WorkloadType,
    confidence: Suggestion["confidence"],
    image: string | undefined,
  ): Suggestion | undefined =>
    image === undefined
      ? undefined
      : { type, confidence, what: `image ${image}${ends ? ` in a ${kind}, which ends by itself` : ""}` };
  return (
    say("vector-database", "high", withImage(images.vectors)) ??
    say("vector-database", "medium", withImage(images.pgvector)) ??
    say("notebook", "medium", withImage(images.notebook)) ??
    say("fine-tuning", "medium", withImage(images.tuning)) ??
    say(ends ? "batch-inference" : "real-time-endpoint", "medium", withImage(images.serving)) ??
    (ends && gpus > 0 ? trainingImage(traits, withImage(images.training), say) : undefined) ??
    say("pipeline", "medium", withImage(images.pipeline))
  );
}

/** A framework's image in a job with GPUs trains, unless the job's own words say that it tunes or only infers. */
function trainingImage(
  { words = [] }: Sighting["traits"],
  image: string | undefined,
  say: (type: WorkloadType, confidence: "medium", image: string | undefined) => Suggestion | undefined,
): Suggestion | undefined {
  const told = typeSuggested(words)?.type;
  const type = told === "fine-tuning" || told === "batch-inference" ? told : "training";
  return say(type, "medium", image);
}

/** What is called by the token is used as it comes, unless the meter is that of a batch. */
export function byTokens({ traits: { tokens, meters = [] } }: Sighting): Suggestion | undefined {
  if (tokens !== true) return undefined;
  const batch = meters.find((meter) => /batch/i.test(meter));
  if (batch !== undefined)
    return {
      type: "batch-inference",
      confidence: "medium",
      what: `billed by the token at batch prices (${batch})`,
    };
  return {
    type: "real-time-endpoint",
    confidence: "medium",
    what: "billed by the token at interactive prices",
  };
}

/** What an object without GPUs is by how it is run; with GPUs, the same says less. */
export function byController({ source, traits, hosts }: Sighting): Suggestion | undefined {
  if (source !== "kubernetes" || hosts !== undefined) return undefined;
  const kind = traits.kind.toLowerCase();
  const gpus = traits.gpus ?? 0;
  const asks = gpus === 0 ? "without GPUs" : `with ${gpus} GPUs`;
  const what = `a ${traits.kind} ${asks}`;
  if (endsByItself.test(kind)) {
    if (gpus > 0) return { type: "training", confidence: "low", what };
    return { type: "pipeline", confidence: /cron|workflow/.test(kind) ? "medium" : "low", what };
  }
  if (!staysUp.test(kind)) return undefined;
  if (gpus > 0) return { type: "real-time-endpoint", confidence: "low", what };
  return { type: "cpu-service", confidence: kind === "pod" ? "low" : "medium", what };
}
