import type { Inventory, Unnamed } from "#flows/inventory/answer-inventory.ts";
import type { Evidence, Known, Workload } from "#facts/workload.ts";
import { workloadFields } from "#facts/workload.ts";
import { formatInstant } from "#units/instant.ts";
import { formatMoney, sumByCurrency } from "#units/money.ts";
import { bold, dim } from "./colors.ts";
import { amount, count, day, many } from "./format.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** The inventory for people: a row a workload, what belongs to none, and on request where it was looked. */
export function inventoryText(inventory: Inventory, explain: boolean): string {
  const { workloads, all, window } = inventory;
  const shown =
    workloads.length === all ? many(all, "workload") : `${workloads.length} of ${many(all, "workload")}`;
  const span = window === undefined ? "" : ` · EffectiveCost, ${day(window.start)} to ${day(window.end)}`;
  const head = `${bold(`Workloads · ${shown}${span}`)}\n\n`;
  const body = workloads.length === 0 ? noneText(inventory) : rowsText(workloads);
  const notes = [...unnamedNotes(inventory), ...inventory.notes]
    .map((note) => `${dim(printable(note))}\n`)
    .join("");
  return `${head}${body}${notes === "" ? "" : `\n${notes}`}${explain ? lookedText(inventory) : ""}`;
}

/** A filter that is too narrow, or a time of which there is nothing. */
const noneText = ({ all, window }: Inventory): string =>
  all === 0 && window !== undefined
    ? `No workload of ${day(window.start)} to ${day(window.end)}; plimsoll periods lists what the lake holds.\n`
    : "No workload matches.\n";

function rowsText(workloads: readonly Workload[]): string {
  const rows = workloads.map((workload) =>
    [
      workload.id,
      workload.type.value,
      workload.type.value === "unknown" ? "" : workload.type.basis,
      workload.type.value === "unknown" ? "" : workload.type.confidence,
      workload.owner?.value ?? "unknown",
      workload.team?.value ?? "unknown",
      workload.environment?.value ?? "unknown",
      costText(workload),
    ].map(printable),
  );
  const head = ["Workload", "Type", "Basis", "Confidence", "Owner", "Team", "Environment", "Cost"];
  return table(head, rows, [false, false, false, false, false, false, false, true]);
}

const costText = ({ costs }: Workload): string =>
  costs.length === 0
    ? "unknown"
    : costs.map(({ units, currency }) => `${amount(units)} ${currency}`).join(" + ");

function unnamedNotes({ withoutResource, rest, workloads, totals, all }: Inventory): string[] {
  const together = sumByCurrency([...totals, ...[...withoutResource, ...rest].map(({ cost }) => cost)]);
  const told = ({ cost, charges }: Unnamed): string =>
    `${amount(cost.units)} ${cost.currency} of ${many(charges, "charge")}`;
  const unpriced = workloads.reduce((sum, workload) => sum + workload.unpricedCharges, 0);
  return [
    ...(withoutResource.length === 0
      ? []
      : [`Charges of no resource, such as taxes, are in no row: ${withoutResource.map(told).join(", ")}.`]),
    ...rest.map(
      (each) =>
        `${many(each.resources, "resource")} below the limit are in no row: ${told(each)}. Name more with --top.`,
    ),
    ...(together.length === 0 || workloads.length !== all
      ? []
      : [
          `All of it together: ${together.map(({ units, currency }) => `${amount(units)} ${currency}`).join(" + ")}, what is charged for that time.`,
        ]),
    ...(unpriced === 0
      ? []
      : [`The EffectiveCost of ${many(unpriced, "charge")} is unknown: not in the sums, and not zero.`]),
  ];
}

function lookedText({ looked, query }: Inventory): string {
  const lines = looked.map(({ source, what }) => `  ${source.padEnd(11)} ${what}`);
  const asked = query === undefined ? "" : `\n${query}\n`;
  return `\n${bold("Where it was looked")}\n${lines.join("\n")}\n${asked}`;
}

const MOST_EVIDENCE = 8;
const MOST_MEMBERS = 20;

/** One workload with every value's evidence and all that belongs to it. */
export function workloadText(workload: Workload): string {
  const { id, type, firstSeen, lastSeen, gpusRequested } = workload;
  const values = [
    valueText("type", type),
    ...workloadFields.map((field) => valueText(field, workload[field])),
  ];
  const times =
    firstSeen === undefined || lastSeen === undefined
      ? "unknown"
      : `${formatInstant(firstSeen)} to ${formatInstant(lastSeen)}`;
  const cost = workload.costs.length === 0 ? "unknown" : workload.costs.map(formatMoney).join(" + ");
  const gpus = gpusRequested === undefined ? "" : `\nGPUs asked for in clusters: ${gpusRequested}`;
  return `${bold(printable(id))}
Cost (EffectiveCost): ${cost}
Seen: ${times}${gpus}

${values.join("\n")}
${membersText(workload)}`;
}

function valueText(name: string, known: Known<string> | undefined): string {
  if (known === undefined) return `${bold(name)}: unknown\n`;
  const how = known.value === "unknown" ? "nothing tells" : `${known.basis}, confidence ${known.confidence}`;
  return `${bold(name)}: ${printable(known.value)} ${dim(`(${how})`)}\n${evidenceText(known.evidence)}`;
}

function evidenceText(evidence: readonly Evidence[]): string {
  const lines = evidence
    .slice(0, MOST_EVIDENCE)
    .map(({ source, ref, what }) => `  ${source} ${printable(ref)}: ${printable(what)}\n`);
  const more = evidence.length - MOST_EVIDENCE;
  return `${lines.join("")}${more > 0 ? dim(`  and ${count(more)} more; --json has all\n`) : ""}`;
}

function membersText({ members }: Workload): string {
  const rows = members
    .slice(0, MOST_MEMBERS)
    .map(({ source, ref, name, link }) =>
      [source, ref, name ?? "", link.confidence, link.what].map(printable),
    );
  const more = members.length - MOST_MEMBERS;
  return `${bold(many(members.length, "resource"))}\n${table(["Source", "What", "Name", "Confidence", "Why it belongs here"], rows)}${
    more > 0 ? dim(`and ${count(more)} more; --json has all\n`) : ""
  }`;
}
