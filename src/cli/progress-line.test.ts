import { describe, expect, test } from "vitest";
import { progressLine } from "./progress-line.ts";

/** A terminal that keeps what is written, and a clock that is set by hand. */
function stage(isTTY = true): { written: string[]; stream: NodeJS.WriteStream; clock: { ms: number } } {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { written, stream, clock: { ms: 0 } };
}
// eslint-disable-next-line no-control-regex -- what a terminal swallows
const shown = (text = ""): string => text.replaceAll(/\r|\u001B\[[0-9]*[mK]/g, "");

describe("the progress line", () => {
  test("is silent where nobody looks", () => {
    const { written, stream } = stage(false);
    const line = progressLine(stream, () => 0);
    line.show("read", 1, 2, "rows");
    line.end();
    expect(written).toEqual([]);
  });

  test("shows the step, its share, the rate and the time left", () => {
    const { written, stream, clock } = stage();
    const line = progressLine(stream, () => clock.ms);
    line.show("read", 0, 8_000_000, "bytes");
    clock.ms = 2000;
    line.show("read", 2_000_000, 8_000_000, "bytes");
    expect(shown(written[0])).toBe(`read       ${"░".repeat(24)}   0 %`);
    expect(shown(written[1])).toBe(`read       ${"█".repeat(6)}${"░".repeat(18)}  25 % 1 MB/s 6 s left`);
  });

  test("says what is waited for", () => {
    const { written, stream, clock } = stage();
    const line = progressLine(stream, () => clock.ms);
    for (const waited of [1, 2]) {
      clock.ms = waited * 1000;
      line.show("waiting", waited, 5, "seconds");
    }
    expect(shown(written.at(-1))).toMatch(
      /^waiting .* 40 % for another process that is writing to this lake$/,
    );
  });

  test("is written at most ten times a second, and always at the end of a step", () => {
    const { written, stream, clock } = stage();
    const line = progressLine(stream, () => clock.ms);
    for (let done = 0; done <= 1000; done++) {
      clock.ms = done;
      line.show("rows", done, 1000, "rows");
    }
    expect(written.length).toBe(11);
    expect(shown(written.at(-1))).toContain("100 %");
  });

  test("a new step starts its own clock", () => {
    const { written, stream, clock } = stage();
    const line = progressLine(stream, () => clock.ms);
    line.show("read", 10, 10, "rows");
    clock.ms = 60_000;
    line.show("sort", 1, 10, "rows");
    expect(shown(written.at(-1))).not.toContain("left");
  });

  test("more than was expected is 100 %, nothing of nothing is 0 %", () => {
    const { written, stream } = stage();
    const line = progressLine(stream, () => 0);
    line.show("a", 20, 10, "rows");
    line.show("b", 0, 0, "steps");
    expect(written.map(shown)).toEqual([expect.stringContaining("100 %"), expect.stringContaining("  0 %")]);
  });

  test("leaves the line empty when it ends", () => {
    const { written, stream } = stage();
    const line = progressLine(stream, () => 0);
    line.show("a", 1, 2, "rows");
    line.end();
    expect(written.at(-1)).toBe("\r\u001B[2K");
  });
});
