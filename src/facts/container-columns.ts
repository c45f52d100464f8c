import { type ContainerColumns, UNKNOWN } from "./cluster-usage.ts";

/** A container and the steps between its first and its last, which its columns cover. */
export interface ContainerSpan {
  readonly name: string;
  readonly pod: number;
  /** Its first step. */
  readonly first: number;
  /** How many steps from there on. */
  readonly steps: number;
}

/** Columns for these containers with nothing known yet: not charged, amounts UNKNOWN. */
export function containerColumns(spans: readonly ContainerSpan[]): ContainerColumns {
  const offset = new Int32Array(spans.length + 1);
  spans.forEach(({ steps }, index) => (offset[index + 1] = (offset[index] ?? 0) + steps));
  const size = offset[spans.length] ?? 0;
  return {
    name: spans.map(({ name }) => name),
    pod: Int32Array.from(spans, ({ pod }) => pod),
    first: Int32Array.from(spans, ({ first }) => first),
    offset,
    charged: new Uint8Array(size),
    cpuRequest: new Int32Array(size).fill(UNKNOWN),
    cpuUsage: new Int32Array(size).fill(UNKNOWN),
    ramRequest: new Float64Array(size).fill(UNKNOWN),
    ramUsage: new Float64Array(size).fill(UNKNOWN),
  };
}
