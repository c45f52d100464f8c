import { readKubeconfig } from "#ingest/kubernetes/kubeconfig.ts";
import { type ListedCluster, listCluster } from "#ingest/kubernetes/list-cluster.ts";

/** The objects of the cluster that a kubeconfig's current context names. */
export const readLiveCluster = async (kubeconfig: string): Promise<ListedCluster> =>
  listCluster(await readKubeconfig(kubeconfig));
