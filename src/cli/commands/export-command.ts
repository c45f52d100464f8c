import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { attributionKeyNames } from "#facts/attribution-keys.ts";
import { exportVersions } from "#facts/export-columns.ts";
import { roles } from "#facts/role.ts";
import { exportCharges, type Exported } from "#flows/export/export-charges.ts";
import { exportForms, type ExportForm } from "#facts/export-form.ts";
import { exportManifest } from "#flows/export/export-manifest.ts";
import type { ExportRequest, SplitAsked } from "#flows/export/export-request.ts";
import type { Asked } from "#flows/report/exact-question.ts";
import { loadSplits } from "#flows/statements/load-splits.ts";
import { configurationFile } from "#cli/configuration-file.ts";
import { stateUrl } from "#cli/environment.ts";
import { exportText } from "#cli/export-text.ts";
import { choice, nameList, optionalText, textList } from "#cli/options.ts";
import { Problem } from "#units/problems.ts";

type Options = Readonly<Record<string, unknown>>;

/** `plimsoll export`: charges as a FOCUS file, or as CSV on standard output. */
export async function exportCommand(period: string | undefined, options: Options): Promise<void> {
  const output = outputOf(options);
  const form = formOf(output, options);
  const request: Omit<ExportRequest, "file"> = {
    data: String(options["data"]),
    asked: askedOf(period, options),
    columns: nameList(options["columns"]),
    version: choice("--focus", options["focus"], exportVersions),
    form,
    force: options["force"] === true,
    manifest: options["manifest"] === true,
    ...(await splitOf(options)),
  };
  if (output === STDOUT) return toStandardOutput(request, options);
  const exported = await exportCharges({ ...request, file: output });
  process.stdout.write(await told(exported, options));
}

const STDOUT = "-";

function outputOf(options: Options): string {
  const output = optionalText(options["output"]);
  if (output !== undefined && output !== "") return output;
  throw new Problem("option-invalid", "plimsoll export needs a file to write.", {
    hint: "Write -o july.csv or -o july.parquet; -o - is CSV on standard output.",
  });
}

/** By what the file is called, unless it is said. */
function formOf(output: string, options: Options): ExportForm {
  const stated = options["format"];
  const form = stated === undefined ? undefined : choice("--format", stated, exportForms);
  if (output === STDOUT) {
    if (form !== undefined && form !== "csv")
      throw new Problem("option-invalid", `Standard output takes CSV; ${form} needs a file.`);
    return "csv";
  }
  const named = exportForms.find((each) => output.toLowerCase().endsWith(`.${each}`));
  const known = form ?? named;
  if (known !== undefined) return known;
  throw new Problem("option-invalid", `${output} does not say what form it has.`, {
    hint: `Call it .csv, .csv.gz or .parquet, or give --format.`,
  });
}

function askedOf(period: string | undefined, options: Options): Asked {
  const given = <T>(key: string, value: T | undefined): Record<string, T> =>
    value === undefined ? {} : { [key]: value };
  const { role, time } = options;
  return {
    now: Date.now(),
    where: textList(options["where"]),
    without: nameList(options["without"]),
    ...given("period", period),
    ...given("from", optionalText(options["from"])),
    ...given("to", optionalText(options["to"])),
    ...given("time", time === undefined ? undefined : choice("--time", time, ["charge", "billing"])),
    ...given("role", role === undefined ? undefined : choice("--role", role, roles)),
  };
}

async function splitOf(options: Options): Promise<{ split?: SplitAsked }> {
  if (options["split"] === undefined) return {};
  const key = choice("--split", options["split"], attributionKeyNames);
  const config = configurationFile(String(options["data"]), options["config"]);
  const splits = config === undefined ? [] : await loadSplits(config);
  const state = optionalText(options["state"]) ?? stateUrl();
  return { split: { key, splits, ...(state === undefined ? {} : { state }) } };
}

const told = async (exported: Exported, options: Options): Promise<string> =>
  options["json"] === true
    ? `${JSON.stringify(exported.manifest?.content ?? (await exportManifest(exported)), null, 2)}\n`
    : exportText(exported);

/** The rows go to a file first, so that a fault half-way leaves no half of them in a pipe. */
async function toStandardOutput(request: Omit<ExportRequest, "file">, options: Options): Promise<void> {
  if (request.manifest || options["json"] === true)
    throw new Problem(
      "option-invalid",
      "--manifest and --json tell of a file; standard output has the rows.",
      {
        hint: "Give -o a file, or leave them away.",
      },
    );
  const file = path.join(tmpdir(), `plimsoll-export-${randomUUID()}.csv`);
  try {
    const exported = await exportCharges({ ...request, file });
    const handle = await open(file, "r");
    // A reader such as head ends the process; the file is gone before it can.
    await rm(file);
    await pipeline(handle.createReadStream(), process.stdout, { end: false });
    process.stderr.write(exportText(exported, "standard output"));
  } finally {
    await rm(file, { force: true });
  }
}
