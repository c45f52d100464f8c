import { readFile } from "node:fs/promises";
import type { RequirementModel } from "#facts/requirement.ts";
import { Problem } from "#units/problems.ts";

/** The versions whose requirement models come with Plimsoll. */
export type ModelVersion = "1.2" | "1.3";

/** The model that judges deliveries of a FOCUS version: 1.2 up to 1.2, 1.3 from then on. */
export const modelFor = (focusVersion: string): ModelVersion => (focusVersion >= "1.3" ? "1.3" : "1.2");

/**
 * A requirement model from the catalogue. Its shape is held by the test of the catalogue, not checked at every import.
 * @throws Problem "internal" if the file is missing or no JSON: it is a part of the package
 */
export async function readRequirements(version: ModelVersion): Promise<RequirementModel> {
  const file = new URL(`../../../catalog/focus-requirements-${version}.json`, import.meta.url);
  try {
    return JSON.parse(await readFile(file, "utf8")) as RequirementModel;
  } catch (cause) {
    throw new Problem("internal", `The requirement model of FOCUS ${version} can't be read.`, { cause });
  }
}
