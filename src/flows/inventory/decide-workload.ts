import { didYouMean } from "#facts/nearest-names.ts";
import { type Assignment, type Workload, type WorkloadField, workloadFields } from "#facts/workload.ts";
import { type Decision, decide, decisionsInForce } from "#store/decisions.ts";
import { openExistingStore, openStore, withStore } from "#store/open-store.ts";
import type { StoreWhere } from "#store/store-where.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { answerInventory, findWorkload, workloadTypeNamed } from "./answer-inventory.ts";
import type { InventoryAsked } from "./inventory-asked.ts";

/** What can be decided of a workload. */
export const decidableFields: readonly (WorkloadField | "type")[] = ["type", ...workloadFields];

/** A value that a person gives a field; undefined takes former decisions back. */
export interface DecidedValue {
  readonly field: WorkloadField | "type";
  readonly value: string | undefined;
}

/**
 * Reads `field=value`; `field=` takes back what was decided.
 * @throws Problem "option-invalid" for a field or a type of workload that is none
 */
export function decidedValue(text: string): DecidedValue {
  const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(text) ?? [];
  const field = decidableFields.find((each) => each.toLowerCase() === name.trim().toLowerCase());
  if (field === undefined || !text.includes("="))
    throw new Problem(
      "option-invalid",
      `"${text}" decides nothing: write field=value.${didYouMean(name, decidableFields)}`,
      { hint: `The fields are ${decidableFields.join(", ")}.` },
    );
  const plain = value.trim();
  if (plain === "") return { field, value: undefined };
  return { field, value: field === "type" ? workloadTypeNamed(plain) : plain };
}

/** What people decided, as the inventory takes it; nothing where there is no state yet. */
export async function decidedAssignments(where: StoreWhere): Promise<Assignment[]> {
  const decisions = await withStore(openExistingStore(where), decisionsInForce).catch((cause: unknown) => {
    if (cause instanceof Problem && cause.code === "state-empty") return [];
    throw cause;
  });
  return decisions.flatMap(assignmentOf);
}

function assignmentOf({ workload, field, value, actor, at, reason }: Decision): Assignment[] {
  const known = decidableFields.find((each) => each === field);
  if (known === undefined || value === null) return [];
  const why = `decided on ${formatInstant(at).slice(0, 10)}${reason === "" ? "" : `: ${reason}`}`;
  return [{ workload, field: known, value, by: actor, why }];
}

/**
 * Keeps what a person says of a workload, with an audit row; it goes before tags, rules and inferences from now on.
 * @returns the workload as it is then
 * @throws Problem "workload-unknown", and those of `answerInventory` and the store
 */
export async function decideWorkload(
  where: StoreWhere,
  asked: InventoryAsked,
  workload: string,
  values: readonly DecidedValue[],
  by: { readonly actor: string; readonly at: number; readonly reason?: string },
): Promise<Workload> {
  const { workloads } = await answerInventory(asked, {}, await decidedAssignments(where));
  const { id } = findWorkload(workloads, workload);
  await withStore(openStore(where), (store) =>
    decide(
      store,
      { actor: by.actor, at: by.at },
      values.map(({ field, value }) => ({ workload: id, field, value: value ?? null, reason: by.reason })),
    ),
  );
  const after = await answerInventory(asked, {}, await decidedAssignments(where));
  return findWorkload(after.workloads, id);
}
