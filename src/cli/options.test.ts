import { expect, test } from "vitest";
import { nameList } from "./options.ts";

test.each([
  ["ServiceName,Team", ["ServiceName", "Team"]],
  [" ServiceName , Team ,", ["ServiceName", "Team"]],
  ["tag:cost\\,center,Team", ["tag:cost,center", "Team"]],
  ["tag:a\\b", ["tag:a\\b"]],
  ["", []],
  [undefined, []],
])("--by %s names %j", (written, names) => expect(nameList(written)).toEqual(names));
