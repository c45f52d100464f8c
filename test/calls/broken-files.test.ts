import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readCallFile } from "#ingest/calls/read-call-file.ts";
import { csv, jsonLines, now, read } from "./read-calls.ts";
import { spendLog } from "./spend-log.ts";

test.each([
  ["", "source-empty"],
  ["a,b\n1,2\n", "format-unknown"],
  ["request_id,call_type,startTime,spend\n", "source-empty"],
  ['request_id,call_type,startTime,spend\n"1,x,y,z\n', "csv-malformed"],
  ['{"id": 1, ', "json-invalid"],
  ['{\n"rows": []\n}', "json-invalid"],
  ["[".repeat(200), "input-too-large"],
  [gzipSync(csv([spendLog])).subarray(0, 200), "compression-broken"],
  [
    gzipSync(
      jsonLines(Array.from({ length: 3000 }, (_, id) => ({ ...spendLog, request_id: id * Math.PI }))),
    ).subarray(0, -100),
    "compression-broken",
  ],
])("a broken file %# is one fault", async (content, code) => {
  await expect(read(content)).rejects.toMatchObject({ name: "Problem", code });
});

test("a file that is not there", async () => {
  await expect(readCallFile("no-such-file", { source: "x", now }).next()).rejects.toMatchObject({
    code: "source-not-found",
  });
});
