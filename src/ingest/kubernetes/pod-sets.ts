import { at, countAt, type KubernetesObject, isFields, listAt } from "./fields.ts";

/** Pods of one specification that a controller wants to run at a time. */
export interface PodSet {
  readonly podSpec: unknown;
  /** Metadata of the template, whose labels its pods carry. */
  readonly metadata: unknown;
  readonly pods: number;
}

/**
 * The pods that an object describes. Replicas that are absent are 1, as the API sets them; a service that scales to zero
 * (`minReplicas: 0`) counts as one, since it asks for that much whenever it works.
 */
export function podSets(object: KubernetesObject): PodSet[] {
  const spec = at(object, "spec");
  const template = (of: unknown, pods: number): PodSet[] =>
    isFields(at(of, "spec")) ? [{ podSpec: at(of, "spec"), metadata: at(of, "metadata"), pods }] : [];
  switch (object.kind) {
    case "Pod":
      return [{ podSpec: spec, metadata: object["metadata"], pods: 1 }];
    case "Deployment":
    case "StatefulSet":
    case "ReplicaSet":
      return template(at(spec, "template"), countAt(spec, "replicas") ?? 1);
    case "DaemonSet":
      return template(at(spec, "template"), countAt(object, "status", "desiredNumberScheduled") ?? 1);
    case "Job":
      return template(at(spec, "template"), jobPods(spec));
    case "CronJob": {
      const job = at(spec, "jobTemplate", "spec");
      return template(at(job, "template"), jobPods(job));
    }
    case "Notebook":
      return template(at(spec, "template"), 1);
    case "InferenceService":
      return [
        ...inferencePods(at(spec, "predictor")),
        ...inferencePods(at(spec, "transformer")),
        ...inferencePods(at(spec, "explainer")),
      ];
    case "LLMInferenceService":
      return llmPods(spec);
    case "RayCluster":
      return rayPods(spec);
    case "RayJob":
    case "RayService":
      return rayPods(at(spec, object.kind === "RayJob" ? "rayClusterSpec" : "rayClusterConfig"));
    case "PyTorchJob":
      return replicaSpecs(at(spec, "pytorchReplicaSpecs"), template);
    case "MPIJob":
      return replicaSpecs(at(spec, "mpiReplicaSpecs"), template);
    case "Workflow":
    case "CronWorkflow":
      return workflowPods(object.kind === "Workflow" ? spec : at(spec, "workflowSpec"));
    default:
      return [];
  }
}

type Template = (of: unknown, pods: number) => PodSet[];

const jobPods = (spec: unknown): number =>
  Math.min(countAt(spec, "parallelism") ?? 1, countAt(spec, "completions") ?? Infinity);

/** KServe takes a pod specification in the component itself, or one container under the name of its framework. */
function inferencePods(component: unknown): PodSet[] {
  if (!isFields(component)) return [];
  const pods = Math.max(1, countAt(component, "minReplicas") ?? 1);
  const frameworks = Object.values(component).filter(
    (part) =>
      isFields(part) && (isFields(part["resources"]) || "storageUri" in part || "modelFormat" in part),
  );
  const containers = [...listAt(component, "containers"), ...frameworks];
  return [{ podSpec: { ...component, containers }, metadata: component, pods }];
}

/** Replicas of the template; with workers, each replica is a group of `parallelism.data ÷ dataLocal` pods, else leader and worker. */
function llmPods(spec: unknown): PodSet[] {
  return [spec, at(spec, "prefill")].flatMap((part): PodSet[] => {
    if (!isFields(part)) return [];
    const pods = Math.max(1, countAt(part, "replicas") ?? 1);
    const sets: PodSet[] = isFields(part["template"])
      ? [{ podSpec: part["template"], metadata: undefined, pods }]
      : [];
    if (isFields(part["worker"])) sets.push({ podSpec: part["worker"], metadata: undefined, pods });
    return sets;
  });
}

function rayPods(cluster: unknown): PodSet[] {
  const groups = [
    { group: at(cluster, "headGroupSpec"), pods: 1 },
    ...listAt(cluster, "workerGroupSpecs").map((group) => ({
      group,
      pods:
        (countAt(group, "replicas") ?? countAt(group, "minReplicas") ?? 1) *
        (countAt(group, "numOfHosts") ?? 1),
    })),
  ];
  return groups.flatMap(({ group, pods }) =>
    isFields(at(group, "template", "spec"))
      ? [{ podSpec: at(group, "template", "spec"), metadata: at(group, "template", "metadata"), pods }]
      : [],
  );
}

function replicaSpecs(specs: unknown, template: Template): PodSet[] {
  if (!isFields(specs)) return [];
  return Object.values(specs).flatMap((each) =>
    template(at(each, "template"), countAt(each, "replicas") ?? 1),
  );
}

/** Every template of a workflow that runs a container or a script, once: how many run together is not written anywhere. */
function workflowPods(spec: unknown): PodSet[] {
  return listAt(spec, "templates").flatMap((each) => {
    const container = at(each, "container") ?? at(each, "script");
    if (!isFields(container)) return [];
    return [{ podSpec: { containers: [container] }, metadata: at(each, "metadata"), pods: 1 }];
  });
}
