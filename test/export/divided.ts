import type { Split } from "#facts/split.ts";
import { monthStatement } from "#flows/statements/month-statement.ts";
import { decimal, formatDecimal } from "#units/decimal.ts";
import type { FixtureRow } from "../engines/focus-csv.ts";
import type { OwnFolder } from "../imports/kit.ts";
import { csvRows, send } from "./kit.ts";

export type Rows = Awaited<ReturnType<typeof csvRows>>;

/** A charge of July that a team is tagged on. */
export const charge = (team: string, cost: string, more: FixtureRow = {}): FixtureRow => ({
  BilledCost: cost,
  ServiceName: "Compute",
  Tags: team === "" ? "" : JSON.stringify({ team }),
  ...more,
});
/** The month that is exported. */
export const july = { now: 0, period: "2026-07" };
let sent = 0;
/** The rows of an export of July. */
export async function rowsOf(world: OwnFolder, options: Parameters<typeof send>[2] = {}): Promise<Rows> {
  const file = `${world.folder}/sent-${sent++}.csv`;
  await send(world.data, file, { asked: july, ...options });
  // Which bearer of a charge comes first is not promised.
  const name = (row: Rows[number]): string => row["x_Team"] ?? "";
  return (await csvRows(file)).sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
}

/** Exact sums of a cost per bearer and currency; a bearer of whom no row has a value is left out. */
export function borneBy(rows: Rows, cost: string, column = "x_Team"): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    const value = row[cost] ?? "";
    const id = `${row[column] ?? ""} ${row["BillingCurrency"] ?? ""}`;
    if (value !== "") sums.set(id, (sums.get(id) ?? 0n) + decimal(value));
  }
  return Object.fromEntries(
    [...sums].filter(([, sum]) => sum !== 0n).map(([id, sum]) => [id, formatDecimal(sum)]),
  );
}

/** The same by the month's statement. */
export async function stated(
  world: OwnFolder,
  own: readonly Split[],
  cost: "billed" | "effective",
): Promise<Record<string, string>> {
  const { statement } = await monthStatement(
    { data: world.data },
    { month: "2026-07", key: "team", splits: own },
  );
  return Object.fromEntries(
    statement.scopes.flatMap(({ scope, currency, total }) => {
      const sum = total[cost] ?? 0n;
      return sum === 0n ? [] : [[`${scope ?? ""} ${currency}`, formatDecimal(sum)]];
    }),
  );
}
