/** What a machine type consists of, provider by provider: vCPUs, memory in GiB and accelerators, each with its source. Unknown stays empty. */

const awsNames = {
  t4: "T4",
  a10g: "A10G",
  t4g: "T4G",
  l4: "L4",
  l40s: "L40S",
  h100: "H100",
  h200: "H200",
  b200: "B200",
  b300: "B300",
  "radeon-pro-v520": "Radeon Pro V520",
  "rtx-pro-4500": "RTX PRO 4500",
  "rtx-pro-server-6000": "RTX PRO 6000",
  v100: "V100",
  a100: "A100",
  inferentia: "Inferentia1",
  inferentia2: "Inferentia2",
  trainium: "Trainium1",
  trainium2: "Trainium2",
  "qualcomm-ai100": "Cloud AI 100",
};
/** MiB that the EC2 API states for a whole one: what a fraction is a part of. */
const wholeMemoryMiB = { l4: 22888 };
const awsSource = "aws/karpenter-provider-aws instance-types 2026-08";

export function awsMachine(spec) {
  const name = spec.GpuName || spec.AcceleratorName;
  const each = Number(spec.GpuMemoryMiBEach);
  const shared = spec.GpuName !== "" && spec.GpuCount === "0";
  const count = shared ? fraction(each, wholeMemoryMiB[name]) : spec.GpuCount || spec.AcceleratorCount;
  return {
    provider: "aws",
    type: spec.InstanceType,
    vCpus: spec.VCpus,
    memoryGiB: plain(Number(spec.MemoryMiB) / 1024),
    accelerator: name === "a100" && each > 50_000 ? "A100-80GB" : name === "" ? "" : awsNames[name],
    count: name === "" ? "" : count,
    kind: name === "" ? "" : spec.GpuName === "" ? "chip" : "gpu",
    source: shared ? `${awsSource}; memory ÷ ${wholeMemoryMiB[name]} MiB of a whole ${awsNames[name]}` : awsSource,
  };
}

/** Types that the provider still prices and the table of specifications has dropped. */
export const oldAwsMachines = [
  ["p2.xlarge", "K80", 1],
  ["p2.8xlarge", "K80", 8],
  ["p2.16xlarge", "K80", 16],
  ["p3.2xlarge", "V100", 1],
  ["p3.8xlarge", "V100", 4],
  ["p3.16xlarge", "V100", 8],
  ["g3s.xlarge", "M60", 1],
  ["g3.4xlarge", "M60", 1],
  ["g3.8xlarge", "M60", 2],
  ["g3.16xlarge", "M60", 4],
  ["dl1.24xlarge", "Gaudi", 8],
].map(([type, accelerator, count]) => ({
  provider: "aws", type, vCpus: "", memoryGiB: "", accelerator, count: String(count),
  kind: accelerator === "Gaudi" ? "chip" : "gpu", source: "AWS EC2 instance types; from memory and not verified",
}));

const gcpGpus = {
  "a2-highgpu": "A100",
  "a2-megagpu": "A100",
  "a2-ultragpu": "A100-80GB",
  "a3-highgpu": "H100",
  "a3-megagpu": "H100",
};
const g2Counts = { 4: "1", 8: "1", 12: "1", 16: "1", 24: "2", 32: "1", 48: "4", 96: "8" };

export function gcpMachine({ MachineType, vCPUs, MemoryGB }) {
  const base = { provider: "gcp", type: MachineType, vCpus: vCPUs, memoryGiB: plain(Number(MemoryGB)) };
  const gpu = (accelerator, count, source) => ({ ...base, accelerator, count, kind: "gpu", source });
  const family = MachineType.replace(/-\d+g?$/, "");
  if (gcpGpus[family] !== undefined)
    return gpu(gcpGpus[family], /(\d+)g$/.exec(MachineType)[1], "machine type name; Google Cloud");
  if (family === "g2-standard") return gpu("L4", g2Counts[vCPUs], "Google Cloud G2 machine family");
  if (family === "g4-standard")
    return gpu("RTX PRO 6000", fraction(Number(vCPUs), 48), "vCPUs ÷ 48 of the type with one GPU");
  return { ...base, accelerator: "", count: "", kind: "", source: "Cyclenerd/google-cloud-pricing-cost-calculator machinetypes" };
}

const docs = "Azure VM size documentation; GPU sizes";
const publicCode = "public code that lists Azure GPU sizes";
/** [pattern of the size, accelerator, count ("" is unknown), source]; the first that fits counts. */
const azureGpus = [
  [/^NC(4|8|16)as_T4_v3$/, "T4", "1", docs],
  [/^NC64as_T4_v3$/, "T4", "4", docs],
  [/^NC24ads_A100_v4$/, "A100-80GB", "1", docs],
  [/^NC48ads_A100_v4$/, "A100-80GB", "2", docs],
  [/^NC96ads_A100_v4$/, "A100-80GB", "4", docs],
  [/^ND96asr(_A100)?_v4$/, "A100", "8", docs],
  [/^ND96amsr?_A100_v4$/, "A100-80GB", "8", docs],
  [/^ND96is\w*_H100_v5$/, "H100", "8", docs],
  [/^ND96isr_H200_v5$/, "H200", "8", docs],
  [/^ND96isr?_MI300X_v5$/, "MI300X", "8", publicCode],
  [/^ND128isrf?_NDR_GB200_v6$/, "GB200", "4", "NVIDIA GB200 NVL72 trays of four; from memory and not verified"],
  [/^NCC?40ads_H100_v5$/, "H100", "1", docs],
  [/^NC80adis_H100_v5$/, "H100", "2", docs],
  [/^NC6s_v3$/, "V100", "1", docs],
  [/^NC12s_v3$/, "V100", "2", docs],
  [/^NC24r?s_v3$/, "V100", "4", docs],
  [/^ND40r?s_v2$/, "V100-32GB", "8", docs],
  [/^NV36adm?s_A10_v5$/, "A10", "1", docs],
  [/^NV72ads_A10_v5$/, "A10", "2", docs],
  [/^NV6ads_A10_v5$/, "A10", "1/6", docs],
  [/^NV12ads_A10_v5$/, "A10", "1/3", docs],
  [/^NV18ads_A10_v5$/, "A10", "1/2", docs],
  [/^NC\d+ads_A10_v4$/, "A10", "", "size name; the count is not known here"],
  [/^NV4ads_V710_v5$/, "Radeon Pro V710", "1/6", publicCode],
  [/^NV8ads_V710_v5$/, "Radeon Pro V710", "1/3", publicCode],
  [/^NV12ads_V710_v5$/, "Radeon Pro V710", "1/2", publicCode],
  [/^NV(24ads|28adms)_V710_v5$/, "Radeon Pro V710", "1", publicCode],
  [/^NC(128|144)l?ds_xl_RTXPRO6000BSE_v6$/, "RTX PRO 6000", "1", docs],
  [/^NC(256|288|320)l?ds_xl_RTXPRO6000BSE_v6$/, "RTX PRO 6000", "2", docs],
  [/_RTXPRO6000BSE_v6$/, "RTX PRO 6000", "", "size name; the count is not known here"],
  [/^NV\d+as_v4$/, "Radeon Instinct MI25", "", "size name; the fraction is not known here"],
  [/^NV\d+(s_v[23]|_Promo)$/, "M60", "", "size name; the count is not known here"],
  [/^NC\d+r?_Promo$/, "K80", "", "size name; the count is not known here"],
];
/** GiB per vCPU of the series that have one ratio. */
const azureRatios = [
  [/^D\d+(s|as|ds)_v5$/, 4],
  [/^E(?!96s)\d+s_v5$/, 8],
  [/^F\d+s_v2$/, 2],
];

export function azureMachine(type) {
  const size = type.replace(/^Standard_/, "");
  const [, accelerator = "", count = "", source] = azureGpus.find(([pattern]) => pattern.test(size)) ?? [];
  const vCpus = /^[A-Z]+(\d+)/.exec(size)[1];
  const ratio = azureRatios.find(([pattern]) => pattern.test(size))?.[1];
  return {
    provider: "azure", type, vCpus, memoryGiB: ratio === undefined ? "" : String(ratio * Number(vCpus)),
    accelerator, count, kind: accelerator === "" ? "" : "gpu",
    source: source ?? "vCPUs by Azure's naming of sizes; memory by the ratio of the series",
  };
}

export function cloudMachine({ Cloud, InstanceType, AcceleratorName, AcceleratorCount, vCPUs, MemoryGiB }) {
  return {
    provider: Cloud, type: InstanceType, vCpus: vCPUs, memoryGiB: MemoryGiB,
    accelerator: AcceleratorName, count: AcceleratorCount, kind: "gpu",
    source: `skypilot-org/skypilot-catalog ${Cloud}; undated`,
  };
}

const plain = (number) => String(Number(number.toFixed(3)));

/** part ÷ whole as the fraction with the smallest numbers: 2861 of 22888 is 1/8. */
function fraction(part, whole) {
  const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));
  const by = divisor(part, whole);
  return whole === by ? String(part / by) : `${part / by}/${whole / by}`;
}
