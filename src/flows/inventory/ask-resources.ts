import { typeTagSpellings } from "#facts/declared-values.ts";
import type { Sighting } from "#facts/sighting.ts";
import { literal } from "#facts/source-mapping.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { decodeResourceCosts, type ResourceCost } from "#lake/decode-resource-costs.ts";
import { openLake } from "#lake/open-lake.ts";
import { resourceCosts } from "#lake/queries/resource-costs.ts";
import { render } from "#lake/sql.ts";
import { Problem } from "#units/problems.ts";
import type { Window } from "#units/window.ts";
import { chargeSightings } from "./charge-sightings.ts";
import type { InventoryAsked, Looked } from "./inventory-asked.ts";

const DEFAULT_TOP = 20_000;

/** What the charges of a window say of resources. */
export interface AskedResources {
  readonly sightings: readonly Sighting[];
  readonly window: Window;
  /** Sub accounts' ids and names. */
  readonly accounts: readonly (readonly [string, string])[];
  /** Rows of charges that name no resource, and of the resources below the top. */
  readonly unnamed: readonly ResourceCost[];
  readonly looked: Looked;
  readonly query: string;
}

/**
 * Asks the lake what its resources cost in the window that was asked for; of all that was imported without one.
 * @throws Problem "lake-empty", "lake-corrupt", "window-invalid"
 */
export async function askResources(asked: InventoryAsked): Promise<AskedResources> {
  const { data, now, top = DEFAULT_TOP } = asked;
  const given = { from: asked.from, to: asked.to, period: asked.period };
  const times = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { question } = await exactQuestion(data, { now, measures: ["EffectiveCost"], ...times });
  const { window } = question;
  const lake = await openLake(data, window, "invoice");
  try {
    const query = resourceCosts(lake.dialect, { window, role: "invoice", top, typeTags });
    const rows = decodeResourceCosts(await lake.engine.query(query));
    const sightings = chargeSightings(rows);
    const accounts = rows.flatMap(({ account, facts: { SubAccountName } }) =>
      account === undefined || SubAccountName === undefined ? [] : [[account, SubAccountName] as const],
    );
    const { rowsRead, version } = lake.read("charges");
    return {
      sightings,
      window,
      accounts,
      unnamed: rows.filter(({ part }) => part !== "named"),
      looked: {
        source: "charges",
        what: `lake version ${version}: ${rowsRead} charges, ${sightings.length} resources`,
      },
      query: render(query, (value) => (typeof value === "string" ? literal(value) : String(value))),
    };
  } catch (cause) {
    const file = cause instanceof Problem ? undefined : await lake.damagedFile("charges");
    if (file === undefined) throw cause;
    throw new Problem("lake-corrupt", `${file} is missing or damaged.`, { at: { file }, cause });
  } finally {
    lake.close();
  }
}

/** The spellings that providers' tags usually have; a lake's tags are looked up by exact key. */
const typeTags: readonly string[] = typeTagSpellings.flatMap((plain) => {
  const words = plain
    .replace(/^(ai|ml)?(workload)(type|kind)$/, "$1 $2 $3")
    .trim()
    .split(/\s+/);
  const capital = words.map((word) => `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`);
  return [
    words.join("-"),
    words.join("_"),
    capital.join("-"),
    capital.join(""),
    `${words[0]}${capital.slice(1).join("")}`,
    plain,
  ];
});
