import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { runChild } from "./run-child.ts";

const [NODES, WORKLOADS, DAYS] = [1000, 10, 3];
const plimsoll = fileURLToPath(new URL("../../bin/plimsoll.js", import.meta.url));

/** A bill of nodes by the hour, and who used them: what dividing takes is what the second import takes longer than one into an empty lake. */
export async function divisionBench(folder: string): Promise<string[]> {
  const own = path.join(folder, "division");
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  const [bill, allocation] = [path.join(own, "bill.csv"), path.join(own, "allocation.csv")];
  await pipeline(billRows, createWriteStream(bill));
  await pipeline(allocationRows, createWriteStream(allocation));
  const [alone, lake] = [path.join(own, "alone"), path.join(own, "lake")];
  const bring = (file: string, data: string, ...more: string[]): ReturnType<typeof runChild> =>
    runChild("node", [
      plimsoll,
      "import",
      file,
      "--data",
      data,
      "--source",
      path.basename(file, ".csv"),
      ...more,
    ]);
  const without = await bring(allocation, alone, "--role", "allocation");
  await bring(bill, lake);
  const before = await bytesOf(lake);
  const delivered = await bytesOf(alone);
  const with_ = await bring(allocation, lake, "--role", "allocation");
  const after = await bytesOf(lake);
  await rm(own, { recursive: true, force: true });
  const received = (NODES * 24 * DAYS * WORKLOADS) / 1e6;
  const took = with_.seconds - without.seconds;
  return [
    `${NODES} nodes, ${WORKLOADS} workloads each, ${DAYS} days by the hour: ${received.toFixed(2)} M received rows`,
    `import of the allocation ${without.seconds.toFixed(1)} s, with the division ${with_.seconds.toFixed(1)} s: ${took.toFixed(1)} s to divide, ${(took / received).toFixed(1)} s per million received rows`,
    `peak ${Math.round(with_.peakMiB)} MiB (${Math.round(without.peakMiB)} without), goal 1,500; the division takes ${((after - before - delivered) / 2 ** 20).toFixed(1)} MiB on the disk`,
  ];
}

const header = [
  "BilledCost",
  "EffectiveCost",
  "ContractedCost",
  "ListCost",
  "BillingCurrency",
  "BillingPeriodStart",
  "BillingPeriodEnd",
  "ChargePeriodStart",
  "ChargePeriodEnd",
  "ChargeCategory",
  "ServiceName",
  "ServiceCategory",
  "ResourceId",
  "PricingQuantity",
  "PricingUnit",
  "ConsumedQuantity",
  "ConsumedUnit",
  "Tags",
  "AllocatedResourceId",
  "AllocatedTags",
  "x_IdleKind",
];
const cell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lineOf = (row: Readonly<Record<string, string>>): string =>
  `${header.map((name) => cell(row[name] ?? "")).join(",")}\n`;

function* hours(): Generator<Record<string, string>> {
  for (let hour = 0; hour < DAYS * 24; hour++) {
    const time = (at: number): string => new Date(Date.UTC(2026, 6, 1, at)).toISOString().replace(".000", "");
    yield {
      BillingCurrency: "USD",
      BillingPeriodStart: "2026-07-01T00:00:00Z",
      BillingPeriodEnd: "2026-08-01T00:00:00Z",
      ChargePeriodStart: time(hour),
      ChargePeriodEnd: time(hour + 1),
      ChargeCategory: "Usage",
      ServiceCategory: "Compute",
    };
  }
}

const nodeId = (node: number): string => `i-${(node * 2654435761).toString(16).padStart(12, "0")}`;

function* billRows(): Generator<string> {
  yield `${header.join(",")}\n`;
  for (const hour of hours()) {
    let lines = "";
    for (let node = 0; node < NODES; node++) {
      const cost = `0.${String(192_000 + ((node * 7919) % 9973)).padStart(6, "0")}`;
      const costs = { BilledCost: cost, EffectiveCost: cost, ContractedCost: cost, ListCost: cost };
      const used = {
        PricingQuantity: "1",
        PricingUnit: "Hours",
        ConsumedQuantity: "1",
        ConsumedUnit: "Hours",
      };
      lines += lineOf({
        ...hour,
        ...costs,
        ...used,
        ServiceName: "EC2",
        ResourceId: nodeId(node),
        Tags: `{"team":"platform","pool":"p${node % 7}"}`,
      });
    }
    yield lines;
  }
}

function* allocationRows(): Generator<string> {
  yield `${header.join(",")}\n`;
  let state = 20260701;
  for (const hour of hours()) {
    let lines = "";
    for (let node = 0; node < NODES; node++) {
      for (let at = 0; at < WORKLOADS; at++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const workload = (node * 3 + at) % 500;
        const cost = (state / 2 ** 32).toFixed(12);
        const target =
          at === 0
            ? { x_IdleKind: "unallocated" }
            : {
                AllocatedResourceId: `prod/team-${workload % 20}/Deployment/app-${workload}`,
                AllocatedTags: `{"team":"team-${workload % 20}","app":"app-${workload}","version":"v${workload % 3}"}`,
              };
        lines += lineOf({
          ...hour,
          BilledCost: cost,
          EffectiveCost: cost,
          ServiceName: "Kubernetes",
          ResourceId: nodeId(node),
          ...target,
        });
      }
    }
    yield lines;
  }
}

async function bytesOf(data: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && entry.name.endsWith(".parquet"))
      bytes += (await stat(path.join(entry.parentPath, entry.name))).size;
  return bytes;
}
