import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identifiersOf } from "#facts/resource-identity.ts";
import { type Duckdb, openDuckdb } from "#lake/engines/duckdb.ts";
import { raw, sql } from "#lake/sql.ts";
import { nodeKeySql } from "./node-key-sql.ts";

let db: Duckdb;
beforeAll(async () => {
  db = await openDuckdb({ folders: [], memoryMiB: 256 });
});
afterAll(() => db.close());

async function keysOf(ids: readonly string[]): Promise<unknown[]> {
  const rows = await db.query(
    sql`select ${raw(nodeKeySql("id"))} as key from (select unnest(from_json(${JSON.stringify(ids)}, '["VARCHAR"]')) as id)`,
  );
  return rows.map(({ key }) => key);
}

const expected = (ids: readonly string[]): (string | null)[] =>
  ids.map((id) => identifiersOf(id).at(-1) ?? null);

const scale =
  "/subscriptions/S1/resourceGroups/RG/providers/Microsoft.Compute/virtualMachineScaleSets/pool1-vmss";
const known = [
  "i-0abc1234def567890",
  "arn:aws:ec2:us-east-1:123456789012:instance/i-0ABC1234DEF567890",
  "aws:///us-east-1a/i-0abc1234def567890",
  "vol-0abc1234def567890",
  "arn:aws:s3:::Bucket.name",
  "s3://bucket/",
  "gce://project-1/us-central1-a/gke-node-1",
  "//compute.googleapis.com/projects/project-1/zones/us-central1-a/instances/gke-node-1",
  "https://www.googleapis.com/compute/v1/projects/project-1/zones/us-central1-a/instances/gke-node-1",
  scale,
  `azure://${scale}/virtualMachines/12`,
  `${scale}/virtualMachines/x1`,
  "ocid1.instance.oc1.phx.abc",
  "  i-0abc1234def567890 ",
  "",
  " ",
  "i-short",
];

test("bills and clusters name a machine alike, whatever each writes before it", async () => {
  expect(await keysOf(known)).toEqual(expected(known));
  const [instance, arn, provider] = await keysOf(known);
  expect([arn, provider]).toEqual([instance, instance]);
});

test("the form is the one of facts/resource-identity.ts for any text", async () => {
  const pieces = [
    ...known,
    "i-",
    "0abc1234",
    "def",
    "/",
    ":",
    "vol-",
    "arn:aws:s3:::",
    "s3://",
    "gce://",
    "/subscriptions/",
    "/virtualMachines/",
    "googleapis.com/",
    "compute/v1/",
    "projects/",
    "P.q_r-s",
    " ",
  ];
  const piece = fc.constantFrom(...pieces);
  const id = fc.array(piece, { maxLength: 8 }).map((all) => all.join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(id, { minLength: 1, maxLength: 40 }), async (ids) => {
      expect(await keysOf(ids)).toEqual(expected(ids));
    }),
    { numRuns: 100 },
  );
});
