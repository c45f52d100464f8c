import type { Reader } from "protobufjs/minimal.js";
import { keyKind } from "#ingest/calls/content-keys.ts";
import type { OtlpLimits } from "./limits.ts";
import { textAt } from "./short-texts.ts";
import type { AttributeValue, PromptPart, SetAside } from "./span.ts";
import { endOfMessage, endReached, readInt64, skipField } from "./wire.ts";

/** What the decoder of one body shares. */
export interface Decoding {
  readonly limits: OtlpLimits;
  readonly setAside: SetAside;
  /** Whether prompts are read to be hashed; else their bytes are stepped over. */
  readonly prompts: boolean;
}

/** A value that was stepped over. */
const NONE = Symbol("none");

/** Reads the KeyValue that ends there into the map, unless its name says that its value is a text. */
export function readAttribute(
  reader: Reader,
  end: number,
  into: Map<string, AttributeValue>,
  decoding: Decoding,
  prompt: PromptPart[] | null = null,
  ofResource = false,
): void {
  let key = "";
  let valueAt = -1;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) {
      const keyEnd = endOfMessage(reader, end);
      key = textAt(reader.buf as Buffer, reader.pos, keyEnd);
      reader.pos = keyEnd;
    } else if (tag === 0x12) {
      valueAt = reader.pos;
      reader.pos = endOfMessage(reader, end);
    } else skipField(reader, tag, end);
  }
  endReached(reader, end);
  if (valueAt < 0 || key === "") return;
  const kind = keyKind(key);
  if (kind === "prompt" && prompt !== null) prompt.push([key, promptValue(reader, valueAt, end, decoding)]);
  if (kind !== "plain" && !(ofResource && kind === "content")) return;
  if (into.size >= decoding.limits.attributes || key.length > decoding.limits.valueBytes) {
    decoding.setAside.surplusAttributes++;
    return;
  }
  const value = readValue(reader, valueAt, end, decoding);
  if (value !== undefined) into.set(key, value);
}

function readValue(reader: Reader, at: number, end: number, decoding: Decoding): AttributeValue | undefined {
  reader.pos = at;
  const valueEnd = endOfMessage(reader, end);
  const value =
    valueEnd - reader.pos > decoding.limits.valueBytes + 8
      ? NONE
      : anyValue(reader, valueEnd, 0, decoding.limits.depth);
  reader.pos = end;
  if (value !== NONE) return value;
  decoding.setAside.largeValues++;
  return undefined;
}

/** The value of a prompt, of any length, for its hash; empty where it is nested too deep. */
function promptValue(reader: Reader, at: number, end: number, decoding: Decoding): AttributeValue {
  reader.pos = at;
  const value = anyValue(reader, endOfMessage(reader, end), 0, decoding.limits.depth);
  reader.pos = end;
  return value === NONE || value === undefined ? "" : value;
}

/** An AnyValue that ends at `end`; undefined if it is empty. */
function anyValue(
  reader: Reader,
  end: number,
  depth: number,
  most: number,
): AttributeValue | undefined | typeof NONE {
  if (depth > most) {
    reader.pos = end;
    return NONE;
  }
  let value: AttributeValue | undefined | typeof NONE;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a: {
        const textEnd = endOfMessage(reader, end);
        value = textAt(reader.buf as Buffer, reader.pos, textEnd);
        reader.pos = textEnd;
        break;
      }
      case 0x3a: {
        const bytesEnd = endOfMessage(reader, end);
        value = (reader.buf as Buffer).toString("base64", reader.pos, bytesEnd);
        reader.pos = bytesEnd;
        break;
      }
      case 0x10:
        value = reader.bool();
        break;
      case 0x18:
        value = readInt64(reader);
        break;
      case 0x21:
        value = reader.double();
        break;
      case 0x2a:
        value = arrayValue(reader, endOfMessage(reader, end), depth + 1, most);
        break;
      case 0x32:
        value = listValue(reader, endOfMessage(reader, end), depth + 1, most);
        break;
      default:
        skipField(reader, tag, end);
    }
  }
  endReached(reader, end);
  return value;
}

function arrayValue(reader: Reader, end: number, depth: number, most: number): AttributeValue | typeof NONE {
  const values: AttributeValue[] = [];
  let whole = true;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== 0x0a) {
      skipField(reader, tag, end);
      continue;
    }
    const value = anyValue(reader, endOfMessage(reader, end), depth, most);
    if (value === NONE) whole = false;
    else values.push(value ?? "");
  }
  endReached(reader, end);
  return whole ? values : NONE;
}

function listValue(reader: Reader, end: number, depth: number, most: number): AttributeValue | typeof NONE {
  const entries: [string, AttributeValue][] = [];
  let whole = true;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== 0x0a) {
      skipField(reader, tag, end);
      continue;
    }
    const entryEnd = endOfMessage(reader, end);
    let key = "";
    while (reader.pos < entryEnd) {
      const entryTag = reader.uint32();
      if (entryTag === 0x0a) key = reader.string();
      else if (entryTag === 0x12) {
        const value = anyValue(reader, endOfMessage(reader, entryEnd), depth, most);
        if (value === NONE) whole = false;
        else entries.push([key, value ?? ""]);
      } else skipField(reader, entryTag, entryEnd);
    }
    endReached(reader, entryEnd);
  }
  endReached(reader, end);
  return whole ? Object.fromEntries(entries) : NONE;
}
