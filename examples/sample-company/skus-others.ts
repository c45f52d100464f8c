import { decimal, multiply, roundTo } from "#units/decimal.ts";
import { billingPeriods, hourAt } from "./clock.ts";
import type { Sku, Source } from "./model.ts";
import {
  azureInstances,
  azurePrices,
  eurosPerDollar,
  gpuCloudInstances,
  gpuCloudPrices,
  type InstancePrice,
  type Model,
  type ModelPrice,
  modelPrices,
} from "./prices.ts";
import { instanceDetails, sku, skuId, type SkuText } from "./sku.ts";

const machine = { category: "Compute", subcategory: "Virtual Machines", unit: "Hours" } as const;

/** Azure prices in dollars and bills in euros at the month's rate: the unit price in euros has six decimals. */
function azureSku(text: SkuText, dollars: string): Sku {
  const prices = billingPeriods.map(({ month, start }) => {
    const rate = decimal(eurosPerDollar[month as keyof typeof eurosPerDollar]);
    const euros = roundTo(multiply(decimal(dollars), rate, "half-even"), 6, "half-even");
    return { from: start, list: euros, contracted: euros };
  });
  return { ...sku("azure", text, dollars), prices, quoted: { currency: "USD", price: decimal(dollars) } };
}

export function azureVmSku(type: keyof typeof azureInstances): Sku {
  const price: InstancePrice = azureInstances[type];
  return azureSku(
    {
      ...machine,
      service: "Virtual Machines",
      meter: type.replace("Standard_", ""),
      description: `${type} - EU West`,
      details: instanceDetails(type, price),
    },
    price.perHour,
  );
}

export const azureSkus = {
  disk: azureSku(
    {
      service: "Azure Disk Storage",
      category: "Storage",
      subcategory: "Block Storage",
      meter: "P30 LRS Disk",
      unit: "Months",
      description: "Premium SSD Managed Disks - P30 LRS - EU West",
    },
    azurePrices.diskP30Month,
  ),
  blob: azureSku(
    {
      service: "Azure Storage",
      category: "Storage",
      subcategory: "Object Storage",
      meter: "Hot LRS Data Stored",
      unit: "GB-Months",
      description: "Blob Storage - Hot LRS Data Stored - EU West",
      details: { StorageClass: "Hot" },
    },
    azurePrices.blobHotGigabyte,
  ),
  bandwidth: azureSku(
    {
      service: "Bandwidth",
      category: "Networking",
      subcategory: "Network Connectivity",
      meter: "Standard Data Transfer Out",
      unit: "GB",
      description: "Rtn Preference: MGN - Standard Data Transfer Out",
    },
    azurePrices.bandwidthGigabyte,
  ),
  logs: azureSku(
    {
      service: "Azure Monitor",
      category: "Management and Governance",
      subcategory: "Observability",
      meter: "Analytics Logs Data Ingestion",
      unit: "GB",
      description: "Log Analytics - Analytics Logs Data Ingestion - EU West",
    },
    azurePrices.logIngestGigabyte,
  ),
  loadBalancer: azureSku(
    {
      service: "Azure Load Balancer",
      category: "Networking",
      subcategory: "Application Networking",
      meter: "Standard Included LB Rules and Outbound Rules",
      unit: "Hours",
      description: "Standard Load Balancer",
    },
    azurePrices.loadBalancerHour,
  ),
} as const;

export function gpuCloudSku(type: keyof typeof gpuCloudInstances): Sku {
  const price: InstancePrice = gpuCloudInstances[type];
  return sku(
    "gpucloud",
    {
      ...machine,
      service: "GPU Instances",
      meter: type,
      description: `${type} on demand`,
      details: instanceDetails(type, price),
    },
    price.perHour,
  );
}

export const gpuCloudSkus = {
  disk: sku(
    "gpucloud",
    {
      service: "Network Disks",
      category: "Storage",
      subcategory: "Block Storage",
      meter: "network-ssd",
      unit: "GB-Months",
      description: "Network SSD disk",
    },
    gpuCloudPrices.networkDiskGigabyte,
  ),
  platform: sku(
    "gpucloud",
    {
      service: "Managed Platform",
      category: "Management and Governance",
      subcategory: "Support",
      meter: "platform-fee",
      unit: "Months",
      description: "Managed platform, monthly fee",
    },
    gpuCloudPrices.platformMonth,
  ),
} as const;

export type TokenKind = "input" | "cachedInput" | "output";
const developers: Readonly<Record<string, string>> = { claude: "Anthropic", gpt: "OpenAI", text: "OpenAI" };

/** A model's tokens, priced by the million; consumed singly, so that `micro` counts tokens. */
export function tokenSku(source: Source, model: Model, kind: TokenKind): Sku {
  const rows: readonly ModelPrice[] = modelPrices[model];
  const developer = developers[model.slice(0, model.indexOf("-"))] ?? "";
  const words = { input: "Input", cachedInput: "Cache Read Input", output: "Output" }[kind];
  const meter = `${model} ${words} Tokens`;
  const service = { aws: "Amazon Bedrock", openai: "OpenAI API", anthropic: "Claude API" }[source as "aws"];
  return {
    source,
    service,
    category: "AI and Machine Learning",
    subcategory: "Generative AI",
    meter,
    id: skuId(service, meter),
    description: `${words} tokens of ${model}`,
    pricingUnit: "1000000 Tokens",
    consumed: { unit: "Tokens", perPricingUnit: 1_000_000 },
    pricing: "Standard",
    details: {
      ModelDeveloper: developer,
      ModelId: model,
      TokenDirection: kind === "output" ? "Output" : "Input",
      ...(kind !== "output" && { TokenCacheAction: kind === "input" ? "Uncached" : "Read" }),
    },
    prices: rows.map((row) => {
      const price = decimal(row[kind] ?? "0");
      return { from: row.from === undefined ? 0 : hourAt(row.from), list: price, contracted: price };
    }),
  };
}
