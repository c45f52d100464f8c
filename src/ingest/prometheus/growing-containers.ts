import { type ContainerColumns, UNKNOWN } from "#facts/cluster-usage.ts";

type Column = Uint8Array | Int32Array | Float64Array;

/** Columns of containers that are found one after the other; they double when they are full. */
export interface GrowingContainers {
  /** The container's index; made with `steps` steps from `first` on where it is new. */
  readonly indexOf: (pod: number, name: string, first: number, steps: number) => number;
  /** The container's index; UNKNOWN if there is none. */
  readonly find: (pod: number, name: string) => number;
  /** The columns as they are now; another container may replace them. */
  readonly columns: () => Columns;
  /** Cut to their length. */
  readonly finish: () => ContainerColumns;
}

export interface Columns {
  readonly charged: Uint8Array;
  readonly cpuRequest: Int32Array;
  readonly cpuUsage: Int32Array;
  readonly ramRequest: Float64Array;
  readonly ramUsage: Float64Array;
  /** Per container. */
  readonly offset: readonly number[];
  readonly first: readonly number[];
}

/**
 * Containers of pods whose steps are known when they are found.
 * @param expected steps of all of them, as far as can be foreseen
 */
export function growingContainers(expected: number): GrowingContainers {
  const names: string[] = [];
  const pods: number[] = [];
  const first: number[] = [];
  const offset: number[] = [0];
  const found = new Map<string, number>();
  let size = Math.max(1024, expected);
  let columns = {
    charged: new Uint8Array(size),
    cpuRequest: new Int32Array(size).fill(UNKNOWN),
    cpuUsage: new Int32Array(size).fill(UNKNOWN),
    ramRequest: new Float64Array(size).fill(UNKNOWN),
    ramUsage: new Float64Array(size).fill(UNKNOWN),
    offset,
    first,
  };
  const growTo = (length: number): void => {
    while (size < length) size *= 2;
    const { charged, cpuRequest, cpuUsage, ramRequest, ramUsage } = columns;
    columns = {
      charged: moved(charged, new Uint8Array(size), 0),
      cpuRequest: moved(cpuRequest, new Int32Array(size), UNKNOWN),
      cpuUsage: moved(cpuUsage, new Int32Array(size), UNKNOWN),
      ramRequest: moved(ramRequest, new Float64Array(size), UNKNOWN),
      ramUsage: moved(ramUsage, new Float64Array(size), UNKNOWN),
      offset,
      first,
    };
  };
  return {
    indexOf: (pod, name, from, steps) => {
      const id = idOf(pod, name);
      const before = found.get(id);
      if (before !== undefined) return before;
      const index = names.length;
      const end = (offset[index] ?? 0) + steps;
      if (end > size) growTo(end);
      found.set(id, index);
      names.push(name);
      pods.push(pod);
      first.push(from);
      offset.push(end);
      return index;
    },
    find: (pod, name) => found.get(idOf(pod, name)) ?? UNKNOWN,
    columns: () => columns,
    finish: () => {
      const length = offset.at(-1) ?? 0;
      return {
        name: names,
        pod: Int32Array.from(pods),
        first: Int32Array.from(first),
        offset: Int32Array.from(offset),
        charged: columns.charged.subarray(0, length),
        cpuRequest: columns.cpuRequest.subarray(0, length),
        cpuUsage: columns.cpuUsage.subarray(0, length),
        ramRequest: columns.ramRequest.subarray(0, length),
        ramUsage: columns.ramUsage.subarray(0, length),
      };
    },
  };
}

const idOf = (pod: number, name: string): string => `${pod} ${name}`;

function moved<C extends Column>(from: C, to: C, fill: number): C {
  to.set(from);
  to.fill(fill, from.length);
  return to;
}
