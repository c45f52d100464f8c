import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printable, widthOf } from "./printable.ts";

test.each([
  ["Compute — EU", "Compute — EU"],
  ["two\nlines", "two␊lines"],
  ["\u001B[2J\u0007", "␛[2J␇"],
  ["\u001B]0;owned\u001B\\", "␛]0;owned␛\\"],
  ["\u009B31m", "\uFFFD31m"],
  ["a\u202Eb", "a\uFFFDb"],
  ["\u007F", "␡"],
])("%j is printed as %j", (text, shown) => expect(printable(text)).toBe(shown));

test("nothing that steers a terminal is left, and everything else is", () =>
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom("\u001B", "\n", "\r", "\u009B", "\u2028"),
          fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" }),
        ),
      }),
      (text) => {
        const shown = printable(text);
        expect(/\p{Cc}/u.test(shown)).toBe(false);
        expect(shown.length).toBe(text.length);
        expect(printable(shown)).toBe(shown);
      },
    ),
  ));

test.each([
  ["abc", 3],
  ["日本", 4],
  ["한글", 4],
  ["e\u0301", 1],
  ["ＡＢ", 4],
  ["🙂", 2],
  ["\u001B[1mab\u001B[22m", 2],
  ["", 0],
])("%j takes %d places", (text, places) => expect(widthOf(text)).toBe(places));
