import type { AllocateAnswer, UnpricedNode } from "#flows/allocate/allocation-answer.ts";
import type { Kept } from "#flows/allocate/keep-allocation.ts";
import type { UsedPrice } from "#flows/allocate/catalogue-prices.ts";
import type { ResultColumn, ResultRow } from "#flows/report/result-table.ts";
import { decimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { formatMoney } from "#units/money.ts";
import { bold, dim, yellow } from "./colors.ts";
import { amount, day, many, share } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

const UNKNOWN = "–";
/** Prices told singly. */
const MOST_PRICES = 8;
/** Details that --json and --csv have, and a line of a terminal has no place for. */
const DETAILS =
  /^(Gpu(Active|Unknown)Cost|UseKnownRatio|GpuActivityMetric|UnknownHours|CoreHours|RamGibHours)$/;

/** An allocation for people: the groups with their totals, what is unpriced or unknown, and on request what was asked. */
export function allocationText(answer: AllocateAnswer, explain: boolean): string {
  const { window, read, idle, stepSeconds } = answer;
  const head = `Allocation · ${day(window.start)} to ${day(window.end)} · steps of ${stepSeconds} s · idle ${idle}`;
  const what = `${many(read.nodes, "node")}, ${many(read.pods, "pod")}, ${many(read.containers, "container")}, ${many(read.gpus, "GPU")}`;
  const notes = notesOf(answer)
    .map((note) => `${yellow("!")} ${note}\n`)
    .join("");
  return `${bold(head)}\n${dim(what)}\n\n${rowsText(answer)}${notes === "" ? "" : `\n${notes}`}${explain ? explanation(answer) : ""}`;
}

function rowsText({ table: { columns, rows, totals } }: AllocateAnswer): string {
  const shown = columns.filter(
    ({ name, kind }) =>
      !DETAILS.test(name) && (kind !== "decimal" || rows.some((row) => !isNothing(row[name]))),
  );
  const lines = rows.map((row) => shown.map((column) => cell(row, column)));
  const sums = totals.map((row) =>
    shown.map((column) => (column.name === "Kind" ? "total" : column.name in row ? cell(row, column) : "")),
  );
  return table(
    shown.map(({ name }) => name),
    [...lines, ...sums],
    shown.map(({ kind }) => kind !== "text"),
    { bold: new Set(sums.map((_, index) => lines.length + index)) },
  );
}

const isNothing = (value: string | number | null | undefined): boolean =>
  value === undefined || value === null || value === "0";

function cell(row: ResultRow, { name, kind }: ResultColumn): string {
  const value = row[name] ?? null;
  if (value === null) return kind === "text" ? (name === "BillingCurrency" ? "unpriced" : "") : UNKNOWN;
  if (kind === "decimal") return amount(decimal(String(value)));
  return kind === "share" ? share(Number(value)) : printable(String(value));
}

function notesOf({ unpriced, pricesUsed, unseenNodeHours, table: { rows } }: AllocateAnswer): string[] {
  const unknownHours = rows.reduce((sum, row) => sum + Number(row["UnknownHours"] ?? 0), 0);
  return [
    ...(unpriced.length === 0
      ? []
      : [`${unpricedText(unpriced)} What ran there has no cost; that is not zero.`]),
    ...pricesUsed.slice(0, MOST_PRICES).map(usedText),
    ...(pricesUsed.length <= MOST_PRICES
      ? []
      : [`${pricesUsed.length - MOST_PRICES} more prices were used; --json lists them.`]),
    ...(unseenNodeHours === 0
      ? []
      : [`Nodes were not seen for ${hours(unseenNodeHours)} between their samples; these are not charged.`]),
    ...(unknownHours === 0
      ? []
      : [
          `Containers ran ${hours(unknownHours)} without a request and a measured use; these are not charged.`,
        ]),
  ];
}

/** Where a price of the catalogue is from; a node that nobody says to be spot is charged as on demand, and that is said. */
function usedText({ instanceType, region, purchase, purchaseKnown, price, nodes }: UsedPrice): string {
  const bought = purchaseKnown ? purchase : `${purchase} (no label says how it is bought)`;
  const age = price.ageDays === undefined ? "undated" : `${many(price.ageDays, "day")} old`;
  return `${many(nodes, "node")} ${printable(instanceType)} in ${printable(region)}, ${bought}: ${formatMoney(price.row.price)} an hour by the layer ${price.layer}, ${age}.`;
}

const hours = (number: number): string => `${amount(decimal(number.toFixed(4)))} hours`;

function unpricedText(nodes: readonly UnpricedNode[]): string {
  const shown = nodes
    .slice(0, 5)
    .map(({ node, instanceType, reason }) => `${node} (${instanceType ?? reason})`);
  const more = nodes.length > shown.length ? ` and ${nodes.length - shown.length} more` : "";
  const name = nodes.length === 1 ? "A node has" : `${nodes.length} nodes have`;
  return `${name} no price: ${printable(shown.join(", "))}${more}.`;
}

function explanation({ queries }: AllocateAnswer): string {
  const asked = Object.entries(queries).map(([name, query]) => `${dim(`# ${name}`)}\n${query}`);
  return `\n${bold("How this was answered")}\n${asked.join("\n")}\n`;
}

/** The same as one object; amounts are exact decimal texts. */
export function allocationJson(
  answer: AllocateAnswer & { readonly kept?: Kept },
  explain: boolean,
): Record<string, unknown> {
  const { window, table: result, queries, pricesUsed, ...rest } = answer;
  return {
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    ...rest,
    prices: pricesUsed.map(({ price: { row, layer, ageDays, stale }, ...used }) => ({
      ...used,
      price: formatMoney(row.price),
      unit: row.unit,
      layer,
      source: row.source,
      ageDays: ageDays ?? null,
      stale,
    })),
    columns: result.columns,
    rows: result.rows,
    totals: result.totals,
    ...(explain ? { explain: { queries } } : {}),
  };
}
