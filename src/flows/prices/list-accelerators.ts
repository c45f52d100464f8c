import { type AcceleratorSpec, acceleratorsNamed } from "#facts/accelerator.ts";
import { didYouMean } from "#facts/nearest-names.ts";
import { Problem } from "#units/problems.ts";
import { shippedAccelerators } from "./shipped-catalogue.ts";

/**
 * What accelerators can do, all of them or those of one name in any spelling.
 * @throws Problem "sku-unknown" with the nearest names
 */
export async function listAccelerators(name?: string): Promise<readonly AcceleratorSpec[]> {
  const specs = await shippedAccelerators();
  if (name === undefined) return specs;
  const found = acceleratorsNamed(specs, name);
  if (found.length > 0) return found;
  const near = didYouMean(name, [...new Set(specs.map((spec) => spec.name))]);
  throw new Problem("sku-unknown", `There is no specification of an accelerator "${name}".${near}`, {
    at: { value: name },
    hint: "Run plimsoll prices accelerators for all of them.",
  });
}
