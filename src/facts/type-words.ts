import type { WorkloadType } from "./workload.ts";

/** Words of names and commands that suggest a type; an earlier type wins, since `finetune-eval` is a fine-tuning before all. */
const vocabulary: readonly (readonly [WorkloadType, readonly string[]])[] = [
  ["fine-tuning", ["finetune", "finetuning", "sft", "lora", "qlora", "dpo", "axolotl"]],
  ["notebook", ["notebook", "notebooks", "jupyter", "jupyterlab", "workbench", "nb", "sandbox"]],
  ["vector-database", ["vectors", "vectordb", "qdrant", "milvus", "weaviate", "pgvector", "chroma"]],
  ["batch-inference", ["embed", "embeddings", "eval", "evaluation", "scoring", "batchinference"]],
  ["training", ["train", "training", "trainer", "pretrain", "sweep", "sweeps", "torchrun", "deepspeed"]],
  ["real-time-endpoint", ["infer", "inference", "serve", "serving", "chat", "rerank", "endpoint", "vllm"]],
  ["pipeline", ["etl", "pipeline", "airflow", "dag", "spark", "ingest"]],
];

/** The parts of a text between signs, in lower case, and neighbours joined: `fine-tune` gives `finetune` too. */
function partsOf(text: string): string[] {
  const parts = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "");
  return [...parts, ...parts.slice(1).map((part, index) => `${parts[index]}${part}`)];
}

/** Words of the vocabulary that a text holds; nothing else of it is kept. */
export function wordsIn(text: string): string[] {
  const parts = new Set(partsOf(text));
  return vocabulary.flatMap(([, words]) => words.filter((word) => parts.has(word)));
}

/** The type that a word suggests most strongly, and the word. */
export function typeSuggested(
  words: readonly string[],
): { readonly type: WorkloadType; readonly word: string } | undefined {
  for (const [type, known] of vocabulary) {
    const word = known.find((each) => words.includes(each));
    if (word !== undefined) return { type, word };
  }
  return undefined;
}
