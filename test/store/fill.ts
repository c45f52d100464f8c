import { freezeBaseline } from "#store/baselines.ts";
import { decide } from "#store/decisions.ts";
import { publishRules } from "#store/rule-versions.ts";
import { closeStatement } from "#store/statements.ts";
import type { Store } from "#store/store.ts";
import { ada } from "./both-stores.ts";

/** Something of everything, with texts that are awkward in JSON and more rows than a page holds. */
export async function fill(store: Store): Promise<void> {
  const many = Array.from({ length: 450 }, (_, n) => ({
    workload: `w${n}`,
    field: "team",
    value: 'a\n"研🚢',
  }));
  await decide(store, ada(1), many);
  await decide(store, ada(2), [{ workload: "w0", field: "team", value: null }]);
  await publishRules(store, ada(3), { rules: { teams: ["a", "ü"] }, note: "first" });
  await closeStatement(store, ada(4), { scope: "all", period: "2026-07", content: { billed: "1.10" } });
  await freezeBaseline(store, ada(5), { name: "before-vllm", content: { cost: "1.10" }, note: "ü" });
}
