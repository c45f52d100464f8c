import { z } from "zod";
import { configurationSchema } from "./schema.ts";

/** What of a JSON Schema says which keys may stand where. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
}

/** The keys that may stand at a place of `plimsoll.yaml`; none where any name may. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let node: Node | undefined = z.toJSONSchema(configurationSchema, {
    io: "input",
    unrepresentable: "any",
  }) as Node;
  for (const part of path) {
    const named: Node | undefined = node?.properties?.[String(part)];
    const others: Node | boolean | undefined =
      typeof part === "number" ? node?.items : node?.additionalProperties;
    node = named ?? (typeof others === "object" ? others : undefined);
  }
  return Object.keys(node?.properties ?? {});
}
