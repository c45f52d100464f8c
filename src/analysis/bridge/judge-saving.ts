import {
  explainedRatio,
  fitLine,
  type Line,
  lineAt,
  type Point,
  predictionError,
  shiftError,
  slopeOf,
} from "#methods/fit-line.ts";
import type { Quotient } from "#methods/quotient.ts";
import { studentTLimit, studentTWithin } from "#methods/student-t.ts";
import { divideRounded, ONE } from "#units/decimal.ts";
import { judgeGuardrails } from "./judge-guardrails.ts";
import type {
  BoundedSaving,
  Bounds,
  Estimate,
  MeasuredSaving,
  NotModelled,
  Saving,
  SavingQuestion,
  UsePeriod,
} from "./saving.ts";

/**
 * Whether a period cost less because work became cheaper or because there was less of it: the baseline's line of cost over volume, its
 * fixed part kept, is read at the period's volume.
 *
 *     from efficiency = line(volume) − cost          from less use = mean cost of the baseline − line(volume)
 *
 * @see IPMVP, avoided use with a regression of the baseline; ranges are those of ordinary least squares
 */
export function judgeSaving(question: SavingQuestion): Saving {
  const { baseline, reporting, minimumPeriods = 6 } = question;
  if (reporting.cost === undefined) return { kind: "unknown", why: "cost-unknown" };
  if (reporting.volume === undefined) return { kind: "unknown", why: "volume-unknown" };
  const at = { x: reporting.volume, y: reporting.cost };
  const points = baseline.flatMap(pointOf);
  const need = Math.max(3, minimumPeriods);
  const bounded = (kind: BoundedSaving["kind"], why: BoundedSaving["why"]): BoundedSaving => ({
    kind,
    currency: question.currency,
    have: points.length,
    need,
    why,
    ...boundsOf(points, at),
    guard: judgeGuardrails(question.guardrails),
  });
  if (points.length < need) return bounded("not-enough-data", "too-few-periods");
  const line = fitLine(points);
  if (line === undefined) return bounded("not-explained", "volume-constant");
  if (line.xy <= 0n) return bounded("not-explained", "cost-does-not-rise");
  return measured(question, points, line, at);
}

const pointOf = ({ cost, volume }: UsePeriod): Point[] =>
  cost === undefined || volume === undefined ? [] : [{ x: volume, y: cost }];

function measured(question: SavingQuestion, points: readonly Point[], line: Line, at: Point): MeasuredSaving {
  const { currency, guardrails, rangeProbability = 0.8 } = question;
  const limit = studentTLimit(rangeProbability, line.count - 2);
  const baselineMeanCost = rounded({ over: line.y, under: BigInt(line.count) });
  const adjustedBaselineCost = rounded(lineAt(line, at.x));
  const error = predictionError(line, at.x);
  const fromEfficiency = estimate(adjustedBaselineCost - at.y, error * limit);
  const fromLessUse = estimate(baselineMeanCost - adjustedBaselineCost, shiftError(line, at.x) * limit);
  const efficiency = signOf(fromEfficiency, "better", "worse");
  const use = signOf(fromLessUse, "less", "more");
  const notModelled = notModelledOf(question, points, line, at);
  return {
    kind: "measured",
    currency,
    verdict: verdictOf(efficiency, use),
    efficiency,
    use,
    baselineMeanCost,
    adjustedBaselineCost,
    reportingCost: at.y,
    fromEfficiency,
    fromLessUse,
    rangeProbability,
    confidence: confidenceOf(fromEfficiency.cost, error, line, notModelled.includes("outside-baseline")),
    line: {
      periods: line.count,
      fixedCost: rounded(lineAt(line, 0n)),
      costPerVolume: rounded({ ...slopeOf(line), over: slopeOf(line).over * ONE }),
      explainedRatio: explainedRatio(line),
    },
    notModelled,
    guard: judgeGuardrails(guardrails),
  };
}

const rounded = ({ over, under }: Quotient): bigint => divideRounded(over, under, "half-even");

function estimate(cost: bigint, halfWidth: number): Estimate {
  const width = BigInt(Math.round(halfWidth));
  return { cost, low: cost - width, high: cost + width };
}

function signOf<Above, Below>(
  { low, high }: Estimate,
  above: Above,
  below: Below,
): Above | Below | "unclear" {
  if (low > 0n) return above;
  return high < 0n ? below : "unclear";
}

function verdictOf(
  efficiency: MeasuredSaving["efficiency"],
  use: MeasuredSaving["use"],
): MeasuredSaving["verdict"] {
  if (efficiency === "better") return use === "less" ? "both" : "efficiency";
  if (use === "less") return "less-use";
  return efficiency === "worse" ? "neither" : "unclear";
}

function confidenceOf(
  cost: bigint,
  error: number,
  line: Line,
  outside: boolean,
): MeasuredSaving["confidence"] {
  const ratio =
    cost === 0n ? 0 : error === 0 ? 1 : studentTWithin(Math.abs(Number(cost)) / error, line.count - 2);
  const level = ratio >= 0.95 ? "high" : ratio >= 0.8 ? "medium" : "low";
  return { ratio, level: outside ? (level === "high" ? "medium" : "low") : level };
}

function notModelledOf(
  { baseline }: SavingQuestion,
  points: readonly Point[],
  line: Line,
  at: Point,
): NotModelled[] {
  const outside = points.every(({ x }) => x < at.x) || points.every(({ x }) => x > at.x);
  const notes: readonly (readonly [NotModelled, boolean])[] = [
    ["rates-and-mix", true],
    ["season-and-other-drivers", true],
    ["outside-baseline", outside],
    ["explains-little", (explainedRatio(line) ?? 1) < 0.75],
    ["negative-fixed-cost", lineAt(line, 0n).over < 0n],
    ["unknown-periods", points.length < baseline.length],
  ];
  return notes.filter(([, holds]) => holds).map(([note]) => note);
}

/** Without a line, cost is somewhere between fixed and proportional to volume. */
function boundsOf(
  points: readonly Point[],
  at: Point,
): Pick<BoundedSaving, "fromEfficiency" | "fromLessUse"> {
  const volume = points.reduce((sum, { x }) => sum + x, 0n);
  const cost = points.reduce((sum, { y }) => sum + y, 0n);
  if (volume <= 0n) return { fromEfficiency: undefined, fromLessUse: undefined };
  const mean = rounded({ over: cost, under: BigInt(points.length) });
  const proportional = rounded({ over: cost * at.x, under: volume });
  return {
    fromEfficiency: inOrder(mean - at.y, proportional - at.y),
    fromLessUse: inOrder(0n, mean - proportional),
  };
}

const inOrder = (a: bigint, b: bigint): Bounds => (a < b ? { low: a, high: b } : { low: b, high: a });
