import { answerInventory, findWorkload, workloadTypeNamed } from "#flows/inventory/answer-inventory.ts";
import {
  decidableFields,
  decidedAssignments,
  decidedValue,
  decideWorkload,
} from "#flows/inventory/decide-workload.ts";
import type { InventoryAsked } from "#flows/inventory/inventory-asked.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "#cli/csv.ts";
import { inventoryColumns, inventoryJson, inventoryRows, workloadJson } from "#cli/inventory-json.ts";
import { actor, stateUrl } from "#cli/environment.ts";
import { inventoryText, workloadText } from "#cli/inventory-text.ts";
import { choice, optionalText, positiveInteger, textList } from "#cli/options.ts";

/** `plimsoll inventory`: the workloads that charges, clusters and states know of; `show` explains one. */
export async function inventoryCommand(
  action: string | undefined,
  workload: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const does = action === undefined ? undefined : choice("inventory", action, ["show", "decide"]);
  if (does !== undefined && workload === undefined)
    throw new Problem("option-invalid", `plimsoll inventory ${does} needs the id of a workload.`, {
      hint: "plimsoll inventory lists them.",
    });
  refuseStray(does, options);
  const text =
    does === "decide" && workload !== undefined
      ? await decided(workload, options, is)
      : await written(workload, options, is);
  process.stdout.write(text);
}

/** What would be passed over in silence is a misunderstanding. */
function refuseStray(does: string | undefined, options: Record<string, unknown>): void {
  const stray = ["set", "reason", "actor"].find((option) => options[option] !== undefined);
  if (does !== "decide" && stray !== undefined)
    throw new Problem("option-invalid", `--${stray} is for plimsoll inventory decide.`, {
      hint: "Write plimsoll inventory decide <workload> --set type=training.",
    });
  if (does === "decide" && options["csv"] === true)
    throw new Problem("option-invalid", "plimsoll inventory decide answers as text or --json, not as CSV.");
}

const whereOf = (options: Record<string, unknown>): { data: string; url: string | undefined } => ({
  data: String(options["data"]),
  url: optionalText(options["state"]) ?? stateUrl(),
});

async function decided(
  workload: string,
  options: Record<string, unknown>,
  is: (option: string) => boolean,
): Promise<string> {
  const values = textList(options["set"]).map(decidedValue);
  if (values.length === 0)
    throw new Problem("option-invalid", "plimsoll inventory decide needs what is decided.", {
      hint: `Write --set type=training; the fields are ${decidableFields.join(", ")}.`,
    });
  const twice = values.find(({ field }, at) => values.findIndex((each) => each.field === field) !== at);
  if (twice !== undefined) throw new Problem("option-invalid", `${twice.field} is set twice.`);
  const reason = optionalText(options["reason"]);
  const by = {
    actor: optionalText(options["actor"]) ?? actor(),
    at: Date.now(),
    ...(reason === undefined ? {} : { reason }),
  };
  const after = await decideWorkload(whereOf(options), askedOf(options), workload, values, by);
  return is("json") ? `${JSON.stringify(workloadJson(after), null, 2)}\n` : workloadText(after);
}

async function written(
  workload: string | undefined,
  options: Record<string, unknown>,
  is: (option: string) => boolean,
): Promise<string> {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  const [type, team] = [optionalText(options["type"]), optionalText(options["team"])];
  const filter = {
    ...(type === undefined ? {} : { type: workloadTypeNamed(type) }),
    ...(team === undefined ? {} : { team }),
  };
  const inventory = await answerInventory(
    askedOf(options),
    filter,
    await decidedAssignments(whereOf(options)),
  );
  const shown = workload === undefined ? inventory.workloads : [findWorkload(inventory.workloads, workload)];
  if (is("csv")) return csv(inventoryColumns, inventoryRows(shown));
  const [only] = shown;
  if (workload === undefined || only === undefined)
    return is("json")
      ? json(inventoryJson(inventory, is("explain")))
      : inventoryText(inventory, is("explain"));
  return is("json") ? json(workloadJson(only)) : workloadText(only);
}

function askedOf(options: Record<string, unknown>): InventoryAsked {
  const given = (key: "from" | "to" | "period" | "kubeconfig"): Record<string, string> => {
    const value = optionalText(options[key]);
    return value === undefined ? {} : { [key]: value };
  };
  const top = optionalText(options["top"]);
  return {
    data: String(options["data"]),
    now: Date.now(),
    kubernetes: textList(options["k8s"]),
    terraform: textList(options["terraform"]),
    ...given("kubeconfig"),
    ...given("from"),
    ...given("to"),
    ...given("period"),
    ...(top === undefined ? {} : { top: positiveInteger("--top", top) }),
  };
}
