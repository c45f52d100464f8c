import { expect, test } from "vitest";
import { attributionGate } from "./attribution-gate.ts";
import type { SourceHealth } from "./source-health.ts";

const source = (role: SourceHealth["role"], ...costs: readonly [string, string, string][]): SourceHealth =>
  ({
    role,
    unattributed: costs.map(([currency, billedCost, withoutTeam]) => ({
      currency,
      billedCost,
      withoutTeam,
      withoutOwner: "0",
      withoutEnvironment: "0",
    })),
  }) as unknown as SourceHealth;

test("invoices are added up per currency; exactly the share that is wanted passes", () => {
  const sources = [
    source("invoice", ["USD", "6", "2"], ["EUR", "10", "2.000000000000000001"]),
    source("invoice", ["USD", "4", "0"]),
    source("estimate", ["USD", "1000", "1000"]),
  ];
  expect(attributionGate(sources).currencies).toEqual([
    { currency: "EUR", billedCost: "10", withTeam: "7.999999999999999999", passed: false },
    { currency: "USD", billedCost: "10", withTeam: "8", passed: true },
  ]);
  expect(attributionGate(sources, 81).currencies.map(({ passed }) => passed)).toEqual([false, false]);
});

test("where nothing was billed there is nothing to attribute", () =>
  expect(attributionGate([source("invoice", ["USD", "0", "0"])]).currencies[0]?.passed).toBe(true));
