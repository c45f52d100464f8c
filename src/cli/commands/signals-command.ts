import { signals, signalNames } from "#facts/signal.ts";
import { answerSignals, type SignalsAsked } from "#flows/signals/answer-signals.ts";
import { granularities } from "#units/window.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "#cli/csv.ts";
import { choice, nameList, optionalText, textList } from "#cli/options.ts";
import { signalsJson, signalsText, signalTableRows } from "#cli/signals-text.ts";
import { table } from "#cli/table.ts";

/** `plimsoll signals`: what workloads did. */
export async function signalsCommand(
  period: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  if (is("list")) {
    const rows = signalNames.map((name) => [
      name,
      signals[name].kind,
      signals[name].unit,
      signals[name].what,
    ]);
    process.stdout.write(table(["Signal", "Kind", "Unit", "What"], rows, [false, false, false, false]));
    return;
  }
  const answer = await answerSignals(askedOf(period, options));
  if (is("json")) process.stdout.write(`${JSON.stringify(signalsJson(answer, is("explain")), null, 2)}\n`);
  else if (is("csv")) {
    const { columns, rows } = signalTableRows(answer);
    process.stdout.write(csv(columns, rows));
  } else process.stdout.write(signalsText(answer, is("explain")));
}

function askedOf(period: string | undefined, options: Record<string, unknown>): SignalsAsked {
  const by = nameList(options["by"]);
  const [from, to] = [optionalText(options["from"]), optionalText(options["to"])];
  const unit = options["granularity"];
  return {
    data: String(options["data"]),
    now: Date.now(),
    signals: nameList(options["signal"]),
    by: by.length === 0 ? ["workload"] : by,
    where: textList(options["where"]),
    ...(period === undefined ? {} : { period }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(unit === undefined ? {} : { granularity: choice("--granularity", unit, granularities) }),
  };
}
