/**
 * The names most like a mistyped one, best first, at most three; none if nothing is like it. Long names are alike by the pairs of
 * letters they share, so that a missing or swapped word weighs little; short ones by the letters that would have to change.
 * @see Dice's coefficient of bigrams; Levenshtein's distance
 */
export function nearestNames(text: string, names: readonly string[]): string[] {
  const plain = (name: string): string => name.toLowerCase().replace(/^x_/, "");
  const alike = names
    .map((name) => ({ name, likeness: likeness(plain(text), plain(name)) }))
    .filter((each) => each.likeness >= 0.5)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1));
  // Only those that are nearly as good as the best: more would be noise beside it.
  return alike
    .filter((each) => each.likeness >= 0.9 * (alike[0]?.likeness ?? 0))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A question to the person who mistyped: ` Did you mean a or b?`, with a blank in front; nothing if nothing is like it. */
export function didYouMean(text: string, names: readonly string[]): string {
  const near = nearestNames(text, names);
  return near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
}

function likeness(a: string, b: string): number {
  const [left, right] = [pairs(a), pairs(b)];
  const shared = [...left].filter((pair) => right.has(pair)).length;
  const byPairs = (2 * shared) / (left.size + right.size);
  return Math.max(byPairs, 1 - distance(a, b) / Math.max(a.length, b.length, 1));
}

const pairs = (text: string): Set<string> =>
  new Set(Array.from({ length: text.length + 1 }, (_, index) => ` ${text} `.slice(index, index + 2)));

/** Levenshtein's distance: letters to change, add or drop. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
