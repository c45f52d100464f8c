import path from "node:path";
import { awsMachine, azureMachine, cloudMachine, gcpMachine, oldAwsMachines } from "./machines.js";
import { readCsv } from "./read-csv.js";

/** What is taken of the public tables: every machine with accelerators wherever it is priced, about a hundred common ones in the main regions. */
const common = {
  aws: /^(t3|t4g|m5|m6i|m7g|m7i|c6i|c7g|c7i|r6i|r7g|r7i)\.(medium|large|[248]?xlarge|1[26]xlarge|24xlarge)$/,
  gcp: /^(e2-standard|n1-standard|n1-highmem|n2-standard|n2-highmem|n2d-standard|n4-standard|c3-standard|c4-standard|t2d-standard)-\d+$/,
  azure: /^Standard_(D\d+(s|as|ds)_v5|E\d+s_v5|F\d+s_v2)$/,
};
const mainRegions = {
  gcp: ["us-central1", "us-east1", "us-east4", "us-west1", "europe-west4", "asia-southeast1"],
  azure: ["eastus", "eastus2", "westus2", "westeurope", "northeurope", "swedencentral"],
};

export const sources = {
  "aws-us": { name: "aws/karpenter-provider-aws pricing 1d927085", asOf: "2026-07-20" },
  "aws-cn": { name: "aws/karpenter-provider-aws pricing 1d927085", asOf: "2024-11-06" },
  gcp: { name: "cloudpilot-ai/karpenter-provider-gcp initial-prices 417f047b", asOf: "2026-08-03" },
  azure: { name: "Azure/karpenter-provider-azure pricing 352646f5", asOf: "2026-06-18" },
  nebius: { name: "skypilot-org/skypilot-catalog nebius 0082b043" },
  lambda: { name: "skypilot-org/skypilot-catalog lambda 0f407038" },
};

/** Every price as { provider, service, sku, region, purchase, unit, currency, source, price }, and every machine. */
export async function readTables(folder) {
  const table = (name) => readCsv(path.join(folder, `${name}.csv`));
  const [aws, gcp, azure, clouds] = [
    awsTables(await table("aws_ec2_ondemand"), await table("aws_ec2_specs")),
    gcpTables(await table("gcp_compute")),
    azureTables(await table("azure_vm_ondemand")),
    cloudTables(await table("gpu_clouds_skypilot_sample")),
  ];
  const all = [aws, gcp, azure, clouds];
  return { prices: all.flatMap(({ prices }) => prices), machines: all.flatMap(({ machines }) => machines) };
}

const price = (provider, sku, region, purchase, currency, source, text) => ({
  provider, service: "compute", sku, region, purchase, unit: "hour", currency, source,
  price: text,
});

function awsTables(rows, specs) {
  const accelerated = specs.filter(({ GpuName, AcceleratorName }) => GpuName !== "" || AcceleratorName !== "");
  const kept = new Set([...accelerated.map(({ InstanceType }) => InstanceType), ...oldAwsMachines.map(({ type }) => type)]);
  const prices = rows
    .filter(({ InstanceType }) => kept.has(InstanceType) || common.aws.test(InstanceType))
    .map(({ Region, InstanceType, Currency, OnDemandHourly }) =>
      price("aws", InstanceType, Region, "on-demand", Currency, Currency === "CNY" ? "aws-cn" : "aws-us", OnDemandHourly),
    );
  const priced = new Set(prices.map(({ sku }) => sku));
  const machines = specs.filter(({ InstanceType }) => kept.has(InstanceType) || priced.has(InstanceType)).map(awsMachine);
  return { prices, machines: [...machines, ...oldAwsMachines] };
}

function gcpTables(rows) {
  const taken = rows.filter(
    ({ MachineType, Region }) =>
      /^(a\d|g\d)/.test(MachineType) || (mainRegions.gcp.includes(Region) && common.gcp.test(MachineType)),
  );
  const prices = taken.flatMap(({ Region, MachineType, Currency, OnDemandHourly, SpotHourly }) => [
    price("gcp", MachineType, Region, "on-demand", Currency, "gcp", OnDemandHourly),
    price("gcp", MachineType, Region, "spot", Currency, "gcp", SpotHourly),
  ]);
  return { prices, machines: once(taken.map(gcpMachine)) };
}

function azureTables(rows) {
  const taken = rows.filter(
    ({ VmSize, Region }) =>
      /^Standard_N[CDV]/.test(VmSize) || (mainRegions.azure.includes(Region) && common.azure.test(VmSize)),
  );
  const prices = taken.map(({ Region, VmSize, Currency, OnDemandHourly }) =>
    price("azure", VmSize, Region, "on-demand", Currency, "azure", OnDemandHourly),
  );
  return { prices, machines: once(taken.map(({ VmSize }) => azureMachine(VmSize))) };
}

function cloudTables(rows) {
  const prices = rows.flatMap(({ Cloud, InstanceType, Region, Currency, OnDemandHourly, SpotHourly }) => [
    price(Cloud, InstanceType, Region, "on-demand", Currency, Cloud, OnDemandHourly),
    ...(SpotHourly === "" ? [] : [price(Cloud, InstanceType, Region, "spot", Currency, Cloud, SpotHourly)]),
  ]);
  return { prices, machines: once(rows.map(cloudMachine)) };
}

const once = (machines) => [...new Map(machines.map((machine) => [machine.type, machine])).values()];
