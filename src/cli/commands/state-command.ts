import { auditTrail, type Trail, verifyTrail } from "#flows/state/audit-trail.ts";
import { backupState, restoreState } from "#flows/state/move-state.ts";
import { formatInstant } from "#units/instant.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim, green } from "#cli/colors.ts";
import { stateUrl } from "#cli/environment.ts";
import { count, many } from "#cli/format.ts";
import { optionalText, positiveInteger } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { table } from "#cli/table.ts";

type Options = Readonly<Record<string, unknown>>;
type Summary = Awaited<ReturnType<typeof backupState>>;

/** Where the options and the environment say that the state is. */
const whereOf = (options: Options) => ({
  data: String(options["data"]),
  url: optionalText(options["state"]) ?? stateUrl(),
});

/** `plimsoll state backup`: all of the state to a file. */
export async function backupCommand(file: string, options: Options): Promise<void> {
  const summary = await backupState(whereOf(options), file, Date.now());
  print(options, summaryJson(file, summary), () => summaryText(`Wrote ${printable(file)}`, summary));
}

/** `plimsoll state restore`: a backup into a state that holds nothing. */
export async function restoreCommand(file: string, options: Options): Promise<void> {
  const summary = await restoreState(whereOf(options), file);
  print(options, summaryJson(file, summary), () => summaryText(`Restored ${printable(file)}`, summary));
}

/** `plimsoll state audit`: the newest changes; with --verify whether the audit is whole. Exit code 1 if it is broken. */
export async function auditCommand(options: Options): Promise<void> {
  const expected = optionalText(options["expect"]);
  if (options["verify"] !== true && expected === undefined) {
    const trail = await auditTrail(whereOf(options), positiveInteger("--limit", String(options["limit"])));
    print(options, trailJson(trail), () => trailText(trail));
    return;
  }
  const verdict = await verifyTrail(whereOf(options), expected);
  if (verdict.kind === "broken" && options["json"] !== true)
    throw new Problem("audit-broken", `Audit row ${verdict.seq}: ${verdict.why}.`);
  print(options, verdict, () =>
    verdict.kind === "whole"
      ? `${green("Whole")}: ${many(verdict.rows, "change")}, each as it was written.\n${headText(verdict.head)}`
      : "",
  );
  if (verdict.kind === "broken") process.exitCode = 1;
}

function print(options: Options, json: object, text: () => string): void {
  process.stdout.write(options["json"] === true ? `${JSON.stringify(json, null, 2)}\n` : text());
}

const summaryJson = (file: string, { at, rows, head }: Summary): object => ({ file, at, rows, head });

function summaryText(done: string, { at, rows, head }: Summary): string {
  const parts = Object.entries(rows).map(([name, number]) => `${name} ${count(number)}`);
  return `${green(done)}: the state of ${at}.\nRows: ${parts.join(", ")}.\n${headText(head)}`;
}

const headText = ({ seq, hash }: Trail["head"]): string =>
  `${dim(`The audit ends with row ${seq}, hash ${hash}.`)}\n`;

const trailJson = ({ head, rows }: Trail): object => ({
  head,
  rows: rows.map(({ seq, at, actor, action, subject_kind, subject_id, before, after, hash }) => ({
    seq,
    at: formatInstant(at),
    actor,
    action,
    subject: { kind: subject_kind, id: subject_id },
    before: before === null ? null : (JSON.parse(before) as unknown),
    after: after === null ? null : (JSON.parse(after) as unknown),
    hash,
  })),
});

function trailText({ head, rows }: Trail): string {
  if (rows.length === 0) return "Nobody has decided anything yet.\n";
  const cells = rows.map((row) => [
    String(row.seq),
    `${formatInstant(row.at).slice(0, 19).replace("T", " ")} UTC`,
    printable(row.actor),
    row.action,
    printable(row.subject_id),
    printable(row.before ?? ""),
    printable(row.after ?? ""),
  ]);
  const columns = ["Row", "Time", "Who", "What", "Of", "Before", "After"];
  const more = head.seq > rows.length ? `${bold(count(rows.length))} of ${count(head.seq)} changes. ` : "";
  return `${table(columns, cells, [true])}${more}${headText(head)}`;
}
