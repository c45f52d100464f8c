import { existsSync } from "node:fs";
import path from "node:path";
import { optionalText } from "./options.ts";

const NAME = "plimsoll.yaml";

/** The file named, else plimsoll.yaml of the folder one stands in, else that of the data folder; undefined if there is none. */
export function configurationFile(data: string, stated: unknown): string | undefined {
  const named = optionalText(stated);
  if (named !== undefined) return named;
  return [NAME, path.join(data, NAME)].find((file) => existsSync(file));
}
