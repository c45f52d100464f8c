import { type Attribution, type AttributionRule } from "#facts/attribution.ts";
import { type AttributionKey, attributionKeys } from "#facts/attribution-keys.ts";
import type { Filter } from "#facts/cost-question.ts";

/** A charge of the test's bill; tags are its delivered ones. */
export interface Row {
  readonly cost: string;
  readonly service: string;
  readonly account: string | undefined;
  readonly start: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What rules make of a charge, told a second time and in another way than SQL tells it. */
export function attributeByHand(
  { schema, rules }: Attribution,
  key: AttributionKey,
  row: Row,
): { value: string | null; basis: string | null } {
  const deciding = (strength: AttributionRule["strength"]): { value: string; basis: string } | undefined => {
    for (const rule of rules) {
      const value = rule.set[key];
      if (rule.strength === strength && value !== undefined && holds(rule, row))
        return { value, basis: `${strength}:${rule.id}` };
    }
    return undefined;
  };
  const tag = meant(schema[key], row.tags[key]);
  return (
    deciding("override") ??
    (tag === undefined ? undefined : { value: tag, basis: "tag" }) ??
    deciding("rule") ??
    deciding("guess") ?? { value: null, basis: null }
  );
}

function meant(
  schema: Attribution["schema"][AttributionKey],
  delivered: string | undefined,
): string | undefined {
  if (delivered === undefined || delivered.trim() === "") return undefined;
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .split(/[\s_-]+/)
      .filter((part) => part !== "")
      .join("-");
  for (const value of schema?.values ?? []) if (plain(value) === plain(delivered)) return value;
  for (const [alias, value] of Object.entries(schema?.aliases ?? {}))
    if (plain(alias) === plain(delivered)) return value;
  return schema?.values === undefined ? delivered.trim() : undefined;
}

function holds({ when, from, until }: AttributionRule, row: Row): boolean {
  const time = Date.parse(row.start);
  if ((from !== undefined && time < from) || (until !== undefined && time >= until)) return false;
  return when.every((filter) => passes(filter, valueOf(filter, row)));
}

function valueOf({ dimension }: Filter, row: Row): string | undefined {
  if (dimension.kind === "tag") return row.tags[dimension.key];
  if (dimension.kind !== "column") throw new Error(`No ${dimension.kind} here.`);
  if (dimension.column === "ServiceName") return row.service;
  if (dimension.column === "SubAccountName") return row.account;
  const key = Object.entries(attributionKeys).find(([, column]) => column === dimension.column)?.[0];
  return key === undefined ? undefined : row.tags[key]?.trim() || undefined;
}

function passes(filter: Filter, value: string | undefined): boolean {
  switch (filter.kind) {
    case "is":
      return value !== undefined && filter.values.includes(value);
    case "is-not":
      return value === undefined || !filter.values.includes(value);
    case "contains":
      return value?.toLowerCase().includes(filter.part.toLowerCase()) === true;
    case "matches":
      return value !== undefined && new RegExp(filter.pattern).test(value);
    case "exists":
      return value !== undefined;
    case "missing":
      return value === undefined;
  }
}
