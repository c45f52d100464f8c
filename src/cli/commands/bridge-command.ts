import { answerBridge, type BridgeAsked } from "#flows/bridge/answer-bridge.ts";
import { Problem } from "#units/problems.ts";
import { bridgeCsv, bridgeJson } from "#cli/bridge-json.ts";
import { bridgeText } from "#cli/bridge-text.ts";
import { choice, optionalText, positiveInteger, textList } from "#cli/options.ts";

/** `plimsoll bridge`: why cost changed. */
export async function bridgeCommand(
  period: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (options["json"] === true && options["csv"] === true)
    throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const top = positiveInteger("--top", String(options["top"]));
  const answer = await answerBridge(askedOf(period, options));
  process.stdout.write(
    options["json"] === true
      ? `${JSON.stringify(bridgeJson(answer), null, 2)}\n`
      : options["csv"] === true
        ? bridgeCsv(answer)
        : bridgeText(answer, top),
  );
}

function askedOf(period: string, options: Readonly<Record<string, unknown>>): BridgeAsked {
  const of = choice("--of", options["of"], ["charges", "calls"]);
  const history = String(options["history"]);
  return {
    data: String(options["data"]),
    now: Date.now(),
    period,
    compare: String(options["compare"]),
    of,
    by: optionalText(options["by"]) ?? (of === "calls" ? "model" : "ServiceName"),
    where: textList(options["where"]),
    units: String(options["units"]),
    volume: optionalText(options["volume"]) ?? (of === "calls" ? "items" : "units"),
    volumeWhere: textList(options["volumeWhere"]),
    method: choice("--method", options["method"], ["lmdi", "shapley"]),
    history: history === "0" ? 0 : positiveInteger("--history", history),
  };
}
