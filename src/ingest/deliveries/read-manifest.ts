import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { Problem } from "#units/problems.ts";
import { type FoundFile, unreadable } from "./find-files.ts";

const MAX_MANIFEST_BYTES = 16 << 20;

/** What a provider says about one run of an export. */
export interface Manifest {
  readonly file: FoundFile;
  /** Names of objects, as full addresses, keys or bare names. */
  readonly names: readonly string[];
  /** What the run delivers: runs of the same are newer and older states of it, never parts of one delivery. */
  readonly delivers: string;
  /** The greatest of several runs of the same is the newest. */
  readonly newness: string;
}

/** AWS Data Exports and CUR. */
const awsManifest = z.looseObject({
  dataFiles: z.array(z.string()).optional(),
  reportKeys: z.array(z.string()).optional(),
  reportName: z.string().optional(),
  billingPeriod: z.looseObject({ start: z.string() }).optional(),
});

/** Azure Cost Management exports: blobs, and the run that wrote them. */
const azureManifest = z.looseObject({
  blobs: z.array(z.looseObject({ blobName: z.string() })),
  exportConfig: z.looseObject({ exportName: z.string().optional() }).optional(),
  runInfo: z
    .looseObject({ submittedTime: z.string().optional(), startDate: z.string().optional() })
    .optional(),
});

/** @throws Problem "manifest-invalid", "input-too-large", "source-unreadable" */
export async function readManifest(file: FoundFile): Promise<Manifest> {
  const json = await readJson(file.path);
  const azure = azureManifest.safeParse(json);
  if (azure.success && azure.data.blobs.length > 0) {
    const { blobs, exportConfig, runInfo } = azure.data;
    const names = blobs.map(({ blobName }) => blobName);
    if (runInfo?.startDate === undefined) return { file, names, delivers: file.path, newness: "" };
    const delivers = JSON.stringify([file.root, exportConfig?.exportName, runInfo.startDate]);
    return { file, names, delivers, newness: runInfo.submittedTime ?? "" };
  }
  const aws = awsManifest.safeParse(json);
  const names = aws.success ? (aws.data.dataFiles ?? aws.data.reportKeys) : undefined;
  if (!aws.success || names === undefined || names.length === 0) {
    const message = `${file.path} names no files (dataFiles, reportKeys or blobs).`;
    throw new Problem("manifest-invalid", message, { at: { file: file.path } });
  }
  return { file, names, ...awsRun(file, aws.data) };
}

/**
 * AWS keeps the newest manifest of a report at the top of its period's folder, with those of former versions in folders below; Data
 * Exports that keep every version have a folder for each that begins with its time.
 * @see docs.aws.amazon.com/cur: understanding-report-versions, dataexports-export-delivery
 */
function awsRun(
  { path: file, root }: FoundFile,
  { reportName, billingPeriod }: z.infer<typeof awsManifest>,
): Pick<Manifest, "delivers" | "newness"> {
  if (billingPeriod !== undefined) {
    const depth = file.split(path.sep).length;
    const delivers = JSON.stringify([root, reportName, billingPeriod.start]);
    return { delivers, newness: String(10_000 - depth) };
  }
  const partition = /^(.*BILLING_PERIOD=\d{4}-\d{2})(.*)$/i.exec(path.dirname(file));
  if (partition === null) return { delivers: file, newness: "" };
  return { delivers: JSON.stringify([partition[1], path.basename(file)]), newness: partition[2] ?? "" };
}

async function readJson(manifest: string): Promise<unknown> {
  const at = { file: manifest };
  const text = await readText(manifest);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new Problem("manifest-invalid", `${manifest} is not JSON.`, { at, cause });
  }
}

async function readText(manifest: string): Promise<string> {
  try {
    if ((await stat(manifest)).size > MAX_MANIFEST_BYTES) {
      const message = `${manifest} is larger than 16 MiB, too large for a manifest.`;
      throw new Problem("input-too-large", message, { at: { file: manifest } });
    }
    return await readFile(manifest, "utf8");
  } catch (cause) {
    throw cause instanceof Problem ? cause : unreadable(manifest, cause);
  }
}
