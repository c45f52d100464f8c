import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { configurationSchema } from "#ingest/configuration/schema.ts";

const file = path.join(import.meta.dirname, "..", "catalog", "plimsoll.schema.json");

test("the JSON Schema of plimsoll.yaml is what the program checks by", async () => {
  const written = JSON.parse(await readFile(file, "utf8")) as unknown;
  expect(z.toJSONSchema(configurationSchema, { io: "input" })).toEqual(written);
});
