import { readFile, stat } from "node:fs/promises";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { ComponentPrices } from "#analysis/allocation/node-cost.ts";
import type { PodPrices } from "#analysis/allocation/pod-costs.ts";
import { decimal } from "#units/decimal.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { hourlyPrice, type NodePrices, type PricedNode } from "./node-prices.ts";

/** Prices of a cluster that is written down in a file. */
export interface ClusterPrices extends PodPrices {
  readonly node: NodePrices;
  /** True if volumes or network have prices, so that reading them is worth it. */
  readonly pricesVolumes: boolean;
  readonly pricesNetwork: boolean;
}

const LONGEST = 4 * 2 ** 20;
/** Text or number as it was written, so that no digit is lost. */
const amount = z
  .string()
  .regex(/^\d{1,20}(\.\d{1,18})?$/, "must be a plain decimal that is not negative, such as 1.006");
const currency = z.string().regex(/^[A-Z]{3}$/, "must be a currency's code such as USD");
const ratio = z.strictObject({ cpu: amount, ram: amount, gpu: amount });
const fileShape = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        node: z.string().optional(),
        cluster: z.string().optional(),
        instanceType: z.string().optional(),
        region: z.string().optional(),
        zone: z.string().optional(),
        capacityType: z.enum(["spot", "on-demand"]).optional(),
        hourly: amount,
        currency,
        ratio: ratio.optional(),
      }),
    )
    .default([]),
  storage: z
    .array(z.strictObject({ class: z.string().optional(), perGibHour: amount, currency }))
    .default([]),
  network: z.strictObject({ perGib: amount, currency }).optional(),
});
type PriceFile = z.infer<typeof fileShape>;

export const noPrices: ClusterPrices = {
  node: () => undefined,
  storagePerGibHour: () => undefined,
  networkPerGib: undefined,
  pricesVolumes: false,
  pricesNetwork: false,
};

/**
 * Reads a price file (YAML). Of its nodes the first whose every stated trait is the node's gives the price.
 * @throws Problem "source-not-found", "source-unreadable", "input-too-large", "price-file-invalid" with every fault's line and column
 */
export async function readPriceFile(path: string): Promise<ClusterPrices> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Problem("source-not-found", `There is no file ${path}.`, { at: { file: path }, cause });
  });
  if (found.size > LONGEST)
    throw new Problem("input-too-large", `${path} is longer than ${LONGEST} bytes.`, { at: { file: path } });
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Problem("source-unreadable", `${path} can't be read.`, { at: { file: path }, cause });
  });
  return clusterPrices(parsePrices(text, path));
}

function parsePrices(text: string, path: string): PriceFile {
  const lines = new LineCounter();
  // Numbers stay as they were written: a price is no float.
  const document = parseDocument(text, { lineCounter: lines, schema: "failsafe" });
  const at = (offset: number | undefined): { line: number; place: string } => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line, place: `${path}:${line}:${col}` };
  };
  const faults = document.errors.map(({ message, pos }): ProblemReport => {
    const { line, place } = at(pos[0]);
    return report(`${place}: ${message.split("\n")[0] ?? ""}`, path, line);
  });
  if (faults.length > 0) throw invalid(faults);
  const parsed = fileShape.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map(({ path: keys, message }) => {
      const { line, place } = at(offsetOf(document, keys));
      return report(`${place}: ${keys.join(".") || "the file"}: ${message}`, path, line);
    }),
  );
}

/** Where a key stands, or the nearest of those around it that is there. */
function offsetOf(
  document: ReturnType<typeof parseDocument>,
  keys: readonly PropertyKey[],
): number | undefined {
  for (let length = keys.length; length >= 0; length--) {
    const node = document.getIn(keys.slice(0, length), true) as { range?: [number, ...number[]] } | undefined;
    if (node?.range !== undefined) return node.range[0];
  }
  return undefined;
}

const report = (message: string, file: string, line: number): ProblemReport => ({
  code: "price-file-invalid",
  message,
  at: { file, line },
});

function invalid([first, ...others]: readonly ProblemReport[]): Problem {
  return new Problem("price-file-invalid", first?.message ?? "", {
    at: first?.at ?? {},
    hint: "docs/allocation.md shows a price file.",
    others,
  });
}

function clusterPrices({ nodes, storage, network }: PriceFile): ClusterPrices {
  const priced = nodes.map(({ hourly, currency, ratio: parts, node, ...traits }) => ({
    // The field is called `node` in the file and `name` where it is looked up.
    stated: Object.entries({ ...traits, name: node }).filter(([, value]) => value !== undefined),
    price: {
      hourly: hourlyPrice(hourly, currency),
      ...(parts === undefined ? {} : { ratio: ratioOf(parts) }),
    },
  }));
  return {
    node: (asked) =>
      priced.find(({ stated }) => stated.every(([key, value]) => asked[key as keyof PricedNode] === value))
        ?.price,
    storagePerGibHour: (storageClass) => {
      const found = storage.find((each) => each.class === undefined || each.class === storageClass);
      return found === undefined ? undefined : hourlyPrice(found.perGibHour, found.currency);
    },
    networkPerGib: network === undefined ? undefined : hourlyPrice(network.perGib, network.currency),
    pricesVolumes: storage.length > 0,
    pricesNetwork: network !== undefined,
  };
}

const ratioOf = ({ cpu, ram, gpu }: z.infer<typeof ratio>): ComponentPrices => ({
  cpu: decimal(cpu),
  ram: decimal(ram),
  gpu: decimal(gpu),
});
