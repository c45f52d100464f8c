import { decimal } from "#units/decimal.ts";
import type { Sku, Source } from "./model.ts";
import { awsPrices, ec2Instances, gpuContractShare, type InstancePrice } from "./prices.ts";
import { instanceDetails, sku, type SkuText } from "./sku.ts";

export type Ec2Type = keyof typeof ec2Instances;

const ec2 = {
  service: "Amazon Elastic Compute Cloud",
  category: "Compute",
  subcategory: "Virtual Machines",
} as const;
const block = {
  service: "Amazon Elastic Block Store",
  category: "Storage",
  subcategory: "Block Storage",
  unit: "GB-Months",
} as const;
const s3 = {
  service: "Amazon Simple Storage Service",
  category: "Storage",
  subcategory: "Object Storage",
} as const;
const network = { category: "Networking", subcategory: "Network Connectivity" } as const;
const transfer = { ...network, service: "AWS Data Transfer" } as const;
const vpc = { ...network, service: "Amazon Virtual Private Cloud" } as const;
const elb = {
  service: "Elastic Load Balancing",
  category: "Networking",
  subcategory: "Application Networking",
} as const;
const watch = {
  service: "AmazonCloudWatch",
  category: "Management and Governance",
  subcategory: "Observability",
} as const;

/** EC2 Linux on demand; GPU families at the negotiated price. */
export function ec2Sku(type: Ec2Type, source: Source = "aws"): Sku {
  const price: InstancePrice = ec2Instances[type];
  const list = decimal(price.perHour);
  const discounted = price.gpu !== undefined && source === "aws";
  const text = {
    ...ec2,
    meter: `BoxUsage:${type}`,
    unit: "Hours",
    description: `$${price.perHour} per On Demand Linux ${type} Instance Hour`,
    details: instanceDetails(type, price),
  };
  return sku(source, text, price.perHour, discounted ? (list * gpuContractShare.thousandths) / 1000n : list);
}

/** The same instance on spot capacity: `contracted` is the market's price from each hour on. */
export function ec2SpotSku(type: Ec2Type, market: readonly { from: number; price: bigint }[]): Sku {
  const list = decimal(ec2Instances[type].perHour);
  return {
    ...ec2Sku(type),
    meter: `SpotUsage:${type}`,
    description: `${type} Linux/UNIX Spot Instance-hour in US East (N. Virginia)`,
    pricing: "Dynamic",
    prices: market.map(({ from, price }) => ({ from, list, contracted: price })),
  };
}

const of = (text: SkuText, price: string): Sku => sku("aws", text, price);
const say = (price: string, what: string): string => `$${price} per ${what}`;
const p = awsPrices;

export const awsSkus = {
  volume: of(
    { ...block, meter: "EBS:VolumeUsage.gp3", description: say(p.ebsGp3, "GB-month of gp3 storage") },
    p.ebsGp3,
  ),
  snapshot: of(
    {
      ...block,
      meter: "EBS:SnapshotUsage",
      description: say(p.ebsSnapshot, "GB-month of snapshot data"),
    },
    p.ebsSnapshot,
  ),
  bucket: of(
    {
      ...s3,
      meter: "TimedStorage-ByteHrs",
      unit: "GB-Months",
      description: say(p.s3Standard, "GB - first 50 TB / month of storage used"),
      details: { StorageClass: "Standard" },
    },
    p.s3Standard,
  ),
  put: of(
    {
      ...s3,
      meter: "Requests-Tier1",
      unit: "1000 Requests",
      description: say(p.s3Put, "1,000 PUT, COPY, POST, or LIST requests"),
    },
    p.s3Put,
  ),
  get: of(
    {
      ...s3,
      meter: "Requests-Tier2",
      unit: "1000 Requests",
      description: say(p.s3Get, "1,000 GET and all other requests"),
    },
    p.s3Get,
  ),
  interRegion: of(
    {
      ...transfer,
      meter: "EU-USE1-AWS-Out-Bytes",
      unit: "GB",
      description: say(p.interRegionGigabyte, "GB - EU (Ireland) data transfer to US East (N. Virginia)"),
    },
    p.interRegionGigabyte,
  ),
  internet: of(
    {
      ...transfer,
      meter: "DataTransfer-Out-Bytes",
      unit: "GB",
      description: say(p.internetGigabyte, "GB - first 10 TB / month data transfer out"),
    },
    p.internetGigabyte,
  ),
  natHour: of(
    { ...vpc, meter: "NatGateway-Hours", unit: "Hours", description: say(p.natHour, "NAT Gateway Hour") },
    p.natHour,
  ),
  natGigabyte: of(
    {
      ...vpc,
      meter: "NatGateway-Bytes",
      unit: "GB",
      description: say(p.natGigabyte, "GB Data Processed by NAT Gateways"),
    },
    p.natGigabyte,
  ),
  address: of(
    {
      ...vpc,
      meter: "PublicIPv4:IdleAddress",
      unit: "Hours",
      description: say(p.addressHour, "Idle public IPv4 address per hour"),
    },
    p.addressHour,
  ),
  alb: of(
    {
      ...elb,
      meter: "LoadBalancerUsage",
      unit: "Hours",
      description: say(p.albHour, "Application LoadBalancer-hour"),
    },
    p.albHour,
  ),
  albUnit: of(
    {
      ...elb,
      meter: "LCUUsage",
      unit: "LCU-Hours",
      description: say(p.albCapacityUnitHour, "used Application load balancer capacity unit-hour"),
    },
    p.albCapacityUnitHour,
  ),
  eks: of(
    {
      service: "Amazon Elastic Kubernetes Service",
      category: "Compute",
      subcategory: "Containers",
      meter: "AmazonEKS-Hours:perCluster",
      unit: "Hours",
      description: say(p.eksHour, "EKS cluster-hour"),
    },
    p.eksHour,
  ),
  logIngest: of(
    {
      ...watch,
      meter: "DataProcessing-Bytes",
      unit: "GB",
      description: say(p.logIngestGigabyte, "GB custom log data ingested"),
    },
    p.logIngestGigabyte,
  ),
  metrics: of(
    {
      ...watch,
      meter: "CW:MetricMonitorUsage",
      unit: "Metrics-Months",
      description: say(p.metricMonth, "metric-month"),
    },
    p.metricMonth,
  ),
  registry: of(
    {
      service: "Amazon Elastic Container Registry",
      category: "Compute",
      subcategory: "Containers",
      meter: "ECR:TimedStorage-ByteHrs",
      unit: "GB-Months",
      description: say(p.registryGigabyte, "GB-month of data storage"),
    },
    p.registryGigabyte,
  ),
  hosting: of(
    {
      service: "Amazon SageMaker",
      category: "AI and Machine Learning",
      subcategory: "AI Platforms",
      meter: "Host:ml.g5.2xlarge",
      unit: "Hours",
      description: say(p.sagemakerG52xlargeHour, "Hosting ml.g5.2xlarge hour"),
      details: instanceDetails("ml.g5.2xlarge", ec2Instances["g5.2xlarge"]),
    },
    p.sagemakerG52xlargeHour,
  ),
  support: of(
    {
      service: "AWS Support (Business)",
      category: "Management and Governance",
      subcategory: "Support",
      meter: "Support",
      unit: "Months",
      description: "AWS Support (Business), monthly fee",
    },
    p.supportMonth,
  ),
  tracker: of(
    {
      service: "Experiment Tracker",
      category: "AI and Machine Learning",
      subcategory: "AI Platforms",
      meter: "Subscription",
      unit: "Months",
      description: "Experiment Tracker, 60 seats, monthly subscription",
    },
    p.trackerMonth,
  ),
} as const;
