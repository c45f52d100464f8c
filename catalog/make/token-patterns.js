// Turns the patterns by which a list names its models into clauses that need no engine of regular expressions: no name, however it is
// made, takes more than one look along it.

/** Expressions that are no plain sequence, each read by a person. A new one stops the making until somebody reads it too. */
const read = {
  "^o[134]": { or: [{ starts_with: "o1" }, { starts_with: "o3" }, { starts_with: "o4" }] },
  "^(?!.*-[tT][tT][sS](?:$|-))": { not: { or: [{ ends_with: "-tts" }, { contains: "-tts-" }] } },
  "^(?![^/]+/)(?:labs-)?(?:(?:mi|code|dev|magi|mini)stral|mixtral|pixtral|voxtral|open-(?:mistral|mixtral))": {
    and: [
      { not: { contains: "/" } },
      {
        or: ["", "labs-"].flatMap((lab) =>
          ["mistral", "codestral", "devstral", "magistral", "ministral", "mixtral", "pixtral", "voxtral", "open-mistral", "open-mixtral"].map(
            (name) => ({ starts_with: lab + name }),
          ),
        ),
      },
    ],
  },
};

/** A clause in lower case, as names are compared; a regular expression becomes a `like`: # is a digit, * at the end is anything. */
export function clauseOf(match) {
  const [[kind, value]] = Object.entries(match);
  if (kind === "or" || kind === "and") return { [kind]: value.map(clauseOf) };
  if (kind === "regex") return read[value] ?? { like: likeOf(value) };
  if (!["equals", "starts_with", "ends_with", "contains"].includes(kind)) throw new Error(`Unknown clause ${kind}.`);
  return { [kind]: value.toLowerCase() };
}

function likeOf(regex) {
  const [, body, end] = /^\^(.*?)(\$?)$/.exec(regex) ?? [];
  if (body === undefined) throw new Error(`The expression ${regex} does not begin at the beginning.`);
  let like = "";
  let rest = body;
  while (rest !== "") {
    const step = /^(?:\\d(?:\{(\d{1,2})\})?|\\([.[\]])|([a-z0-9/=:@_-]))/.exec(rest);
    if (step === null) throw new Error(`Read the expression ${regex} and add it to token-patterns.js.`);
    const [all, times, escaped, plain] = step;
    like += escaped ?? plain ?? "#".repeat(Number(times ?? 1));
    rest = rest.slice(all.length);
  }
  return end === "$" ? like : `${like}*`;
}
