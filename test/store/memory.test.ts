import { expect, test } from "vitest";
import { verifyAudit } from "#store/audit/verify-audit.ts";
import { decide } from "#store/decisions.ts";
import { ownFolder } from "../imports/kit.ts";
import { ada, inOpenStore } from "./both-stores.ts";

test("twenty thousand changes, and the walk over them, take no memory that stays", async () => {
  const { data, remove } = await ownFolder();
  await inOpenStore({ data }, async (store) => {
    const changes = (batch: number) =>
      Array.from({ length: 1000 }, (_, n) => ({ workload: `w${batch}-${n}`, field: "team", value: "a" }));
    await decide(store, ada(), changes(0));
    const before = process.memoryUsage().rss;
    for (let batch = 1; batch <= 20; batch++) await decide(store, ada(), changes(batch));
    expect(await verifyAudit(store)).toMatchObject({ kind: "whole", rows: 21_000 });
    // A statement that is not reused costs 5 kB, and a change has four.
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });
  await remove();
});
