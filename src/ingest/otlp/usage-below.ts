/** What the calls inside a span used. */
export interface UsageSum {
  readonly input: number;
  readonly output: number;
}

/**
 * Remembers what calls used by the spans that they run in, so that a span around them that repeats it is known, also where it comes with a
 * later request: a parent ends, and so is sent, after its children. The oldest are forgotten.
 */
export class UsageBelow {
  /** Span to its children's usage, by child: one that is sent twice counts once. */
  readonly #below = new Map<string, Map<string, UsageSum>>();
  readonly #most: number;

  /** @param mostSpans spans remembered; some 200 bytes each */
  constructor(mostSpans = 100_000) {
    this.#most = mostSpans;
  }

  add(traceId: string, parent: string, child: string, usage: UsageSum): void {
    if (parent === "") return;
    const key = traceId + parent;
    const children = this.#below.get(key);
    if (children !== undefined) {
      if (children.size < MOST_CHILDREN) children.set(child, usage);
      return;
    }
    this.#below.set(key, new Map([[child, usage]]));
    if (this.#below.size <= this.#most) return;
    const [oldest] = this.#below.keys();
    if (oldest !== undefined) this.#below.delete(oldest);
  }

  /** The sum over calls inside a span; null if none is known. */
  of(traceId: string, span: string): UsageSum | null {
    const children = this.#below.get(traceId + span);
    if (children === undefined) return null;
    let [input, output] = [0, 0];
    for (const usage of children.values()) {
      input += usage.input;
      output += usage.output;
    }
    return { input, output };
  }
}

const MOST_CHILDREN = 10_000;
