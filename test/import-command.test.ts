import { expect, test } from "vitest";
import { formats } from "#ingest/formats.ts";
import { ownFolder, plimsoll } from "./imports/kit.ts";

test("the formats are listed without a bill to import", async () => {
  const { exit, stdout } = await plimsoll(["import", "--formats"]);
  expect(exit).toBe(0);
  for (const { name } of formats) expect(stdout).toMatch(new RegExp(`^${name} +`, "m"));
  const { stdout: json } = await plimsoll(["import", "--formats", "--json"]);
  expect(JSON.parse(json)).toEqual({ formats: formats.map(({ name, what }) => ({ name, what })) });
});

test("an import of nothing is refused and says what to write", async () => {
  const { folder, remove } = await ownFolder();
  expect(await plimsoll(["import", "--data", folder])).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^Error option-invalid: plimsoll import needs a file/),
  });
  await remove();
});
