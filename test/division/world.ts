import { afterEach, beforeEach, expect } from "vitest";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import type { ImportResult } from "#flows/import/import-delivery.ts";
import { type LakePeriod, readLake } from "#lake/snapshot.ts";
import { books } from "../imports/books.ts";
import { csv } from "../imports/csv.ts";
import { bring, type OwnFolder, ownFolder } from "../imports/kit.ts";
import { leftovers } from "../imports/leftovers.ts";
import { type Cells, charge, HOUR, row, unused, used } from "./rows.ts";

export const now = Date.UTC(2026, 7, 3);

/** A node's hour of 2.00: a quarter each for two workloads, half of it nobody's; and 5.00 that no node is charged. */
export const small = {
  bill: [charge(0, "2"), row(0, HOUR, "5")],
  allocation: [used(0, "search", "0.1"), used(0, "vision", "0.1"), unused(0, "0.2")],
};
/** What teams bear of it. */
export const teams = { "-": "5", platform: "1", search: "0.5", vision: "0.5" };

/** A lake of each test's own. */
export interface World {
  readonly own: () => OwnFolder;
  readonly data: () => string;
  readonly bill: (rows: readonly Cells[], more?: Parameters<typeof bring>[2]) => Promise<ImportResult>;
  readonly allocation: (rows: readonly Cells[], source?: string) => Promise<ImportResult>;
  /** July of the bill, as it is in force. */
  readonly invoice: () => Promise<LakePeriod | undefined>;
  /** The books balance in every table, and nothing lies about. */
  readonly healthy: () => Promise<void>;
}

export function ownWorld(): World {
  let own: OwnFolder;
  beforeEach(async () => {
    own = await ownFolder();
  });
  afterEach(() => own.remove());
  return {
    own: () => own,
    data: () => own.data,
    bill: async (rows, more = {}) => bring(own.data, await own.write("bill.csv", csv(rows)), more),
    allocation: async (rows, source = "k8s") =>
      bring(own.data, await own.write(`${source}.csv`, csv(rows)), { source, role: "allocation" }),
    invoice: async () =>
      (await readLake(own.data)).periods.find(
        ({ source, billingPeriod }) => source === "aws" && billingPeriod === "2026-07",
      ),
    healthy: async () => {
      const { verdict, proof } = await examineLake(own.data, { now });
      expect({ verdict, imbalances: proof.imbalances }).toEqual({ verdict: "healthy", imbalances: [] });
      await books(own.data);
      const rules = /^rules(\/|$)/;
      expect((await leftovers(own.data, now)).filter((name) => !rules.test(name))).toEqual([]);
    },
  };
}
