import { repriceCalls, type Repriced } from "#flows/calls/reprice-calls.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { many } from "#cli/format.ts";
import { progressLine } from "#cli/progress-line.ts";
import { table } from "#cli/table.ts";

/** `plimsoll calls reprice`: kept calls by today's prices; what moved. */
export async function repriceCommand(
  period: string | undefined,
  options: Record<string, unknown>,
): Promise<void> {
  const now = Date.now();
  const line = progressLine(process.stderr);
  const done = await repriceCalls(String(options["data"]), {
    now,
    dryRun: options["dryRun"] === true,
    ...(period === undefined ? {} : { window: parsePeriod(period, now) }),
    onProgress: (days, total) => line.show("days", days, total, "steps"),
    onWait: (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  }).finally(() => line.end());
  process.stdout.write(options["json"] === true ? `${JSON.stringify(done, null, 2)}\n` : repricedText(done));
}

function repricedText({ days, moves, kept }: Repriced): string {
  if (days === 0) return "There are no calls of that time.\n";
  const rows = moves.map(({ currency, before, after, callsBefore, callsAfter }) => [
    currency ?? "unpriced",
    String(callsBefore),
    String(callsAfter),
    currency === null ? "" : (before ?? "0"),
    currency === null ? "" : (after ?? "0"),
    currency === null ? "" : formatDecimal(decimal(after ?? "0") - decimal(before ?? "0")),
  ]);
  const moved = rows.some(([, one, other, , , by]) => one !== other || (by !== "" && by !== "0"));
  const end = kept
    ? `Calls of ${many(days, "day")} are priced anew; what they cost before stays in former versions.`
    : moved
      ? "Nothing was changed; without --dry-run these prices are put in force."
      : "Nothing changed: today's prices are those that the calls have.";
  return `${table(["Currency", "Calls now", "then", "Cost now", "then", "Change"], rows, [false, true, true, true, true, true])}\n${end}\n`;
}
