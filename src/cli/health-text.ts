import type { LakeHealth } from "#flows/doctor/examine-lake.ts";
import type { SourceHealth } from "#flows/doctor/source-health.ts";
import { bold, dim, green, red } from "./colors.ts";
import { conformanceText } from "./conformance-text.ts";
import { count, exactCost, many, minute } from "./format.ts";
import { awaitingLines } from "./health-awaiting.ts";
import { coverageText } from "./health-coverage.ts";
import { eventsHealthText } from "./events-health-text.ts";
import { healthRemarks } from "./health-remarks.ts";
import { printable } from "./printable.ts";
import { table } from "./table.ts";

/** A lake's health for people: the verdict first, then what there is, then what is wrong or worth knowing. */
export function healthText(health: LakeHealth, allFindings: boolean): string {
  const sections = [
    verdict(health),
    ...damage(health),
    ...(health.sources.length === 0 ? [] : [sourceTable(health.sources)]),
    eventsHealthText(health.events),
    coverageText(health.coverage),
    list("Awaits a decision", awaitingLines(health.awaiting)),
    list("Worth knowing", healthRemarks(health)),
    list("Restated, as far back as versions are kept", restated(health)),
    conformanceText(health.conformance, allFindings),
    disk(health),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

/** The verdict on bills; events have theirs beside it. */
function verdict({ sources, proof, damaged }: LakeHealth): string {
  if (sources.length === 0) return "";
  const periods = sources.reduce((sum, source) => sum + source.periods.length, 0);
  const rows = sources.reduce((sum, source) => sum + source.rows, 0);
  const what = `${many(rows, "charge")} of ${many(sources.length, "source")} in ${many(periods, "billing period")}`;
  if (damaged.length > 0)
    return `${red("Damaged")}: ${many(damaged.length, "file")} of ${what} can't be used.\n`;
  if (proof.imbalances.length > 0)
    return `${red("The books don't balance")}: ${count(proof.imbalances.length)} of ${count(proof.compared)} figures of ${what} differ from the delivered text.\n`;
  return `${green("Healthy")}: the books of ${what} balance. ${count(proof.compared)} figures, summed from the files just now, equal those of the delivered text digit for digit.\n`;
}

function damage({ damaged, proof }: LakeHealth): string[] {
  const lines = damaged.map(({ file, why }) => `${red("lake-corrupt")} ${file} ${printable(why)}.`);
  const differences = proof.imbalances.map(
    ({ source, billingPeriod, table: name, figure, recorded, found }) =>
      `${red("differs")} ${source} ${billingPeriod}, ${name}, ${figure}: delivered ${exactCost(recorded)}, on disk ${exactCost(found)}.`,
  );
  const all = [...lines, ...differences];
  if (all.length === 0) return [];
  const hint =
    "Import all files of these periods again with --mode overwrite --force. If that doesn't help, please report it.";
  return [`${all.slice(0, 20).join("\n")}\n${more(all.length - 20)}${dim(hint)}\n`];
}

function sourceTable(sources: readonly SourceHealth[]): string {
  const rows = sources.flatMap((source) =>
    Object.entries(source.totals).map(([currency, sums], index) => [
      ...(index > 0
        ? ["", "", "", "", "", "", ""]
        : [
            bold(source.source),
            source.role,
            source.formats.join(", "),
            periodsOf(source),
            count(source.rows),
            minute(source.lastCharge),
            minute(source.lastImport),
          ]),
      exactCost(sums["BilledCost"]),
      exactCost(sums["EffectiveCost"]),
      currency,
    ]),
  );
  const head = ["Source", "Role", "Format", "Periods", "Charges", "Charges until", "Imported"];
  return table([...head, "BilledCost", "EffectiveCost", "Currency"], rows, [
    false,
    false,
    false,
    false,
    true,
    false,
    false,
    true,
    true,
  ]);
}

/** The first and last billing period, and how many of them are still open; plimsoll periods lists them. */
function periodsOf({ periods }: SourceHealth): string {
  const names = periods.map(({ billingPeriod }) => billingPeriod).sort();
  const open = periods.filter(({ closed }) => !closed).length;
  const span = names.length === 1 ? names[0] : `${names[0]} – ${names.at(-1)}`;
  return `${span}, ${open === 0 ? "closed" : open === periods.length ? "open" : `${open} open`}`;
}

function restated({ restatements }: LakeHealth): string[] {
  const lines = restatements.map(({ at, source, billingPeriod, rowsBefore, rowsAfter, billedCost }) => {
    const moved = Object.entries(billedCost).map(
      ([currency, difference]) =>
        `BilledCost ${difference.startsWith("-") ? "" : "+"}${difference} ${currency}`,
    );
    return `${minute(at)} ${source} ${billingPeriod}: ${many(rowsBefore, "charge")} became ${count(rowsAfter)}, ${moved.length === 0 ? "BilledCost unchanged" : moved.join(", ")}.`;
  });
  return lines.length > 20 ? [...lines.slice(0, 20), `${lines.length - 20} more; see --json.`] : lines;
}

function disk({ disk: { liveBytes, formerBytes, liveFiles }, formerVersions, version }: LakeHealth): string {
  return dim(
    `Version ${version}; ${many(liveFiles, "live file")} take ${bytes(liveBytes)}, ${many(formerVersions, "former version")} ${bytes(formerBytes)} more.\n`,
  );
}

const list = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `${bold(title)}\n${lines.map((line) => `  ${line}\n`).join("")}`;

const more = (left: number): string => (left > 0 ? `and ${left} more\n` : "");

function bytes(size: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  return `${(size / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
