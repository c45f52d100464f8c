import { outcomeKeyName } from "#facts/outcome-question.ts";
import { answerOutcomes, type OutcomesAnswer, type OutcomesAsked } from "#flows/outcomes/answer-outcomes.ts";
import { importOutcomeFiles, importOutcomeQuery } from "#flows/outcomes/import-outcomes.ts";
import { formatDecimal } from "#units/decimal.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { bold, dim, green } from "#cli/colors.ts";
import { csv } from "#cli/csv.ts";
import { outcomesUrl } from "#cli/environment.ts";
import { amount, day, many } from "#cli/format.ts";
import { choice, nameList, optionalText, textList } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { progressLine } from "#cli/progress-line.ts";
import { table } from "#cli/table.ts";

type Options = Readonly<Record<string, unknown>>;

/** `plimsoll outcomes`: what workloads achieved. */
export async function outcomesCommand(period: string | undefined, options: Options): Promise<void> {
  if (options["json"] === true && options["csv"] === true)
    throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const answer = await answerOutcomes(askedOf(period, options));
  if (options["json"] === true) process.stdout.write(`${JSON.stringify(outcomesJson(answer), null, 2)}\n`);
  else if (options["csv"] === true) process.stdout.write(csv(columnsOf(answer), rowsOf(answer)));
  else process.stdout.write(outcomesText(answer));
}

/** `plimsoll outcomes import`: files, or a query. */
export async function importOutcomesCommand(files: readonly string[], options: Options): Promise<void> {
  const [query, database] = [
    optionalText(options["query"]),
    optionalText(options["database"]) ?? outcomesUrl(),
  ];
  if ((query === undefined) === (files.length === 0))
    throw new Problem("option-invalid", "plimsoll outcomes import takes files, or --query and --database.", {
      hint: "Write plimsoll outcomes import tickets.csv --source helpdesk.",
    });
  if (query !== undefined && database === undefined)
    throw new Problem("option-invalid", "--query needs a database: --database or PLIMSOLL_OUTCOMES_URL.");
  const line = progressLine(process.stderr);
  const how = {
    now: Date.now(),
    onProgress: (rows: number) => line.show("outcomes", rows, rows, "rows"),
    onWait: (waited: number, seconds: number) => line.show("waiting", waited, seconds, "seconds"),
  };
  const [data, source] = [String(options["data"]), String(options["source"])];
  const done = await (
    query === undefined || database === undefined
      ? importOutcomeFiles(data, files, source, how)
      : importOutcomeQuery(data, { url: database, query }, source, how)
  ).finally(() => line.end());
  const twice =
    done.duplicates === 0 ? "" : ` ${many(done.duplicates, "outcome")} had come before: what is there stays.`;
  process.stdout.write(
    options["json"] === true
      ? `${JSON.stringify(done, null, 2)}\n`
      : done.added === 0
        ? `Nothing changed: ${done.read === 0 ? "there was none" : `all of ${many(done.duplicates, "outcome")} had come before`}.\n`
        : `${green("Imported")} ${many(done.added, "outcome")}.${twice}\n`,
  );
}

function askedOf(period: string | undefined, options: Options): OutcomesAsked {
  const [from, to] = [optionalText(options["from"]), optionalText(options["to"])];
  const unit = options["granularity"];
  return {
    data: String(options["data"]),
    now: Date.now(),
    by: nameList(options["by"]),
    where: textList(options["where"]),
    ...(period === undefined ? {} : { period }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(unit === undefined ? {} : { granularity: choice("--granularity", unit, granularities) }),
  };
}

function outcomesText({ question, groups, covers }: OutcomesAnswer): string {
  const { window, by, granularity } = question;
  const head = bold(`Outcomes · ${day(window.start)} to ${day(window.end)}`);
  if (groups.length === 0)
    return `${head}\n\nNo outcome of this period matches. The lake has outcomes from ${day(covers.start)} to ${day(covers.end)}.\n`;
  const labels = [
    ...by.map((key) => outcomeKeyName(key).replace(/^x_/, "")),
    ...(granularity === undefined ? [] : ["Bucket"]),
    "Kind",
  ];
  const rows = groups.map(({ keys, bucket, kind, count, succeeded, failed }) => [
    ...keys.map((key) => (key === null ? dim("none") : printable(key))),
    ...(bucket === undefined ? [] : [bucket.replace("T00:00:00Z", "")]),
    printable(kind),
    plain(count),
    plain(succeeded),
    plain(failed),
    plain(count - succeeded - failed),
  ]);
  const sums = ["Number", "Went well", "Failed", "Unknown"];
  return `${head}\n\n${table([...labels, ...sums], rows, [...labels.map(() => false), ...sums.map(() => true)])}`;
}

/** A number of outcomes has decimals only where somebody counted parts. */
const plain = (units: bigint): string => amount(units).replace(/\.00$/, "");

const columnsOf = ({ question: { by, granularity } }: OutcomesAnswer): string[] => [
  ...by.map(outcomeKeyName),
  ...(granularity === undefined ? [] : ["Bucket"]),
  "Kind",
  "Count",
  "Succeeded",
  "Failed",
];

const rowsOf = ({ question: { by }, groups }: OutcomesAnswer): Record<string, string | null>[] =>
  groups.map(({ keys, bucket, kind, count, succeeded, failed }) => ({
    ...Object.fromEntries(by.map((key, index) => [outcomeKeyName(key), keys[index] ?? null])),
    ...(bucket === undefined ? {} : { Bucket: bucket }),
    Kind: kind,
    Count: formatDecimal(count),
    Succeeded: formatDecimal(succeeded),
    Failed: formatDecimal(failed),
  }));

const outcomesJson = (answer: OutcomesAnswer): object => ({
  window: {
    start: formatInstant(answer.question.window.start),
    end: formatInstant(answer.question.window.end),
  },
  groups: rowsOf(answer),
});
