import type { Sighting } from "#facts/sighting.ts";
import { typeSuggested, wordsIn } from "#facts/type-words.ts";
import type { Confidence, Evidence, Known, WorkloadType } from "#facts/workload.ts";
import type { Window } from "#units/window.ts";
import { byInfrastructure, byKind, byStorage, type Suggestion } from "./kind-rules.ts";
import { byController, byImage, byTokens } from "./object-rules.ts";
import { weightOf } from "./things.ts";
import { type UsagePattern, usagePattern } from "./usage-pattern.ts";

/** What the rules see of a row. */
export interface Inferable {
  readonly name: string;
  readonly sightings: readonly Sighting[];
  /** True if a tag or label names the workload, so that the row is known to be whole. */
  readonly isDeclared: boolean;
  readonly window?: Window;
}

type Candidate = Suggestion & Pick<Evidence, "source" | "ref"> & { readonly weight: number };

/**
 * The type by the first of these groups of rules that says anything: the kinds of its resources, the images it runs, billing by
 * the token where nothing of it has machines, its name and rhythm, how its objects are run, its rhythm alone, object storage, shared infrastructure. Within a group the
 * most certain wins, then the one that costs most; if others of the group contradict it as certainly, it is one step less certain.
 */
export function inferType(row: Inferable): Known<WorkloadType> {
  const pattern = row.window === undefined ? undefined : usagePattern(row.sightings, row.window);
  const hasGpu = row.sightings.some(usesGpu);
  const each = (rule: (sighting: Sighting) => Suggestion | undefined): Candidate[] =>
    row.sightings.flatMap((sighting) => {
      const found = rule(sighting);
      if (found === undefined) return [];
      return [{ ...found, source: sighting.source, ref: sighting.ref, weight: weightOf(sighting) }];
    });
  const whole = (found: Suggestion | undefined): Candidate[] => {
    const [face] = [...row.sightings].sort((a, b) => weightOf(b) - weightOf(a));
    if (found === undefined || face === undefined) return [];
    return [{ ...found, source: face.source, ref: face.ref, weight: 0 }];
  };
  const groups: readonly (() => Candidate[])[] = [
    () => each(byKind),
    () => each(byImage),
    // Beside machines of its own, a workload's calls are what its machines make.
    () => (row.sightings.some(({ traits }) => traits.machineHours !== undefined) ? [] : each(byTokens)),
    () => whole(byNameAndRhythm(row, pattern)),
    () => each(byController),
    () => whole(byRhythm(pattern, hasGpu)),
    () => each(byStorage).map((found) => ({ ...found, confidence: row.isDeclared ? "high" : "medium" })),
    () => each(byInfrastructure),
  ];
  for (const group of groups) {
    const candidates = group();
    if (candidates.length > 0) return strongest(candidates);
  }
  return { value: "unknown", basis: "inferred", confidence: "low", evidence: [] };
}

const usesGpu = ({ traits: { gpuType, gpus = 0 } }: Sighting): boolean => gpuType !== undefined || gpus > 0;

const rank: Readonly<Record<Confidence, number>> = { high: 0, medium: 1, low: 2 };

function strongest(candidates: readonly Candidate[]): Known<WorkloadType> {
  const sorted = [...candidates].sort(
    (a, b) =>
      rank[a.confidence] - rank[b.confidence] ||
      b.weight - a.weight ||
      (a.type === b.type ? (a.ref < b.ref ? -1 : 1) : a.type < b.type ? -1 : 1),
  );
  const best = sorted[0] as Candidate;
  const disputed = sorted.some(
    ({ type, confidence }) => type !== best.type && confidence === best.confidence,
  );
  const less: Confidence = best.confidence === "high" ? "medium" : "low";
  return {
    value: best.type,
    basis: "inferred",
    confidence: disputed ? less : best.confidence,
    evidence: evidenceOf(sorted),
  };
}

/** One line for all that say the same in one source, with the costliest of them. */
function evidenceOf(candidates: readonly Candidate[]): Evidence[] {
  const alike = new Map<string, { readonly first: Candidate; count: number }>();
  for (const candidate of candidates) {
    const key = `${candidate.source}\n${candidate.type}\n${candidate.what}`;
    const found = alike.get(key) ?? { first: candidate, count: 0 };
    alike.set(key, found);
    found.count++;
  }
  return [...alike.values()].map(({ first: { source, ref, type, what }, count }) => ({
    source,
    ref,
    what: `${type}: ${what}${count === 1 ? "" : `; so say ${count - 1} more`}`,
  }));
}

const bursty: ReadonlySet<WorkloadType> = new Set(["training", "fine-tuning", "batch-inference", "pipeline"]);

/** A word alone is a hint; a rhythm that fits it makes two. */
function byNameAndRhythm(row: Inferable, pattern: UsagePattern | undefined): Suggestion | undefined {
  const computes = row.sightings.some(
    (each) => each.traits.machineHours !== undefined || each.traits.images !== undefined || usesGpu(each),
  );
  if (!computes) return undefined;
  const texts = [row.name, ...row.sightings.map(({ name = "" }) => name)];
  const words = [
    ...texts.flatMap(wordsIn),
    ...row.sightings.flatMap(({ source, ref, traits: { words = [] } }) => [
      ...(source === "terraform" ? wordsIn(ref) : []),
      ...words,
    ]),
  ];
  const own = typeSuggested(wordsIn(row.name)) ?? typeSuggested(words);
  if (own === undefined) return undefined;
  const { type, word } = own;
  if (pattern === undefined) return { type, confidence: "low", what: `"${word}" in its name or command` };
  const fits = bursty.has(type) ? pattern.shape !== "always" : pattern.shape !== "bursts";
  return {
    type,
    confidence: fits ? "medium" : "low",
    what: `"${word}" in its name or command, and it ${fits ? "runs as such things do" : "does not run as such things do"}: ${rhythm(pattern)}`,
  };
}

/** A GPU that is always on may be an endpoint or a forgotten notebook: that is not guessed. */
function byRhythm(pattern: UsagePattern | undefined, hasGpu: boolean): Suggestion | undefined {
  if (pattern === undefined) return undefined;
  const what = `${hasGpu ? "GPU" : "CPU"} machines, ${rhythm(pattern)}`;
  if (pattern.shape === "bursts") return { type: hasGpu ? "training" : "pipeline", confidence: "low", what };
  return hasGpu ? undefined : { type: "cpu-service", confidence: "low", what };
}

const rhythm = ({ runRatio, starts }: UsagePattern): string =>
  `up ${Math.round(runRatio * 100)} % of its time, started ${starts} ${starts === 1 ? "time" : "times"}`;
