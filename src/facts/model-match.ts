/** How a list names its models. All texts are in lower case, as the names they are held against. */
export type ModelMatch =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  /** `#` is a digit, `*` at the end is anything: claude-opus-5-######## */
  | { readonly like: string }
  | { readonly not: ModelMatch }
  | { readonly or: readonly ModelMatch[] }
  | { readonly and: readonly ModelMatch[] };

/** True where a name in lower case is one that the clause means. No regular expressions: a name is looked along once. */
export function matchesModel(match: ModelMatch, name: string): boolean {
  if ("equals" in match) return name === match.equals;
  if ("starts_with" in match) return name.startsWith(match.starts_with);
  if ("ends_with" in match) return name.endsWith(match.ends_with);
  if ("contains" in match) return name.includes(match.contains);
  if ("like" in match) return isLike(name, match.like);
  if ("not" in match) return !matchesModel(match.not, name);
  if ("or" in match) return match.or.some((each) => matchesModel(each, name));
  return match.and.every((each) => matchesModel(each, name));
}

function isLike(name: string, like: string): boolean {
  const open = like.endsWith("*");
  const pattern = open ? like.slice(0, -1) : like;
  if (name.length < pattern.length || (!open && name.length > pattern.length)) return false;
  for (let at = 0; at < pattern.length; at++) {
    const [wanted, found = ""] = [pattern[at], name[at]];
    if (wanted === "#" ? found < "0" || found > "9" : wanted !== found) return false;
  }
  return true;
}

const texts = ["equals", "starts_with", "ends_with", "contains", "like"];

/** True if a parsed JSON value is a clause. */
export function isModelMatch(value: unknown): value is ModelMatch {
  if (typeof value !== "object" || value === null) return false;
  const [only, more] = Object.entries(value);
  if (only === undefined || more !== undefined) return false;
  const [kind, clause] = only as [string, unknown];
  if (kind === "not") return isModelMatch(clause);
  if (kind === "or" || kind === "and") return Array.isArray(clause) && clause.every(isModelMatch);
  return texts.includes(kind) && typeof clause === "string" && clause !== "";
}
