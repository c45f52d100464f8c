/** An exact quotient of two whole numbers. */
export interface Quotient {
  readonly over: bigint;
  /** Above zero. */
  readonly under: bigint;
}
