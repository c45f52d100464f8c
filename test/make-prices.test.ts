import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OwnFolder, ownFolder } from "./imports/kit.ts";

const project = path.join(import.meta.dirname, "..");
const make = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ["catalog/make-prices.js", ...args], {
    cwd: project,
  });
  return stdout;
};

/** Public tables of one machine each, as small as they can be. */
const tables = (h100: string): Record<string, string> => ({
  aws_ec2_ondemand: `Region,InstanceType,OnDemandHourly,Currency,AsOf\nus-east-1,p5.48xlarge,${h100},USD,2026-07-20\nus-east-1,g6f.large,0.202,USD,2026-07-20`,
  aws_ec2_specs:
    "InstanceType,VCpus,MemoryMiB,GpuName,GpuCount,GpuMemoryMiBEach,AcceleratorName,AcceleratorCount\np5.48xlarge,192,2097152,h100,8,81920,,\ng6f.large,2,8192,l4,0,2861,,",
  gcp_compute:
    "Region,MachineType,OnDemandHourly,SpotHourly,Currency,vCPUs,MemoryGB\nus-central1,g2-standard-4,0.7,0.28,USD,4,16.00",
  azure_vm_ondemand: "Region,VmSize,OnDemandHourly,Currency\neastus,Standard_NC6s_v3,3.06,USD",
  gpu_clouds_skypilot_sample:
    "Cloud,InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,OnDemandHourly,SpotHourly,Currency,Region\nlambda,gpu_1x_gh200,GH200,1,64,432,2.29,,USD,us-east-1",
  accelerator_specs:
    "Accelerator,Vendor,FormFactor,MemoryGiB,MemoryBandwidthGBps,DenseBF16orFP16_TFLOPS,DenseFP8_TFLOPS,DenseINT8_TOPS,DenseFP4_TFLOPS,TDP_W,IntraNodeGBpsPerDirection,Source,Verified\nL4,NVIDIA,PCIe,24,300,121,242,242,,72,32,a page,yes",
});

let own: OwnFolder;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());
const write = async (h100: string): Promise<void> => {
  for (const [name, text] of Object.entries(tables(h100))) await own.write(`tables/${name}.csv`, text);
  await own.write("out/keep", "");
};
const made = (...more: string[]): Promise<string> =>
  make(path.join(own.folder, "tables"), "--to", path.join(own.folder, "out"), ...more);
const prices = (): Promise<string> => readFile(path.join(own.folder, "out/prices.json"), "utf8");

test("a price that jumps by more than 30 % is held for review, and the former one stays until it is accepted", async () => {
  await write("40");
  expect(await made()).toMatch(/^\d+ prices \(0 before\)/);
  await write("52");
  expect(await made()).not.toContain("Held");
  await write("67.61");
  expect(await made()).toContain("aws compute p5.48xlarge us-east-1 on-demand hour USD: 52 to 67.61");
  expect(await prices()).toContain(`"p5.48xlarge":"52"`);
  await made("--accept");
  expect(await prices()).toContain(`"p5.48xlarge":"67.61"`);
});

test("tables with far fewer prices than before are refused: they came incomplete", async () => {
  await write("40");
  const before = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`m${index}`, "1"]));
  await own.write("out/prices.json", JSON.stringify({ lists: [{ provider: "aws", prices: before }] }));
  await expect(made()).rejects.toThrow("where there were 200");
  expect(await made("--accept")).toContain("(200 before)");
});

test("zero is no price, and nothing is written then", async () => {
  await write("0");
  await expect(made()).rejects.toThrow(`"0" is not a price`);
  await expect(prices()).rejects.toThrow("ENOENT");
});

const data = process.env["PLIMSOLL_TEST_DATA"];
if (data === undefined)
  console.warn("Skipped: PLIMSOLL_TEST_DATA names no folder with the public price tables.");
test.skipIf(data === undefined)("the public tables make the very catalogue that is shipped", async () => {
  await own.write("out/keep", "");
  await make(path.join(data ?? "", "prices"), "--to", path.join(own.folder, "out"));
  for (const name of ["prices.json", "machines.csv", "accelerators.csv"])
    expect(await readFile(path.join(own.folder, "out", name), "utf8"), name).toBe(
      await readFile(path.join(project, "catalog", name), "utf8"),
    );
});
