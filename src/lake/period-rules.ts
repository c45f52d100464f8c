import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type Attribution, noAttribution } from "#facts/attribution.ts";
import { canonicalJson, type JsonValue } from "#units/canonical-json.ts";
import { Problem } from "#units/problems.ts";
import type { PeriodRules } from "./dialect.ts";
import { type LakePeriod, writeDurably } from "./snapshot.ts";

const fileOf = (lake: string, id: string): string => path.join(lake, "rules", `${id}.json`);

/** The name that rules are kept by: the first digits of the hash that the audit has of them, so that the two are known to be the same. */
export function rulesId(attribution: Attribution): string {
  // What holds no value is not there.
  const plain = JSON.parse(JSON.stringify(attribution)) as JsonValue;
  return createHash("sha256").update(canonicalJson(plain)).digest("hex").slice(0, 16);
}

/** Keeps rules in the lake for ever, durably, and gives the name they are kept by. */
export async function keepRules(lake: string, attribution: Attribution): Promise<string> {
  const id = rulesId(attribution);
  await mkdir(path.join(lake, "rules"), { recursive: true });
  await writeDurably(fileOf(lake, id), JSON.stringify(attribution));
  return id;
}

/**
 * Rules by the name they are kept by; those that hold without any if there is no name.
 * @throws Problem "lake-corrupt" if they are missing or were changed
 */
export async function readRules(lake: string, id: string | undefined): Promise<Attribution> {
  if (id === undefined) return noAttribution;
  const file = fileOf(lake, id);
  try {
    // What was written here was checked before; the hash tells that it is still that.
    const attribution = JSON.parse(await readFile(file, "utf8")) as Attribution;
    if (rulesId(attribution) === id) return attribution;
  } catch (cause) {
    throw damaged(file, cause);
  }
  throw damaged(file);
}

const damaged = (file: string, cause?: unknown): Problem =>
  new Problem("lake-corrupt", `${file} is missing or damaged.`, {
    at: { file },
    cause,
    hint: "Publish the attribution rules again with plimsoll attribution publish.",
  });

/** The rules of billing periods, those that most periods have last. */
export async function rulesOf(lake: string, periods: readonly LakePeriod[]): Promise<PeriodRules[]> {
  const ids = new Map<string | undefined, LakePeriod[]>();
  for (const period of periods) ids.set(period.rules, [...(ids.get(period.rules) ?? []), period]);
  const byUse = [...ids].sort(([, a], [, b]) => a.length - b.length);
  return Promise.all(
    byUse.map(async ([id, its]) => ({ attribution: await readRules(lake, id), periods: its })),
  );
}
