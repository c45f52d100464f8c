import { rejectionText } from "#facts/call-rejection.ts";
import { importCallFiles, type ImportedCalls } from "#flows/calls/import-call-files.ts";
import { green, yellow } from "#cli/colors.ts";
import { many } from "#cli/format.ts";
import { printable } from "#cli/printable.ts";
import { progressLine } from "#cli/progress-line.ts";

/** `plimsoll calls import`: files of calls in; what was taken, what was there already and what could not be taken. */
export async function importCallsCommand(
  files: readonly string[],
  options: Record<string, unknown>,
): Promise<void> {
  const line = progressLine(process.stderr);
  const done = await importCallFiles(String(options["data"]), files, String(options["source"]), {
    now: Date.now(),
    onProgress: (rows) => line.show("calls", rows, rows, "rows"),
    onWait: (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  }).finally(() => line.end());
  process.stdout.write(
    options["json"] === true ? `${JSON.stringify(done, null, 2)}\n` : `${importedLines(done).join("\n")}\n`,
  );
}

function importedLines({ files, added, duplicates }: ImportedCalls): string[] {
  const twice = duplicates === 0 ? "" : ` ${many(duplicates, "call")} had come before and were dropped.`;
  return [
    added === 0 && duplicates > 0
      ? `Nothing changed: all of ${many(duplicates, "call")} had come before.`
      : `${green("Imported")} ${many(added, "call")} of ${many(files.length, "file")}.${twice}`,
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
