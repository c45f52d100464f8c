/** What an attribute's name says about its value. */
export type KeyKind = "plain" | "prompt" | "content" | "secret";

/** These name or count content and are not content. */
const HARMLESS =
  /^(gen_ai\.(usage|token)\.|llm\.(usage|token_count|cost)\.|gen_ai\.(prompt\.(name|version)|output\.type|request\.max_tokens|response\.time_to_first_chunk)$|traceloop\.prompt\.(key|version|version_name|managed)$|prompt\.(id|vendor)$|llm\.prompt_template\.version$|exception\.type$)|mime_type$/;

/** The name of a thing rather than the thing; not of one in a list, such as the third message. */
const IDENTIFIER = /[._](id|name|version)$/;
const INDEXED = /\.\d+\./;

/** What was asked: of it a hash can be taken. */
const PROMPT =
  /^(gen_ai\.(prompt|input\.messages|system_instructions)|llm\.(input_messages|prompts)|input\.value|traceloop\.entity\.input)(\.|$)/;

/** A word of a name that says that its value is a text of a prompt, an answer, a document or a tool. */
const CONTENT =
  /(^|[._-])(prompts?|completions?|messages?|contents?|inputs?|outputs?|texts?|instructions?|definitions|question|answer|query|choices?|arguments?|args|parameters|result|results|reply|transcript|utterance|documents?|embeddings?|vector|body|payload|chunks?|image|images|audio|statement|stacktrace|template|variables|exception|description|summary|function_call|schema)([._-]|$)|(^|\.)metadata$/i;

/** Credentials, and addresses and headers that carry them. */
const SECRET =
  /(^|[._-])(headers?|authorization|cookies?|password|passwd|secret|secrets|token|tokens|api_?key|apikey|credentials?|command|command_args|command_line|url)([._-]|$)|^process\.env/i;

const known = new Map<string, KeyKind>();
/** Names are asked about for every span and are few; a sender of ever new ones gains nothing. */
const MOST_KNOWN = 20_000;

/** Whether an attribute's value may be kept, by its name. */
export function keyKind(key: string): KeyKind {
  const found = known.get(key);
  if (found !== undefined) return found;
  const kind = kindOf(key);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, kind);
  return kind;
}

function kindOf(key: string): KeyKind {
  if (HARMLESS.test(key)) return "plain";
  // A name from camelCase is judged by its words.
  const words = key.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  if (PROMPT.test(key)) return "prompt";
  if (CONTENT.test(words) && (INDEXED.test(key) || !IDENTIFIER.test(words))) return "content";
  return SECRET.test(words) ? "secret" : "plain";
}
