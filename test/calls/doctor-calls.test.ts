import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { callsTable } from "#facts/call-columns.ts";
import { examineLake } from "#flows/doctor/examine-lake.ts";
import { importCalls } from "#flows/calls/import-calls.ts";
import { openDuckdb } from "#lake/engines/duckdb.ts";
import { eventsOf } from "#lake/events/event-days.ts";
import { readLake } from "#lake/snapshot.ts";
import { ownFolder } from "../imports/kit.ts";
import { call } from "./call-kit.ts";

test("the doctor finds a sum that is not that of the rows, and a file that is damaged or gone", async () => {
  const own = await ownFolder();
  const now = Date.UTC(2026, 6, 20);
  const lists = (async function* () {
    yield [call("a", { statedCost: "1", statedCurrency: "USD" }), call("b")];
  })();
  await importCalls(own.data, lists, { now });
  const health = async () => {
    const { verdict, events } = await examineLake(own.data, { now });
    return { verdict, ...events[0] };
  };
  expect(await health()).toMatchObject({ verdict: "healthy", rows: 2, imbalances: [], damaged: [] });

  const [day] = eventsOf((await readLake(own.data)).events, callsTable).days;
  const lake = path.join(own.data, "lake");
  const hour = path.join(lake, day?.rollups["calls_hour"] ?? "");
  const db = await openDuckdb({ folders: [lake] });
  await db.run(
    `copy (select * replace ("StatedCost" + 0.000000000000000001 as "StatedCost") from '${hour}') to '${hour}.new.parquet' (format parquet)`,
  );
  await db.run(`copy (from '${hour}.new.parquet') to '${hour}' (format parquet)`);
  db.close();
  await rm(`${hour}.new.parquet`);
  expect(await health()).toMatchObject({
    verdict: "unbalanced",
    imbalances: [
      {
        table: "calls_hour",
        day: "2026-07-14",
        figure: "StatedCost of gateway USD",
        expected: "1.000000000000000000",
        found: "1.000000000000000001",
      },
    ],
  });

  await writeFile(hour, "no Parquet");
  await rm(path.join(lake, day?.rollups["calls_day"] ?? ""));
  expect(await health()).toMatchObject({
    verdict: "damaged",
    damaged: [
      { file: day?.rollups["calls_hour"], why: expect.stringMatching(/can't be read/) as string },
      { file: day?.rollups["calls_day"], why: "is missing" },
    ],
  });
  await own.remove();
});
