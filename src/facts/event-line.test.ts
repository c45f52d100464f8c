import { describe, expect, test } from "vitest";
import { callsTable } from "./call-columns.ts";
import { eventLine } from "./event-line.ts";
import type { EventRow } from "./event-table.ts";

const row = {
  x_Source: "gateway",
  Id: "r1",
  StartTime: Date.UTC(2026, 6, 14),
  Provider: "openai",
  Operation: "chat",
  Status: "ok",
} as const satisfies EventRow;
const line = (more: EventRow): unknown => JSON.parse(eventLine(callsTable, { ...row, ...more }));

describe("an event as a line", () => {
  test("holds what is known, in the order of the columns", () =>
    expect(eventLine(callsTable, { ...row, Tier: "", StatedCost: null, Retry: false })).toBe(
      '{"x_Source":"gateway","Id":"r1","StartTime":1783987200000,"Provider":"openai","Operation":"chat","Status":"ok","Retry":false}',
    ));

  test("writes costs exactly and without an exponent", () => {
    expect(line({ StatedCost: "1.5E-7" })).toMatchObject({ StatedCost: "0.00000015" });
    expect(line({ StatedCost: "-.5" })).toMatchObject({ StatedCost: "-0.5" });
    expect(line({ StatedCost: "999999999999.000000000000000001" })).toMatchObject({
      StatedCost: "999999999999.000000000000000001",
    });
  });

  test("replaces what is no letter, and keeps every other one", () =>
    expect(line({ Step: "a\uD800b\u0000 \\ud800 😀", Attributes: { "k\uDC00": "v\u2028" } })).toMatchObject({
      Step: "a\uFFFDb\uFFFD \\ud800 😀",
      Attributes: { "k\uFFFD": "v\u2028" },
    }));

  test.each<[string, EventRow, RegExp]>([
    ["without its id", { Id: "" }, /calls of "gateway openai|calls of "gateway": Id is missing/],
    ["with a time of no clock", { StartTime: 0 }, /StartTime "0" is no time/],
    ["with a part of a token", { VisibleOutputTokens: 1.5 }, /VisibleOutputTokens "1.5" is no whole number/],
    ["with fewer than no tokens", { VisibleOutputTokens: -1 }, /is no whole number/],
    ["with more tokens than can be", { VisibleOutputTokens: 2e12 }, /is no whole number/],
    ["with a cost that is none", { StatedCost: "1,5" }, /StatedCost "1,5" is no decimal/],
    ["with a cost in floating point", { StatedCost: 0.1 }, /is no decimal/],
    ["with a cost beyond reason", { StatedCost: "1e999" }, /is no decimal/],
    ["with a number for a text", { Tier: 5 }, /Tier "5" is no text/],
    ["with an attribute that is no text", { Attributes: { team: 5 } }, /Attributes .* holds something else/],
    ["that holds a whole prompt", { Step: "x".repeat(300_000) }, /longer than 256 KiB/],
  ])("%s is refused", (_, wrong, message) => {
    expect(() => eventLine(callsTable, { ...row, ...wrong })).toThrow(message);
    expect(() => eventLine(callsTable, { ...row, ...wrong })).toThrow(
      expect.objectContaining({ code: "event-invalid" }),
    );
  });
});
