/**
 * The names most like a mistyped one, best first, at most three; none if nothing is like it. Likeness counts shared pairs of
 * letters, so that a missing or swapped word of a long name weighs little.
 * @see Dice's coefficient of bigrams
 */
export function nearestNames(text: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, likeness: likeness(text.toLowerCase(), name) }))
    .filter((each) => each.likeness >= 0.4)
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function likeness(a: string, b: string): number {
  const [left, right] = [pairs(a), pairs(b)];
  const shared = [...left].filter((pair) => right.has(pair)).length;
  return left.size + right.size === 0 ? 0 : (2 * shared) / (left.size + right.size);
}

const pairs = (text: string): Set<string> =>
  new Set(Array.from({ length: text.length + 1 }, (_, index) => ` ${text} `.slice(index, index + 2)));
