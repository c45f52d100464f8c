import { answerReconciliation } from "#flows/reconciliation/answer-reconciliation.ts";
import { Problem } from "#units/problems.ts";
import { csv } from "#cli/csv.ts";
import {
  reconciliationColumns,
  reconciliationJson,
  reconciliationRows,
  reconciliationText,
} from "#cli/reconciliation-text.ts";

/** `plimsoll reconcile`: metered against billed, and why they differ. */
export async function reconcileCommand(
  period: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const answer = await answerReconciliation({
    data: String(options["data"]),
    now: Date.now(),
    period,
    byProject: is("byProject"),
    ...(typeof options["source"] === "string" ? { source: options["source"] } : {}),
  });
  process.stdout.write(
    is("json")
      ? `${JSON.stringify(reconciliationJson(answer), null, 2)}\n`
      : is("csv")
        ? csv(reconciliationColumns, reconciliationRows(answer))
        : reconciliationText(answer, is("days")),
  );
}
