import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMatrix } from "./decode-matrix.ts";

type Series = { metric: Record<string, string>; values: [number, string][] };

function decoded(text: string): { labels: unknown; values: [number, number][] }[] {
  const found: { labels: unknown; values: [number, number][] }[] = [];
  decodeMatrix(Buffer.from(text), (labels) => {
    const values: [number, number][] = [];
    found.push({ labels: JSON.parse(labels), values });
    return (time, value) => values.push([time, value]);
  });
  return found;
}
const answer = (result: readonly Series[]) => ({ status: "success", data: { resultType: "matrix", result } });
const one = (values: [number, string][]): Series => ({ metric: { pod: "a" }, values });
const values = (...texts: string[]): number[] =>
  (decoded(JSON.stringify(answer([one(texts.map((text, at) => [at, text]))])))[0]?.values ?? []).map(
    ([, value]) => value,
  );

describe("an answer of query_range", () => {
  test("labels and samples of each series, in order", () =>
    expect(
      decoded(
        JSON.stringify(
          answer([
            {
              metric: { pod: 'a"}]\\' },
              values: [
                [1751328000, "0.25"],
                [1751328300.5, "3"],
              ],
            },
            { metric: {}, values: [] },
          ]),
        ),
      ),
    ).toEqual([
      {
        labels: { pod: 'a"}]\\' },
        values: [
          [1751328000, 0.25],
          [1751328300.5, 3],
        ],
      },
      { labels: {}, values: [] },
    ]));

  test("every way that a number is written", () =>
    expect(
      values("-0.5", "1e+06", "1.5e-07", "+Inf", "-Inf", "NaN", "0", "137438953472", "12345678901234567890"),
    ).toEqual([-0.5, 1e6, 1.5e-7, Infinity, -Infinity, NaN, 0, 137438953472, 12345678901234500000]));

  test("blanks, other members and warnings are stepped over", () =>
    expect(
      decoded(
        `{ "status" : "success", "warnings": ["a]}"], "data" : {"resultType":"matrix","stats":{"a":[{}]},\n "result" : [ {"metric" : {"pod":"a"}, "exemplars":[[1]], "values" : [ [1 , "2"] , [3,"4"] ] } ] } }`,
      ),
    ).toEqual([
      {
        labels: { pod: "a" },
        values: [
          [1, 2],
          [3, 4],
        ],
      },
    ]));

  test("agrees with JSON.parse, whatever the doubles", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2_000_000_000), fc.double({ noNaN: true, noDefaultInfinity: true }))),
        (samples) => {
          const [series] = decoded(
            JSON.stringify(answer([one(samples.map(([time, value]) => [time, String(value)]))])),
          );
          samples.forEach(([time, value], index) => {
            const [at, read] = series?.values[index] ?? [NaN, NaN];
            expect(at).toBe(time);
            // 15 significant digits.
            expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-14);
          });
        },
      ),
    ));

  const sound = JSON.stringify(
    answer([
      one([
        [1, "2"],
        [3, "4"],
      ]),
    ]),
  );
  test("one that is cut off anywhere, or is something else, is refused with its place", () => {
    for (let length = 0; length < sound.length; length++)
      expect(() => decoded(sound.slice(0, length)), String(length)).toThrow(
        /not a matrix of Prometheus: .* at byte \d+/,
      );
    for (const text of [
      "<html>",
      "[]",
      "{}",
      `{"data":{"result":{}}}`,
      `{"data":{"result":[{"values":[[1,"2"]]}]}}`,
    ])
      expect(() => decoded(text), text).toThrow(expect.objectContaining({ code: "answer-invalid" }) as Error);
  });
  test("deep nesting where nothing is expected does no harm", () =>
    expect(() => decoded(`{"x":${"[".repeat(1_000_000)}`)).toThrow(/without end/));
});
