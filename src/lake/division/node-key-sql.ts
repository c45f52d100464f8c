/**
 * The one form by which bills and allocations name the same machine: the last of `identifiersOf`, in SQL, since a bill names more
 * resources than should be taken out of the engine. A test compares the two.
 * @param id expression of an identifier as it was delivered
 * @see facts/resource-identity.ts
 */
export function nodeKeySql(id: string): string {
  const plain = `lower(trim(${id}, e' \\t\\r\\n'))`;
  return `(select case
    when regexp_matches(p, ${AWS}) then regexp_extract(p, ${AWS}, 1)
    when regexp_matches(p, ${BUCKET}) then regexp_extract(p, ${BUCKET}, 1)
    when regexp_matches(p, ${GCE}) then regexp_replace(p, ${GCE}, 'projects/\\1/zones/\\2/instances/\\3')
    when regexp_matches(p, ${AZURE}) then regexp_extract(p, ${AZURE}, 1)
    when regexp_matches(p, ${GOOGLE}) then regexp_extract(p, ${GOOGLE}, 1)
    else p end from (select nullif(${plain}, '') as p))`;
}

const AWS = `'(?:^|[/:])((?:i|vol|nat|snap|eipalloc|eni|fs)-[0-9a-f]{8,20})$'`;
const BUCKET = `'^(?:arn:aws[a-z-]*:s3:::|s3://|gs://)([a-z0-9._-]+)/?$'`;
const GCE = `'^gce://([^/]+)/([^/]+)/([^/]+)$'`;
const AZURE = `'(/subscriptions/.+?)(?:/virtualmachines/\\d+)?$'`;
const GOOGLE = `'googleapis\\.com/(?:[a-z]+/v\\d[a-z0-9]*/)?(projects/.+)$'`;
