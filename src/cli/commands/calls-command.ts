import { answerCalls, type CallsAsked } from "#flows/calls/answer-calls.ts";
import { callsTable } from "#flows/calls/calls-table.ts";
import { compactCalls } from "#flows/calls/compact-calls.ts";
import { Problem } from "#units/problems.ts";
import { granularities } from "#units/window.ts";
import { callsJson } from "#cli/calls-json.ts";
import { callsText, compactedText } from "#cli/calls-text.ts";
import { csv } from "#cli/csv.ts";
import { choice, nameList, optionalText, textList } from "#cli/options.ts";
import { progressLine } from "#cli/progress-line.ts";

/** `plimsoll calls`: what is known of calls to models. */
export async function callsCommand(
  period: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  process.stdout.write(await written(period, options));
}

/** `plimsoll calls compact`: what waits in the journal becomes part of the lake. */
export async function compactCallsCommand(options: Record<string, unknown>): Promise<void> {
  const line = progressLine(process.stderr);
  const done = await compactCalls(String(options["data"]), {
    now: Date.now(),
    onProgress: (bytes, total) => line.show("compacting", bytes, total, "bytes"),
    onWait: (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  }).finally(() => line.end());
  if (done.damaged.length > 0) process.exitCode = 3;
  process.stdout.write(options["json"] === true ? `${JSON.stringify(done, null, 2)}\n` : compactedText(done));
}

async function written(period: string | undefined, options: Record<string, unknown>): Promise<string> {
  const answer = await answerCalls(askedOf(period, options));
  const explain = options["explain"] === true;
  if (options["json"] === true) return `${JSON.stringify(callsJson(answer, explain), null, 2)}\n`;
  if (options["csv"] !== true) return callsText(answer, explain);
  const { columns, rows } = callsTable(answer);
  return csv(
    columns.map(({ name }) => name),
    rows,
  );
}

function askedOf(period: string | undefined, options: Record<string, unknown>): CallsAsked {
  const by = nameList(options["by"]);
  const given = (key: "from" | "to"): Record<string, string> => {
    const value = optionalText(options[key]);
    return value === undefined ? {} : { [key]: value };
  };
  const unit = options["granularity"];
  return {
    data: String(options["data"]),
    now: Date.now(),
    by: by.length === 0 ? ["model"] : by,
    where: textList(options["where"]),
    ...(period === undefined ? {} : { period }),
    ...given("from"),
    ...given("to"),
    ...(unit === undefined ? {} : { granularity: choice("--granularity", unit, granularities) }),
  };
}
