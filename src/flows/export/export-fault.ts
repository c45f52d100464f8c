import type { CostQuestion } from "#facts/cost-question.ts";
import { unmatchedNotes } from "#flows/report/unmatched-notes.ts";
import { engineProblem, isShortage } from "#lake/import/engine-problem.ts";
import type { OpenLake } from "#lake/open-lake.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import type { ExportRequest } from "./export-request.ts";

/** Nothing is no file: whoever waits for one is told why there is none. */
export async function nothingSelected(
  { data, split }: ExportRequest,
  question: CostQuestion,
  { version }: OpenLake,
): Promise<Problem> {
  const { window, role, where } = question;
  const shown = `${formatInstant(window.start)} to ${formatInstant(window.end)}`;
  const own = version.periods.filter((period) => period.role === role);
  const covers =
    own.length === 0
      ? `The lake has no source of the role ${role}.`
      : `The lake's charges of the role ${role} are of ${formatInstant(Math.min(...own.map(({ charges }) => charges.start)))} to ${formatInstant(Math.max(...own.map(({ charges }) => charges.end)))}.`;
  const notes = split === undefined ? await unmatchedNotes(data, question) : [];
  const filters = where.length === 0 ? "" : " and passes the filters";
  return new Problem(
    "selection-empty",
    [`No charge of ${shown} has the role ${role}${filters}: nothing was written.`, ...notes].join(" "),
    { hint: covers },
  );
}

const SHORTAGE = "Nothing was written. Make room, or export less at a time: a shorter period, or one source.";

/** What the engine said, as a Problem where people can do something about it. */
export async function exportFault(cause: unknown, lake: OpenLake, file: string): Promise<unknown> {
  if (cause instanceof Problem) return cause;
  const known = engineProblem(cause, file);
  if (known instanceof Problem && isShortage(known))
    return new Problem(
      known.code,
      `${file} can't be written: the machine is short of ${known.code === "memory-full" ? "memory" : "disk space"}.`,
      { at: { file }, cause, hint: SHORTAGE },
    );
  const damaged = await lake.damagedFile("charges");
  if (damaged === undefined) return cause;
  return new Problem("lake-corrupt", `${damaged} is missing or damaged.`, { at: { file: damaged }, cause });
}
