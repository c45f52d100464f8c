import { parseWorkloadType, toldValue } from "#facts/declared-values.ts";
import type { RuleStrength } from "#facts/attribution.ts";
import type { Ruled, Sighting } from "#facts/sighting.ts";
import type { Assignment, Evidence, Known, WorkloadField, WorkloadType } from "#facts/workload.ts";
import { type Inferable, inferType } from "./infer-type.ts";
import { sourceOrder, weightOf } from "./things.ts";

/**
 * The value of a field: what a person decided, else what an overriding rule gives, else what is declared, else what a rule gives,
 * else what can be read off its objects, else what a rule guesses. Declared values: Kubernetes before Terraform before charges; within one source the one that costs most, then the one that
 * more resources carry, then the first by name.
 * @param assignments those of this workload; of several for one field the last counts
 * @returns undefined if nothing tells
 */
export function settleField(
  field: WorkloadField,
  sightings: readonly Sighting[],
  assignments: readonly Assignment[],
): Known<string> | undefined {
  const declared = declaredValue(sightings, field, toldValue);
  const ruled = (strength: RuleStrength): Known<string> | undefined =>
    ruledValue(sightings, field, strength, toldValue);
  const stated = decidedValue(assignments, field, toldValue) ?? ruled("override");
  if (stated !== undefined)
    return { ...stated, evidence: [...stated.evidence, ...(declared?.evidence ?? [])] };
  return declared ?? ruled("rule") ?? hinted(sightings, field) ?? ruled("guess");
}

/**
 * The type: decided, else by an overriding rule, else declared, else by a rule, else inferred, and a rule's guess only where nothing
 * can be inferred. What is declared in words that mean no type of ours is told.
 */
export function settleType(row: Inferable, assignments: readonly Assignment[]): Known<WorkloadType> {
  const declared = declaredValue(row.sightings, "type", parseWorkloadType);
  const unread = unreadTypes(row.sightings);
  const ruled = (strength: RuleStrength): Known<WorkloadType> | undefined =>
    ruledValue(row.sightings, "type", strength, parseWorkloadType);
  const stated = decidedValue(assignments, "type", parseWorkloadType) ?? ruled("override");
  const found = stated ?? declared ?? ruled("rule");
  if (found === undefined) {
    const inferred = inferType(row);
    const best = inferred.value === "unknown" ? (ruled("guess") ?? inferred) : inferred;
    return { ...best, evidence: [...best.evidence, ...unread] };
  }
  const beside = found === stated ? (declared?.evidence ?? []) : [];
  return { ...found, evidence: [...found.evidence, ...beside, ...unread] };
}

function decidedValue<T>(
  assignments: readonly Assignment[],
  field: Assignment["field"],
  read: (text: string) => T | undefined,
): Known<T> | undefined {
  const assignment = assignments.findLast((each) => each.field === field);
  const value = assignment === undefined ? undefined : read(assignment.value);
  if (assignment === undefined || value === undefined) return undefined;
  return {
    value,
    basis: "decided",
    confidence: "high",
    evidence: [{ source: "decision", ref: assignment.by, what: `${assignment.value}: ${assignment.why}` }],
  };
}

/** What rules of a strength give. A guess is shown as one: inferred, with little confidence. */
function ruledValue<T extends string>(
  sightings: readonly Sighting[],
  field: WorkloadField | "type",
  strength: RuleStrength,
  read: (text: string) => T | undefined,
): Known<T> | undefined {
  const ruled = ({ ruled: all }: Sighting): Ruled | undefined =>
    all?.[field]?.strength === strength ? all[field] : undefined;
  const votes = votesOf(sightings, (each) => read(ruled(each)?.value ?? ""));
  const [best] = votes;
  if (best === undefined) return undefined;
  return {
    value: best.value,
    basis: strength === "guess" ? "inferred" : "rule",
    confidence: strength === "guess" ? "low" : "high",
    evidence: votes.map(({ value, sightings: own }) => {
      const rules = [...new Set(own.flatMap((each) => ruled(each)?.rule ?? []))].sort();
      const on = own.length === 1 ? (own[0]?.ref ?? "") : `${own.length} resources`;
      return { source: "rule", ref: rules.join(", "), what: `gives ${field} ${value} to ${on}` };
    }),
  };
}

interface Vote<T> {
  readonly value: T;
  readonly sightings: readonly Sighting[];
  readonly weight: number;
}

function declaredValue<T extends string>(
  sightings: readonly Sighting[],
  field: WorkloadField | "type",
  read: (text: string) => T | undefined,
): Known<T> | undefined {
  const votes = sourceOrder.flatMap((source) =>
    votesOf(
      sightings.filter((each) => each.source === source),
      ({ declared }) => read(declared[field] ?? ""),
    ),
  );
  const [best] = votes;
  if (best === undefined) return undefined;
  return {
    value: best.value,
    basis: "declared",
    confidence: "high",
    evidence: votes.map((vote) => voteEvidence(vote, field)),
  };
}

/** The values that are said, the strongest first. */
function votesOf<T extends string>(
  sightings: readonly Sighting[],
  said: (sighting: Sighting) => T | undefined,
): Vote<T>[] {
  const by = new Map<T, Sighting[]>();
  for (const sighting of sightings) {
    const value = said(sighting);
    if (value !== undefined) by.set(value, [...(by.get(value) ?? []), sighting]);
  }
  return [...by]
    .map(([value, members]) => ({
      value,
      sightings: members,
      weight: members.reduce((sum, member) => sum + weightOf(member), 0),
    }))
    .sort(
      (a, b) =>
        b.weight - a.weight || b.sightings.length - a.sightings.length || (a.value < b.value ? -1 : 1),
    );
}

function voteEvidence<T extends string>(
  { value, sightings }: Vote<T>,
  field: WorkloadField | "type",
): Evidence {
  const [first] = [...sightings].sort((a, b) => weightOf(b) - weightOf(a) || (a.ref < b.ref ? -1 : 1));
  const more = sightings.length === 1 ? "" : `, and so do ${sightings.length - 1} more`;
  const how = first?.source === "kubernetes" ? "label" : "tag";
  return {
    source: first?.source ?? "charges",
    ref: first?.ref ?? "",
    what: `${how} says ${field} ${first?.declared[field] ?? value}${more}`,
  };
}

function unreadTypes(sightings: readonly Sighting[]): Evidence[] {
  const unread = new Map<string, Sighting>();
  for (const sighting of sightings) {
    const text = toldValue(sighting.declared.type);
    if (text !== undefined && parseWorkloadType(text) === undefined) unread.set(text, sighting);
  }
  return [...unread].map(([text, { source, ref }]) => ({
    source,
    ref,
    what: `declares the type "${text}", which is none of ours, so it was inferred`,
  }));
}

function hinted(sightings: readonly Sighting[], field: WorkloadField): Known<string> | undefined {
  const found = sightings.flatMap(({ source, ref, hints }) => {
    const hint = hints?.[field];
    return hint === undefined ? [] : [{ source, ref, ...hint }];
  });
  const [best] = [...found].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  if (best === undefined) return undefined;
  const agreed = found.every(({ value }) => value === best.value);
  return {
    value: best.value,
    basis: "inferred",
    confidence: agreed ? "medium" : "low",
    evidence: found.map(({ source, ref, value, what }) => ({ source, ref, what: `${value}: ${what}` })),
  };
}
