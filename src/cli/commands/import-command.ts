import { type FocusColumn, focusColumnNames } from "#facts/focus-columns.ts";
import { importModes } from "#facts/import-mode.ts";
import { roles } from "#facts/role.ts";
import { importDelivery, type ImportResult } from "#flows/import/import-delivery.ts";
import { listFormats } from "#flows/import/list-formats.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim, green, yellow } from "#cli/colors.ts";
import { count, exactCost, many, signed } from "#cli/format.ts";
import { dividedLines } from "#cli/division-text.ts";
import { printable } from "#cli/printable.ts";
import { progressLine } from "#cli/progress-line.ts";
import { table } from "#cli/table.ts";
import { choice, optionalText, textList } from "#cli/options.ts";

/** `plimsoll import`: one delivery in; what was found and what moved out. */
export async function importCommand(paths: string[], options: Record<string, unknown>): Promise<void> {
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  if (options["formats"] === true) {
    const formats = listFormats();
    process.stdout.write(
      options["json"] === true
        ? json({ formats })
        : table(
            ["Format", "What"],
            formats.map(({ name, what }) => [name, what]),
          ),
    );
    return;
  }
  if (paths.length === 0) {
    throw new Problem("option-invalid", "plimsoll import needs a file, a folder or a glob.", {
      hint: "Write plimsoll import bills/ --source aws; plimsoll import --formats lists what is read.",
    });
  }
  const line = progressLine(process.stderr);
  const format = optionalText(options["format"]);
  const zone = optionalText(options["timezone"]);
  const mode = options["mode"] === undefined ? undefined : choice("--mode", options["mode"], importModes);
  const part = partOf(optionalText(options["part"]), optionalText(options["mode"]));
  const role = options["role"] === undefined ? undefined : choice("--role", options["role"], roles);
  const result = await importDelivery(
    {
      data: String(options["data"]),
      inputs: paths,
      source: String(options["source"]),
      values: declaredValues(textList(options["set"])),
      force: options["force"] === true,
      now: Date.now(),
      ...(format === undefined ? {} : { format }),
      ...(zone === undefined ? {} : { zone: checkedZone(zone) }),
      ...(mode === undefined ? {} : { mode }),
      ...(part === undefined ? {} : { part, mode: "append" as const }),
      ...(role === undefined ? {} : { role }),
    },
    ({ step, done, total, unit }) => line.show(step, done, total, unit),
  ).finally(() => line.end());
  process.stdout.write(options["json"] === true ? json(result) : describe(result));
}

/** A part stands beside others, so that it is added and not put in place of the billing period. */
function partOf(part: string | undefined, mode: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  const name = part.trim();
  if (name === "" || name.length > 200 || /\p{Cc}/u.test(name))
    throw new Problem(
      "option-invalid",
      "--part takes a name of one line, at most 200 letters, such as 2026-07-01.",
    );
  if (mode !== undefined && mode !== "append")
    throw new Problem("option-invalid", `--part and --mode ${mode} contradict each other.`, {
      hint: "A part replaces the former delivery of its name alone; without --part the billing period is replaced.",
    });
  return name;
}

function declaredValues(settings: readonly string[]): Partial<Record<FocusColumn, string>> {
  const values: Partial<Record<FocusColumn, string>> = {};
  for (const setting of settings) {
    const [name = "", ...value] = setting.split("=");
    const column = focusColumnNames.find((known) => known.toLowerCase() === name.toLowerCase());
    if (column === undefined || value.length === 0) {
      throw new Problem("option-invalid", `--set ${setting} does not name a FOCUS column and its value.`, {
        hint: "Write --set BillingCurrency=USD.",
      });
    }
    if (values[column] !== undefined) {
      throw new Problem(
        "option-invalid",
        `--set states ${column} twice: ${values[column]} and ${value.join("=")}.`,
        {
          hint: "State each column once; the value fills its empty cells in the whole delivery.",
        },
      );
    }
    values[column] = value.join("=");
  }
  return values;
}

function checkedZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new Problem("option-invalid", `--timezone ${zone} is not a zone.`, {
      hint: "Use a name such as UTC or Europe/Budapest.",
      cause,
    });
  }
}

function describe(result: ImportResult): string {
  const { changed, record, unchanged, shared, restatement } = result;
  const fresh = record.periods.filter(({ billingPeriod }) => !changed || !unchanged.includes(billingPeriod));
  const rows = fresh.reduce((sum, period) => sum + period.rows, 0);
  const formats = [...new Set(record.files.map(({ format }) => format))].join(", ");
  if (!changed) return nothingChanged(record.source, rows, shared);
  const lines = [
    `${green("Imported")} ${many(rows, "charge")} of ${many(record.files.length, "file")} (${formats}) as source ${bold(record.source)}.`,
    "",
    table(
      ["Billing period", "Charges", "Currency", "BilledCost", "EffectiveCost"],
      fresh.flatMap(({ billingPeriod, rows: charges, totals }) =>
        Object.entries(totals).map(([currency, sums], index) => [
          index === 0 ? billingPeriod : "",
          index === 0 ? count(charges) : "",
          currency,
          exactCost(sums["BilledCost"]),
          exactCost(sums["EffectiveCost"]),
        ]),
      ),
      [false, true, false, true, true],
    ),
    dim("Totals are exact and agree digit for digit between the delivered text and the lake."),
  ];
  if (unchanged.length > 0)
    lines.push(
      `Unchanged: ${unchanged.join(", ")}, which ${unchanged.length === 1 ? "holds" : "hold"} just what was delivered.`,
    );
  for (const period of restatement.periods) {
    lines.push(
      "",
      `${yellow("Restated")} ${period.billingPeriod}: ${many(period.rowsBefore, "charge")} became ${count(period.rowsAfter)}.`,
    );
    if (!period.beforeReadable)
      lines.push(
        "  The files of before are damaged; what they held is taken from the record of their import.",
      );
    for (const { column, currency, before, after, difference } of period.moved) {
      const by = difference === null ? "" : ` (${signed(difference)})`;
      lines.push(`  ${column} ${exactCost(before)} → ${exactCost(after)} ${currency}${by}`);
    }
    for (const { serviceName, currency, difference } of period.services) {
      lines.push(
        dim(
          `    ${serviceName === "" ? "(no service)" : printable(serviceName)}: BilledCost ${signed(difference)} ${currency}`,
        ),
      );
    }
  }
  const divided = dividedLines(result);
  if (divided.length > 0) lines.push("", ...divided);
  if (record.roundedAmounts > 0)
    lines.push(`${many(record.roundedAmounts, "amount")} had more than 18 decimals, rounded half to even.`);
  for (const period of fresh) {
    for (const [column, unknown] of Object.entries(period.unknown)) {
      if (unknown > 0)
        lines.push(`${period.billingPeriod}: ${column} is unknown for ${many(unknown, "charge")}.`);
    }
  }
  lines.push(...record.notes.map((note) => dim(`Note: ${note}`)));
  if (record.findings.length > 0) {
    lines.push(`${many(record.findings.length, "conformance finding")}; plimsoll doctor explains.`);
  }
  return `${lines.join("\n")}\n`;
}

function nothingChanged(source: string, rows: number, shared: ImportResult["shared"]): string {
  const held = shared.length === 0 ? `exactly this delivery (${many(rows, "charge")})` : "this delivery";
  const others = shared.map(
    (period) =>
      `${period.billingPeriod} holds ${count(period.deliveries)} deliveries, ${many(period.rows, "charge")} in all; with --mode overwrite only what is given now would stay.\n`,
  );
  return [`Nothing changed: source ${bold(source)} already holds ${held}.\n`, ...others].join("");
}
