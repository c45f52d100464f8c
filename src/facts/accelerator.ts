/** What an accelerator can do. Figures are decimals as text, dense and without sparsity; what is unknown is absent. */
export interface AcceleratorSpec {
  readonly name: string;
  readonly alsoCalled: readonly string[];
  readonly vendor: string;
  readonly formFactor: string;
  readonly figures: Readonly<Partial<Record<AcceleratorFigure, string>>>;
  /** Whether the figures were seen in the source: all, some, the memory's size alone, or none. */
  readonly verified: "yes" | "partly" | "memory only" | "no";
  /** YYYY-MM. */
  readonly asOf: string;
  readonly source: string;
}

/** The figures of a specification and what they are. */
export const acceleratorFigures = {
  MemoryGiB: "memory, GiB",
  MemoryGBps: "memory bandwidth, GB/s",
  DenseBf16Tflops: "BF16 or FP16, TFLOPS",
  DenseFp8Tflops: "FP8, TFLOPS",
  DenseInt8Tops: "INT8, TOPS",
  DenseFp4Tflops: "FP4, TFLOPS",
  TdpWatts: "power, W",
  LinkGBps: "link within a machine, GB/s in one direction",
} as const;
/** A figure of a specification. */
export type AcceleratorFigure = keyof typeof acceleratorFigures;

/** A row of catalog/accelerators.csv by its header. */
export type AcceleratorCells = Readonly<
  Record<
    | "Accelerator"
    | "AlsoCalled"
    | "Vendor"
    | "FormFactor"
    | "Verified"
    | "AsOf"
    | "Source"
    | AcceleratorFigure,
    string
  >
>;

/** An accelerator of the catalogue. */
export function acceleratorOf(cells: AcceleratorCells): AcceleratorSpec {
  const known = Object.keys(acceleratorFigures) as AcceleratorFigure[];
  const figures = known.flatMap((figure) => (cells[figure] === "" ? [] : [[figure, cells[figure]] as const]));
  return {
    name: cells.Accelerator,
    alsoCalled: cells.AlsoCalled.split("|").filter((name) => name !== ""),
    vendor: cells.Vendor,
    formFactor: cells.FormFactor,
    figures: Object.fromEntries(figures),
    verified: cells.Verified as AcceleratorSpec["verified"],
    asOf: cells.AsOf,
    source: cells.Source,
  };
}

/**
 * The specifications that go by a name, in whichever spelling a source has it: "NVIDIA L4", "nvidia-tesla-t4", "a10g". Models are told
 * apart by their names, never by their memory: one source states 22,888 MiB where another has 24 GB.
 */
export function acceleratorsNamed(specs: readonly AcceleratorSpec[], name: string): AcceleratorSpec[] {
  const wanted = plainName(name);
  return specs.filter((spec) => [spec.name, ...spec.alsoCalled].some((each) => plainName(each) === wanted));
}

/** A model's name without vendor, brand, case and signs. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => !MAKERS.has(word))
    .join("");

const MAKERS = new Set(["nvidia", "amd", "intel", "aws", "google", "tesla", "instinct", "radeon"]);
