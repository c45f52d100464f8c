import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDumps } from "./read-dump.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plimsoll-dump-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, text: string | Uint8Array) {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return readDumps(file);
}
const pod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a {[\\"b"}}`;

test("a List, typed lists, and objects one after the other", async () => {
  const list = `{"kind":"List","apiVersion":"v1","items":[${pod},{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"}}]}`;
  const typed = `{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"b"}}]}`;
  const [dump] = await read("prod-us.json", `${list}\n${pod}${typed}\n`);
  expect(dump).toMatchObject({ cluster: "prod-us", passedOver: { Service: 1 } });
  expect(dump?.objects.map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ["Pod", { name: `a {["b` }],
    ["Pod", { name: `a {["b` }],
    ["Pod", { name: "b" }],
  ]);
});

test("several YAML documents, empty ones among them", async () => {
  const text =
    "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: Secret\n";
  const [dump] = await read("m.yaml", text);
  expect(dump?.objects).toHaveLength(1);
  expect(dump?.passedOver).toEqual({ Secret: 1 });
});

test("a folder holds a cluster a file", async () => {
  const found = await readDumps(folder);
  expect(found.map(({ cluster }) => cluster)).toEqual(["m", "prod-us"]);
});

test.each([
  ["cut.json", pod.slice(0, -1), "json-invalid"],
  ["text.json", "No resources found", "json-invalid"],
  ["closing.json", "}", "json-invalid"],
  ["number.json", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":01}}`, "json-invalid"],
  ["empty.json", "", "source-empty"],
  ["other.json", `{"resource":1}`, "kubernetes-invalid"],
  ["item.json", `{"apiVersion":"v1","kind":"List","items":[1]}`, "kubernetes-invalid"],
  ["deep.json", "[".repeat(200_000), "input-too-large"],
  ["deep.yaml", "[".repeat(300) + "]".repeat(300), "input-too-large"],
  ["deeper.yaml", "[".repeat(20_000) + "]".repeat(20_000), "input-too-large"],
  ["tab.yaml", "a: b\n\tc: d\n", "yaml-invalid"],
  ["twice.yaml", "kind: a\nkind: b\n", "yaml-invalid"],
  [
    "bomb.yaml",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f", "g", "h"].map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefg"[at]}`).join(",")}]`).join("\n")}\n`,
    "yaml-invalid",
  ],
])("%s is refused", async (name, text, code) => {
  await expect(read(name, text)).rejects.toMatchObject({ code });
});

test("a file that is not there, and a folder without dumps", async () => {
  await expect(readDumps(path.join(folder, "no"))).rejects.toMatchObject({ code: "source-not-found" });
  const empty = await mkdtemp(path.join(folder, "empty-"));
  await expect(readDumps(empty)).rejects.toMatchObject({ code: "source-empty" });
});
