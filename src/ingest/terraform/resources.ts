import { Problem } from "#units/problems.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A resource as a state holds it, with the attributes that are not sensitive. */
export interface StateResource {
  /** `module.a.aws_instance.b["c"]` */
  readonly address: string;
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly attributes: Fields;
}

/** What a state file holds. */
export interface TerraformState {
  /** state: terraform.tfstate; shown: `terraform show -json`; prior: what a plan says exists already. */
  readonly form: "state" | "shown" | "prior";
  readonly resources: readonly StateResource[];
}

/** A state with more instances would not be planned in a day. */
const MAX_RESOURCES = 200_000;

/**
 * The managed resources of a state, in the form of version 4 or of `terraform show -json`. Of a plan, those that exist already: what it
 * would make is not there yet.
 * @param file for messages
 * @throws Problem "terraform-invalid", "input-too-large"
 */
export function stateResources(value: unknown, file: string): TerraformState {
  if (!isFields(value)) throw invalid(file, "it is no object");
  if ("planned_values" in value || "resource_changes" in value) {
    const prior = value["prior_state"];
    if (!isFields(prior) || !isFields(prior["values"]))
      throw invalid(
        file,
        "it is a plan of what does not exist yet",
        "Give the state: terraform show -json > state.json",
      );
    return { form: "prior", resources: bounded(shown(prior["values"], file), file) };
  }
  if ("format_version" in value) {
    const values = value["values"];
    return { form: "shown", resources: isFields(values) ? bounded(shown(values, file), file) : [] };
  }
  if (value["version"] === 4) return { form: "state", resources: bounded(stored(value, file), file) };
  if (typeof value["version"] === "number" && "terraform_version" in value)
    throw invalid(
      file,
      `it is a state of version ${value["version"]}`,
      "Terraform 0.12 and later write version 4: run terraform refresh with one of them.",
    );
  throw invalid(file, "it is neither a state of version 4 nor the output of terraform show -json");
}

function stored(state: Fields, file: string): StateResource[] {
  return list(state["resources"]).flatMap((resource) => {
    if (!isFields(resource)) throw invalid(file, "one of its resources is no object");
    const [type, name] = [text(resource["type"]), text(resource["name"])];
    if (text(resource["mode"]) !== "managed" || type === undefined || name === undefined) return [];
    const module = text(resource["module"]) ?? "";
    const provider = text(resource["provider"]) ?? "";
    return list(resource["instances"]).flatMap((instance): StateResource[] => {
      if (!isFields(instance) || !isFields(instance["attributes"])) return [];
      const key = instance["index_key"];
      const index = key === undefined || key === null ? "" : `[${JSON.stringify(key)}]`;
      const address = `${module === "" ? "" : `${module}.`}${type}.${name}${index}`;
      const hidden = new Set(list(instance["sensitive_attributes"]).flatMap(firstStep));
      const attributes = withoutHidden(instance["attributes"], hidden);
      return [{ address, module, type, name, provider, attributes }];
    });
  });
}

/** A sensitive path begins with the attribute's name; what lies below it goes with it. */
function firstStep(path: unknown): string[] {
  const [first] = list(path);
  const name = isFields(first) ? text(first["value"]) : undefined;
  return name === undefined ? [] : [name];
}

function shown(values: Fields, file: string): StateResource[] {
  const found: StateResource[] = [];
  const walk = (module: unknown, depth: number): void => {
    if (!isFields(module) || depth > 50) return;
    for (const resource of list(module["resources"])) {
      if (!isFields(resource)) throw invalid(file, "one of its resources is no object");
      const [type, name] = [text(resource["type"]), text(resource["name"])];
      const attributes = resource["values"];
      if (text(resource["mode"]) !== "managed" || type === undefined || name === undefined) continue;
      if (!isFields(attributes)) continue;
      const sensitive = resource["sensitive_values"];
      const hidden = new Set(
        isFields(sensitive) ? Object.keys(sensitive).filter((key) => isHidden(sensitive[key])) : [],
      );
      found.push({
        address: text(resource["address"]) ?? `${type}.${name}`,
        module: text(module["address"]) ?? "",
        type,
        name,
        provider: text(resource["provider_name"]) ?? "",
        attributes: withoutHidden(attributes, hidden),
      });
    }
    for (const child of list(module["child_modules"])) walk(child, depth + 1);
  };
  walk(values["root_module"], 0);
  return found;
}

/** true, or a list or object that has true somewhere inside. */
function isHidden(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  return Object.values(mark).some(isHidden);
}

const withoutHidden = (attributes: Fields, hidden: ReadonlySet<string>): Fields =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !hidden.has(name)));

function bounded(resources: StateResource[], file: string): StateResource[] {
  if (resources.length <= MAX_RESOURCES) return resources;
  throw new Problem("input-too-large", `${file} holds more than ${MAX_RESOURCES} resources.`, {
    at: { file },
  });
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const invalid = (file: string, what: string, hint?: string): Problem =>
  new Problem("terraform-invalid", `${file} is no Terraform state: ${what}.`, {
    at: { file },
    ...(hint === undefined ? {} : { hint }),
  });
