/**
 * The identifiers by which sources know one resource, in one form: lower case; an ARN also by its short id where that is unique in
 * itself (instances, volumes, gateways, addresses, buckets), a Google link as its path from `projects/` on, a provider id of a
 * Kubernetes node as the machine's, and a machine of an Azure scale set as the set, since that is what bills name.
 * @param id as a bill, a cluster or a state file has it
 * @returns none for an empty id
 */
export function identifiersOf(id: string): string[] {
  const plain = id.trim().toLowerCase();
  if (plain === "") return [];
  const aws = /(?:^|[/:])((?:i|vol|nat|snap|eipalloc|eni|fs)-[0-9a-f]{8,20})$/.exec(plain);
  if (aws !== null) return plain === aws[1] ? [plain] : [plain, aws[1] ?? ""];
  const bucket = /^(?:arn:aws[a-z-]*:s3:::|s3:\/\/|gs:\/\/)([a-z0-9._-]+)\/?$/.exec(plain);
  if (bucket !== null) return [plain, bucket[1] ?? ""];
  const node = /^gce:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(plain);
  if (node !== null) return [`projects/${node[1]}/zones/${node[2]}/instances/${node[3]}`];
  const azure = /(\/subscriptions\/.+?)(?:\/virtualmachines\/\d+)?$/.exec(plain);
  if (azure !== null) return [azure[1] ?? plain];
  const google = /(?:googleapis\.com\/(?:[a-z]+\/v\d[a-z0-9]*\/)?)(projects\/.+)$/.exec(plain);
  if (google !== null) return [google[1] ?? plain];
  return [plain];
}

/**
 * What machines of one pool have in common in their names: numbers, hashes and the words for parts of a machine at the end are
 * dropped. `chat-h100-3` and `chat-h100-3-root` are `chat-h100`, `train-12b` is `train`.
 */
export function nameStem(name: string): string {
  let stem = name.trim().toLowerCase();
  for (let before = ""; before !== stem;) {
    before = stem;
    const shorter = stem.replace(
      /[-_.](?:root|data|disk|boot|osdisk|\d{1,6}[a-z]?|(?=[a-z]*\d)[0-9a-z]{8,17})$/,
      "",
    );
    if (shorter.length >= 3) stem = shorter;
  }
  return stem;
}
