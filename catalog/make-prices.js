// Makes the catalogue of prices, machines and accelerators: node catalog/make-prices.js <folder with the public tables> [--to <folder>] [--accept]
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { acceleratorHead, acceleratorLine } from "./make/accelerators.js";
import { readTables, sources } from "./make/lists.js";
import { readCsv } from "./make/read-csv.js";
import { review } from "./make/review.js";

/** All files of the catalogue that are loaded for a price. */
const MOST_BYTES = 500_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { to: { type: "string", default: import.meta.dirname }, accept: { type: "boolean", default: false } },
});
const at = (name) => path.join(values.to, name);
const [folder] = positionals;
if (folder === undefined) throw new Error("Name the folder that holds aws_ec2_ondemand.csv, gcp_compute.csv and the others.");
const tables = await readTables(folder);
const others = await otherPrices();
const offered = [...tables.prices, ...others.prices];
refuseBadPrices(offered);
const { prices, held, former } = review(offered, await formerPrices(), values.accept);
const book = bookText(prices, { ...sources, ...others.sources });
const machines = machinesText(tables.machines);
const accelerators = await acceleratorsText(path.join(folder, "accelerator_specs.csv"));
const bytes = book.length + machines.length + accelerators.length;
if (bytes > MOST_BYTES) throw new Error(`The catalogue would be ${bytes} bytes; ${MOST_BYTES} is the most.`);
await writeFile(at("prices.json"), book);
await writeFile(at("machines.csv"), machines);
await writeFile(at("accelerators.csv"), accelerators);
console.log(`${prices.length} prices (${former} before), ${tables.machines.length} machine types, ${bytes} bytes.`);
for (const line of held) console.log(`Held for review, the former price stays: ${line}`);

/** Figures of one accelerator, dense and without sparsity. */
async function acceleratorsText(file) {
  const lines = (await readCsv(file)).map(acceleratorLine);
  return `# What accelerators can do: dense figures, without sparsity; an empty cell is unknown. LinkGBps is within a machine, in one direction. Made by make-prices.js.\n${acceleratorHead}\n${lines.join("\n")}\n`;
}

async function otherPrices() {
  const rows = await readCsv(new URL("other-prices.csv", import.meta.url));
  const own = {};
  const prices = rows.map(({ Provider, Service, Sku, Region, Unit, Price, Currency, AsOf, Source }) => {
    own[Source] = { name: Source, asOf: AsOf };
    return {
      provider: Provider, service: Service, sku: Sku, region: Region, purchase: "on-demand",
      unit: Unit, currency: Currency, source: Source, price: Price,
    };
  });
  return { prices, sources: own };
}

function refuseBadPrices(prices) {
  const seen = new Set();
  for (const row of prices) {
    const key = [row.provider, row.service, row.sku, row.region, row.purchase, row.unit].join(" ");
    if (!/^\d+(\.\d+)?$/.test(row.price) || Number(row.price) === 0) throw new Error(`${key}: "${row.price}" is not a price.`);
    if (seen.has(key)) throw new Error(`${key} occurs twice.`);
    seen.add(key);
  }
}

async function formerPrices() {
  const text = await readFile(at("prices.json"), "utf8").catch(() => undefined);
  if (text === undefined) return [];
  return JSON.parse(text).lists.flatMap(({ prices, ...list }) =>
    Object.entries(prices).map(([sku, price]) => ({ ...list, sku, price })),
  );
}

/** One list per provider, service, region, way of buying, unit, currency and source; one line each, so that a change is seen. */
function bookText(prices, sources) {
  const lists = new Map();
  for (const { sku, price, ...list } of prices) {
    const key = JSON.stringify([list.provider, list.service, list.region, list.purchase, list.unit, list.currency, list.source]);
    const found = lists.get(key) ?? { ...list, prices: {} };
    found.prices[sku] = price;
    lists.set(key, found);
  }
  const used = new Set([...lists.values()].map(({ source }) => source));
  const named = Object.entries(sources).filter(([id]) => used.has(id));
  const lines = [...lists].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => JSON.stringify(list));
  const sourceLines = named.map(([id, source]) => `${JSON.stringify(id)}: ${JSON.stringify(source)}`);
  return `{"format": 1,\n"sources": {\n${sourceLines.join(",\n")}\n},\n"lists": [\n${lines.join(",\n")}\n]}\n`;
}

function machinesText(machines) {
  const head = "Provider,InstanceType,VCpus,MemoryGiB,Accelerator,AcceleratorCount,Kind,Source";
  const lines = machines.map(({ provider, type, vCpus, memoryGiB, accelerator, count, kind, source }) =>
    [provider, type, vCpus, memoryGiB, accelerator, count, kind, source].join(","),
  );
  const bad = lines.find((line) => line.split(",").length !== 8 || line.includes("undefined") || line.includes('"'));
  if (bad !== undefined) throw new Error(`Not a line of the table: ${bad}`);
  return `# What machine types consist of. A count such as 1/8 is a shared accelerator; an empty cell is unknown. Made by make-prices.js.\n${head}\n${lines.join("\n")}\n`;
}
