import { quoted } from "#facts/source-mapping.ts";
import { inputClasses, modalities, outputClasses, type TokenPart, tokenParts } from "#facts/token-usage.ts";
import { raw, type Sql, sql } from "#lake/sql.ts";

/** What `callParts` adds to the columns of calls; two of theirs are out of the way under other names meanwhile. */
export const addedParts: readonly string[] = [
  "provider",
  "model",
  "tier",
  "region",
  "at",
  ...tokenParts,
  "web_search",
  "file_search",
];
/** Column names differ from others by more than their case. */
export const setAside = { Provider: "call:Provider", Tier: "call:Tier" } as const;

/**
 * What is in any call and makes pricing more work, as `modalities` and `summed`: tokens that are no text (where no call has any, all tokens are of
 * their class's text), and rows that sum up several calls.
 */
export const anyOf = (calls: string): string =>
  `select coalesce(max(coalesce("AudioInputTokens", 0) + coalesce("ImageInputTokens", 0) + coalesce("VideoInputTokens", 0)
    + coalesce("AudioOutputTokens", 0)), 0) > 0 as modalities, coalesce(bool_or("Summed"), false) as summed from ${calls}`;

/** Of a row that sums up calls: how many tokens one of them read, and how many they are. */
export const perCall = {
  input: raw(`c."ContextTokens"`),
  count: raw(`case when c."Summed" then c."SummedCalls" else 1 end`),
};

/**
 * Calls with the cells of their partition, as `tokenCosts` reads them. Calls keep how many tokens are of a class and how many are audio, not how many are
 * both: as `partitionTokens` does, what is cached is taken to be text as far as there is text, which is the dearest reading. Laid side by side on a line, the
 * classes in their order and the modalities in theirs, a cell is where the two overlap.
 * @param hasModalities as `anyOf` says
 */
export function callParts(calls: string, hasModalities: boolean): Sql {
  const parts = hasModalities ? { ...inputCells(), ...outputCells() } : textCells();
  const cells = tokenParts.map((part) => `${parts[part] ?? "cast(0 as bigint)"} as ${quoted(part)}`);
  const renames = Object.entries(setAside).map(([name, other]) => `${quoted(name)} as ${quoted(other)}`);
  return sql`(select * rename (${raw(renames.join(", "))}), "Provider" as provider, coalesce("x_ModelId", '') as model,
    lower(coalesce("Tier", 'standard')) as tier, coalesce("RegionId", '') as region, "StartTime" as "at", ${raw(cells.join(", "))},
    coalesce("Requests"['web_search'], 0) as web_search, coalesce("Requests"['file_search'], 0) as file_search from ${raw(calls)})`;
}

const columnOf = {
  uncached: `"UncachedInputTokens"`,
  cache_read: `"CacheReadTokens"`,
  cache_write_5m: `"CacheWrite5mTokens"`,
  cache_write_1h: `"CacheWrite1hTokens"`,
  visible: `"VisibleOutputTokens"`,
  reasoning: `"ReasoningOutputTokens"`,
} as const;

type Cells = Partial<Record<TokenPart, string>>;

const textCells = (): Cells =>
  Object.fromEntries([...inputClasses, ...outputClasses].map((each) => [`${each}_text`, columnOf[each]]));

/** Cached first, as text goes first to what is cached. */
const onLine = ["cache_read", "cache_write_5m", "cache_write_1h", "uncached"] as const;

function inputCells(): Cells {
  const counts = {
    audio: `"AudioInputTokens"`,
    image: `"ImageInputTokens"`,
    video: `"VideoInputTokens"`,
  };
  const others = Object.values(counts).join(" - ");
  const text = `(${onLine.map((each) => columnOf[each]).join(" + ")} - ${others})`;
  const lengths = modalities.map((each) => (each === "text" ? text : counts[each]));
  const cells: Cells = {};
  onLine.forEach((of, at) => {
    const [start, end] = [at, at + 1].map((many) => sum(onLine.slice(0, many).map((each) => columnOf[each])));
    modalities.forEach((modality, place) => {
      const [from, until] = [place, place + 1].map((many) => sum(lengths.slice(0, many)));
      cells[`${of}_${modality}`] = `greatest(0, least(${end}, ${until}) - greatest(${start}, ${from}))`;
    });
  });
  return cells;
}

const sum = (terms: readonly string[]): string => (terms.length === 0 ? "0" : `(${terms.join(" + ")})`);

/** Thinking is text. */
const outputCells = (): Cells => ({
  visible_text: `${columnOf.visible} - "AudioOutputTokens"`,
  visible_audio: `"AudioOutputTokens"`,
  reasoning_text: columnOf.reasoning,
});
