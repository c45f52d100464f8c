import type { Quotient } from "./quotient.ts";

/** A point of whole numbers. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** A least-squares line through points, as exact sums: `xx` is n·Σx² − (Σx)², and so on. */
export interface Line {
  readonly count: number;
  readonly x: bigint;
  readonly y: bigint;
  readonly xx: bigint;
  readonly xy: bigint;
  readonly yy: bigint;
}

/**
 * The least-squares line y = intercept + slope · x.
 * @returns undefined if the points have fewer than two different x
 */
export function fitLine(points: readonly Point[]): Line | undefined {
  const n = BigInt(points.length);
  const sum = (of: (point: Point) => bigint): bigint => points.reduce((all, point) => all + of(point), 0n);
  const x = sum((point) => point.x);
  const y = sum((point) => point.y);
  const xx = n * sum((point) => point.x * point.x) - x * x;
  if (xx === 0n) return undefined;
  const xy = n * sum((point) => point.x * point.y) - x * y;
  const yy = n * sum((point) => point.y * point.y) - y * y;
  return { count: points.length, x, y, xx, xy, yy };
}

/** The line's exact y at x. */
export const lineAt = ({ count, x, y, xx, xy }: Line, at: bigint): Quotient => ({
  over: y * xx + xy * (BigInt(count) * at - x),
  under: BigInt(count) * xx,
});

/** The exact change of y per 1 of x. */
export const slopeOf = ({ xx, xy }: Line): Quotient => ({ over: xy, under: xx });

/** The share of y's variance that the line explains, 0 to 1; undefined if y does not vary. */
export const explainedRatio = ({ xx, xy, yy }: Line): number | undefined =>
  yy === 0n ? undefined : (Number(xy) / Number(xx)) * (Number(xy) / Number(yy));

/** The standard error of one new y at x: that of the line there, and the points' scatter about it. Needs three points. */
export function predictionError(line: Line, at: bigint): number {
  return scatter(line) * Math.sqrt(1 + 1 / line.count + distance(line, at) ** 2);
}

/** The standard error of the difference between the line at x and at the mean of its points. Needs three points. */
export const shiftError = (line: Line, at: bigint): number => scatter(line) * distance(line, at);

/** Standard deviation of the points about the line. */
function scatter({ count, xx, xy, yy }: Line): number {
  // The exact numerator can't be negative, as it could be in floats where the line fits perfectly.
  const squares = Number(yy * xx - xy * xy) / Number(xx) / count;
  return Math.sqrt(squares / (count - 2));
}

/** How far x is from the points' mean, in roots of Σ(x − mean)². */
const distance = ({ count, x, xx }: Line, at: bigint): number =>
  Math.abs(Number(BigInt(count) * at - x)) / Math.sqrt(Number(xx)) / Math.sqrt(count);
