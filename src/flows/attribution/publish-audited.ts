import type { Attribution } from "#facts/attribution.ts";
import type { JsonValue } from "#units/canonical-json.ts";
import { openStore, withStore } from "#store/open-store.ts";
import { publishRules as keepRuleVersion } from "#store/rule-versions.ts";
import type { StoreWhere } from "#store/store-where.ts";
import type { Patience } from "#lake/while-busy.ts";
import { type OnPeriod, type Published, publishRules } from "./publish-rules.ts";

/**
 * Puts rules in force and says in the audit who did. The audit comes first: rules that nobody answers for are never in force. If the lake can't
 * follow, publishing again finishes what was begun.
 * @returns what publishing did, and the number of the rules' version
 * @throws Problem of the store and of `publishRules`
 */
export async function publishAudited(
  where: StoreWhere,
  attribution: Attribution,
  by: { readonly actor: string; readonly at: number; readonly note?: string },
  onPeriod: OnPeriod,
  onWait: Patience["onWait"],
): Promise<Published & { readonly version: number }> {
  // What holds no value is not there; the rules themselves are plain data.
  const rules = JSON.parse(JSON.stringify(attribution)) as JsonValue;
  const { version } = await withStore(openStore(where), (store) =>
    keepRuleVersion(store, { actor: by.actor, at: by.at }, { rules, note: by.note }),
  );
  const published = await publishRules(where.data, attribution, by.at, onPeriod, onWait);
  return { ...published, version: version.number };
}
