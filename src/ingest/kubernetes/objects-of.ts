import { Problem } from "#units/problems.ts";
import { isFields, type KubernetesObject, listAt, textAt } from "./fields.ts";
import { isReadKind } from "./kinds.ts";

/** Objects that were found, and how many of each kind were passed over. */
export interface FoundObjects {
  readonly objects: readonly KubernetesObject[];
  readonly passedOver: Readonly<Record<string, number>>;
}

/** More than the largest cluster that Kubernetes supports has pods (150,000), with what controls them. */
export const MAX_OBJECTS = 500_000;

/**
 * The objects among parsed values: lists are opened, objects of kinds that are not read are counted.
 * @param file they come from, for messages
 * @throws Problem "kubernetes-invalid" for a value that is no object of a cluster, "input-too-large"
 */
export function objectsOf(values: readonly unknown[], file: string): FoundObjects {
  const objects: KubernetesObject[] = [];
  const passedOver = new Map<string, number>();
  let count = 0;
  const take = (value: unknown): void => {
    const [kind, apiVersion] = [textAt(value, "kind"), textAt(value, "apiVersion")];
    if (!isFields(value) || kind === undefined || apiVersion === undefined) throw noObject(value, file);
    if (Array.isArray(value["items"])) {
      // Items of a typed list, such as a PodList, carry neither kind nor version of their own.
      const own = kind === "List" ? {} : { kind: kind.replace(/List$/, ""), apiVersion };
      for (const item of listAt(value, "items")) take(isFields(item) ? { ...own, ...item } : item);
      return;
    }
    if (++count > MAX_OBJECTS)
      throw new Problem("input-too-large", `${file} holds more than ${MAX_OBJECTS} objects.`, {
        at: { file },
      });
    if (isReadKind(kind)) objects.push({ ...value, kind, apiVersion });
    else passedOver.set(kind, (passedOver.get(kind) ?? 0) + 1);
  };
  values.filter((value) => value !== null).forEach(take);
  return { objects, passedOver: Object.fromEntries(passedOver) };
}

function noObject(value: unknown, file: string): Problem {
  const keys = isFields(value) ? Object.keys(value).slice(0, 5).join(", ") : typeof value;
  return new Problem(
    "kubernetes-invalid",
    `${file} holds something that is no Kubernetes object: kind or apiVersion is missing (${keys}).`,
    { at: { file } },
  );
}
