import { keyKind } from "#ingest/calls/content-keys.ts";
import type { Decoding } from "./decode-attributes.ts";
import { invalid } from "./invalid.ts";
import { doubleOf, integerOf, type JsonObject, listOf, objectOf, textOf } from "./json-body.ts";
import type { AttributeValue, PromptPart } from "./span.ts";

/** A value that is nested too deep. */
const NONE = Symbol("none");

/** Reads `attributes` of a span, point or resource as `readAttribute` does those of protobuf. */
export function attributesOf(
  parent: JsonObject,
  decoding: Decoding,
  prompt: PromptPart[] | null = null,
  ofResource = false,
): Map<string, AttributeValue> {
  const into = new Map<string, AttributeValue>();
  for (const each of listOf(parent, "attributes")) {
    const attribute = objectOf(each, "an attribute");
    const key = textOf(attribute, "key");
    if (key === "" || attribute["value"] === undefined || attribute["value"] === null) continue;
    const kind = keyKind(key);
    if (kind === "prompt" && prompt !== null) {
      const value = anyValue(attribute["value"], 0, decoding.limits.depth);
      prompt.push([key, value === NONE || value === undefined ? "" : value]);
    }
    if (kind !== "plain" && !(ofResource && kind === "content")) continue;
    if (into.size >= decoding.limits.attributes || key.length > decoding.limits.valueBytes) {
      decoding.setAside.surplusAttributes++;
      continue;
    }
    const value = anyValue(attribute["value"], 0, decoding.limits.depth);
    if (value === NONE || isLarge(value, decoding.limits.valueBytes)) decoding.setAside.largeValues++;
    else if (value !== undefined) into.set(key, value);
  }
  return into;
}

function anyValue(given: unknown, depth: number, most: number): AttributeValue | undefined | typeof NONE {
  if (depth > most) return NONE;
  const value = objectOf(given, "a value");
  // The member that is there is the kind; null is as good as none.
  for (const [kind, of] of Object.entries(value)) {
    if (of === null || of === undefined) continue;
    switch (kind) {
      case "stringValue":
      case "bytesValue":
        return textOf(value, kind);
      case "boolValue":
        if (typeof of !== "boolean") throw invalid("boolValue is neither true nor false");
        return of;
      case "intValue":
        return integerOf(of, "intValue");
      case "doubleValue":
        return doubleOf(of, "doubleValue");
      case "arrayValue":
        return arrayValue(objectOf(of, "arrayValue"), depth + 1, most);
      case "kvlistValue":
        return listValue(objectOf(of, "kvlistValue"), depth + 1, most);
      default:
    }
  }
  return undefined;
}

function arrayValue(array: JsonObject, depth: number, most: number): AttributeValue | typeof NONE {
  const values: AttributeValue[] = [];
  for (const each of listOf(array, "values")) {
    const value = anyValue(each, depth, most);
    if (value === NONE) return NONE;
    values.push(value ?? "");
  }
  return values;
}

function listValue(list: JsonObject, depth: number, most: number): AttributeValue | typeof NONE {
  const entries: [string, AttributeValue][] = [];
  for (const each of listOf(list, "values")) {
    const entry = objectOf(each, "a value");
    const value = anyValue(entry["value"] ?? {}, depth, most);
    if (value === NONE) return NONE;
    entries.push([textOf(entry, "key"), value ?? ""]);
  }
  return Object.fromEntries(entries);
}

/** About the bytes that protobuf would take. */
function isLarge(value: AttributeValue | undefined, mostBytes: number): boolean {
  if (typeof value === "string") return value.length > mostBytes || Buffer.byteLength(value) > mostBytes;
  return typeof value === "object" && Buffer.byteLength(JSON.stringify(value)) > mostBytes;
}
