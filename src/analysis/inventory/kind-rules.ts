import type { Sighting } from "#facts/sighting.ts";
import type { Confidence, WorkloadType } from "#facts/workload.ts";

/** What a rule says of one sighting. */
export interface Suggestion {
  readonly type: WorkloadType;
  readonly confidence: Confidence;
  readonly what: string;
}

type KindRule = readonly [pattern: RegExp, type: WorkloadType, confidence: Confidence];

/** Kinds of Kubernetes objects, Terraform types, and what providers call resources and meters. The first that fits counts. */
const kindRules: Readonly<Record<Sighting["source"], readonly KindRule[]>> = {
  kubernetes: [
    [/^notebook$/, "notebook", "high"],
    [/^(llm)?inferenceservice$|^rayservice$/, "real-time-endpoint", "high"],
    // A training operator's job may as well fine-tune.
    [/^(pytorch|mpi|tf|xgboost|paddle|jax)job$|^trainjob$/, "training", "medium"],
  ],
  terraform: [
    [
      /^aws_sagemaker_endpoint|^google_vertex_ai_endpoint|^azurerm_machine_learning_(online|inference)/,
      "real-time-endpoint",
      "high",
    ],
    [
      /^aws_sagemaker_(notebook|app$|space|domain|user_profile)|^google_(workbench|notebooks|colab)|^azurerm_machine_learning_compute_instance/,
      "notebook",
      "high",
    ],
    [/^google_vertex_ai_index|^aws_s3vectors|:vectorsearch$/, "vector-database", "high"],
    [/^google_vertex_ai_dataset|^azurerm_machine_learning_datastore/, "dataset", "high"],
    [
      /^aws_sagemaker_pipeline|^azurerm_data_factory_pipeline|^google_composer|^aws_mwaa|^aws_glue_job|^google_dataflow_job/,
      "pipeline",
      "high",
    ],
    [
      /^aws_bedrock_provisioned_model|^azurerm_cognitive_deployment|^azurerm_ai_services/,
      "real-time-endpoint",
      "medium",
    ],
    [/^aws_sfn_state_machine/, "pipeline", "medium"],
  ],
  charges: [
    [
      /sagemaker.*(:endpoint\/|\bhost:ml|hosting)|vertex ai.*online prediction|machine learning.*online ?endpoint/,
      "real-time-endpoint",
      "high",
    ],
    [/sagemaker.*(notebk:|:notebook-instance\/)|vertex ai.*workbench/, "notebook", "high"],
    [/sagemaker.*(transform)|vertex ai.*batch prediction|bedrock.*batch/, "batch-inference", "high"],
    [/vertex ai.*(vector search|matching engine)|pinecone|qdrant|weaviate|zilliz/, "vector-database", "high"],
    [/sagemaker.*(\btrain:ml|:training-job\/)|vertex ai.*training/, "training", "medium"],
    [/bedrock.*provisioned ?throughput/, "real-time-endpoint", "medium"],
  ],
};

/** What a resource is by its kind alone; undefined where a kind may be for anything, as a virtual machine is. */
export function byKind(sighting: Sighting): Suggestion | undefined {
  const { kind } = sighting.traits;
  const text = (sighting.source === "charges" ? described(sighting) : kind).toLowerCase();
  const rule = kindRules[sighting.source].find(([pattern]) => pattern.test(text));
  if (rule === undefined) return undefined;
  const [, type, confidence] = rule;
  const shown = sighting.source === "charges" ? (sighting.traits.services?.join(", ") ?? kind) : kind;
  return { type, confidence, what: `its kind, ${shown}, is for that` };
}

/** Service, kind, meters and id in one text, since providers tell what is used in any of them. */
const described = ({ ref, traits: { kind, services = [], meters = [] } }: Sighting): string =>
  [...services, kind, ref, ...meters].join(" ");

const storage =
  /^(bucket|storageaccounts?|s3|gcs|objectstorage)$|^aws_s3_(bucket|directory_bucket)$|^google_storage_bucket$|^azurerm_storage_(account|container)$/;

/** What holds objects and nothing else. It counts only where nothing of the workload computes. */
export function byStorage({ traits: { kind, services = [] } }: Sighting): Suggestion | undefined {
  const isBucket = storage.test(kind.toLowerCase()) || services.some((name) => bucketService.test(name));
  if (!isBucket) return undefined;
  return {
    type: "bucket",
    confidence: "high",
    what: `it is object storage (${kind}) and nothing of it computes`,
  };
}

const bucketService = /^(amazon simple storage service|amazon s3|cloud storage)$/i;

const shared =
  /natgateway|nat_gateway|load ?balanc|_lb$|\bcluster\b|_cluster$|log-group|log_group|repository|registry/;

/** What serves everything else: gateways, balancers, control planes, logs. */
export function byInfrastructure({ traits: { kind } }: Sighting): Suggestion | undefined {
  if (!shared.test(kind.toLowerCase())) return undefined;
  return { type: "cpu-service", confidence: "low", what: `a ${kind} serves other workloads` };
}
