import { rejectionText } from "#facts/call-rejection.ts";
import {
  DATABASE,
  importCallDatabase,
  importCallFiles,
  type ImportedCalls,
} from "#flows/calls/import-call-files.ts";
import { green, yellow } from "#cli/colors.ts";
import { many } from "#cli/format.ts";
import { litellmUrl } from "#cli/environment.ts";
import { optionalText } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { progressLine } from "#cli/progress-line.ts";
import { instant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";

/** `plimsoll calls import`: files of calls in; what was taken, what was there already and what could not be taken. */
export async function importCallsCommand(
  files: readonly string[],
  options: Record<string, unknown>,
): Promise<void> {
  const url = optionalText(options["litellm"]) ?? (files.length === 0 ? litellmUrl() : undefined);
  if ((url === undefined) === (files.length === 0))
    throw new Problem("option-invalid", "plimsoll calls import takes files, or --litellm with a database.", {
      hint: "Write plimsoll calls import spend-logs.csv --source litellm.",
    });
  const since = optionalText(options["since"]);
  if (since !== undefined && url === undefined)
    throw new Problem("option-invalid", "--since is of a database; files are read whole.");
  const line = progressLine(process.stderr);
  const [data, source] = [String(options["data"]), String(options["source"])];
  const how = {
    now: Date.now(),
    onProgress: (rows: number) => line.show("calls", rows, rows, "rows"),
    onWait: (waited: number, seconds: number) => line.show("waiting", waited, seconds, "seconds"),
  };
  const database = { url: url ?? "", since: since === undefined ? undefined : instant(since) };
  const done = await (
    url === undefined
      ? importCallFiles(data, files, source, how)
      : importCallDatabase(data, database, source, how)
  ).finally(() => line.end());
  process.stdout.write(
    options["json"] === true ? `${JSON.stringify(done, null, 2)}\n` : `${importedLines(done).join("\n")}\n`,
  );
}

function importedLines({ files, added, duplicates }: ImportedCalls): string[] {
  const twice = duplicates === 0 ? "" : ` ${many(duplicates, "call")} had come before: what is there stays.`;
  const of = files.some(({ file }) => file === DATABASE) ? DATABASE : many(files.length, "file");
  return [
    added === 0 && duplicates > 0
      ? `Nothing changed: all of ${many(duplicates, "call")} had come before.`
      : `${green("Imported")} ${many(added, "call")} of ${of}.${twice}`,
    ...files.flatMap(({ file, format, passedOver, rejected, faults, leftOut }) => {
      const [first] = faults;
      const why = rejectionText(rejected);
      const where = first === undefined ? "" : `, first row ${first.line}: ${printable(first.message)}`;
      return [
        ...(why === "" ? [] : [`${yellow("Set aside")} of ${printable(file)} (${format}): ${why}${where}.`]),
        ...(passedOver === 0
          ? []
          : [`${printable(file)}: ${many(passedOver, "row")} are no calls to models.`]),
        ...(leftOut === 0
          ? []
          : [`${printable(file)}: ${many(leftOut, "attribute")} not kept: texts, secrets, or too many.`]),
      ];
    }),
  ];
}
