import { type AcceleratorFigure, acceleratorFigures, type AcceleratorSpec } from "#facts/accelerator.ts";
import { listAccelerators } from "#flows/prices/list-accelerators.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim } from "#cli/colors.ts";
import { csv } from "#cli/csv.ts";
import { table } from "#cli/table.ts";

const figures = Object.keys(acceleratorFigures) as AcceleratorFigure[];
const columns = ["accelerator", "vendor", "formFactor", ...figures, "verified", "asOf", "source"];

/** `plimsoll prices accelerators`: specifications, and which of them were seen in a source. */
export async function acceleratorsCommand(
  name: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  if (options["json"] === true && options["csv"] === true)
    throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const specs = await listAccelerators(name);
  const rows = specs.map(cells);
  if (options["json"] === true) process.stdout.write(`${JSON.stringify({ rows }, null, 2)}\n`);
  else if (options["csv"] === true) process.stdout.write(csv(columns, rows));
  else process.stdout.write(text(specs));
}

const cells = (spec: AcceleratorSpec): Record<string, string | null> => ({
  accelerator: spec.name,
  vendor: spec.vendor,
  formFactor: spec.formFactor,
  ...Object.fromEntries(figures.map((figure) => [figure, spec.figures[figure] ?? null])),
  verified: spec.verified,
  asOf: spec.asOf,
  source: spec.source,
});

function text(specs: readonly AcceleratorSpec[]): string {
  const head = [
    "Accelerator",
    "Form",
    "GiB",
    "GB/s",
    "BF16",
    "FP8",
    "INT8",
    "FP4",
    "W",
    "Link GB/s",
    "Verified",
  ];
  const rows = specs.map((spec) => [
    spec.name,
    spec.formFactor,
    ...figures.map((figure) => spec.figures[figure] ?? "unknown"),
    spec.verified,
  ]);
  const right = head.map((_, index) => index > 1 && index < head.length - 1);
  const sources =
    specs.length > 3 ? [] : specs.map(({ name, source, asOf }) => dim(`${name}: ${source}, ${asOf}\n`));
  const note = dim(
    "Dense figures in TFLOPS and TOPS, without sparsity. --json and --csv name the source of each row.\n",
  );
  return `${bold("Accelerator specifications")}\n\n${table(head, rows, right)}\n${note}${sources.join("")}`;
}
