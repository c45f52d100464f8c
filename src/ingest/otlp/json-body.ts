import { isUtf8 } from "node:buffer";
import { invalid } from "./invalid.ts";
import { numberOrDigits } from "./wire.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Smaller bodies can't hold enough to hurt. */
const SCANNED_BYTES = 2 ** 20;
/** A value inside a value takes four. */
const MOST_DEPTH = 256;
/** A span of fifteen attributes holds about 35, in 1,200 bytes. */
const MOST_CONTAINERS = 1_000_000;

/**
 * The one object that a body of OTLP/JSON is.
 * @throws Problem "otlp-invalid" with what is wrong
 */
export function parseBody(body: Buffer): JsonObject {
  if (!isUtf8(body)) throw invalid("its JSON is not UTF-8");
  if (body.length > SCANNED_BYTES) scanNesting(body);
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    // The parser's own words quote the body, which may hold a prompt.
    throw invalid("its JSON is cut off or damaged", new Error((cause as Error).name));
  }
  return objectOf(value, "the body");
}

/** A parser gives each bracket of a body some thirty times its size in memory; what holds nearly nothing else is refused before. */
function scanNesting(body: Buffer): void {
  let [depth, containers] = [0, 0];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === 0x22) {
      at = body.indexOf(0x22, at + 1);
      while (at > 0 && isEscaped(body, at)) at = body.indexOf(0x22, at + 1);
      if (at < 0) return;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      containers++;
      if (depth > MOST_DEPTH || containers > MOST_CONTAINERS)
        throw invalid(
          `its JSON is nested more than ${MOST_DEPTH} levels deep, or has more than ${MOST_CONTAINERS} parts`,
        );
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}

function isEscaped(body: Buffer, quote: number): boolean {
  let backslashes = 0;
  while (body[quote - 1 - backslashes] === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`${what} is no object`);
  return value as JsonObject;
}

/** A list, empty where it is left out. */
export function listOf(parent: JsonObject, name: string): readonly unknown[] {
  const value = parent[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${name} is no list`);
  return value as unknown[];
}

export function textOf(parent: JsonObject, name: string): string {
  const value = parent[name];
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw invalid(`${name} is no text`);
  return value;
}

/** Hex of so many bytes in lower case, else empty. OTLP/JSON writes ids as hex, other than protobuf's JSON, which has base64. */
export function hexOf(parent: JsonObject, name: string, bytes: number): string {
  const text = textOf(parent, name);
  return text.length === bytes * 2 && /^[0-9a-f]*$/i.test(text) ? text.toLowerCase() : "";
}

/** A whole number, which OTLP/JSON writes as a text of digits and senders also as a number. */
export function integerOf(value: unknown, what: string): number | string {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  if (typeof value === "string" && /^-?\d{1,20}$/.test(value)) return numberOrDigits(BigInt(value));
  throw invalid(`${what} is no whole number`);
}

/** A number; NaN and the infinities are written as texts. */
export function doubleOf(value: unknown, what: string): number {
  if (typeof value === "number") return value;
  const number =
    typeof value === "string" && value.trim() !== ""
      ? Number(value.replace(/^(-?)inf$/i, "$1Infinity"))
      : undefined;
  if (number === undefined || (Number.isNaN(number) && value !== "NaN"))
    throw invalid(`${what} is no number`);
  return number;
}

/** Nanoseconds since 1970 as whole microseconds; 0 where they are left out. */
export function microsecondsOf(parent: JsonObject, name: string): number {
  const value = parent[name];
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return Math.floor(value / 1000);
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return Number(value.slice(0, -3));
  throw invalid(`${name} is no time in nanoseconds`);
}

/** A number of an enumeration; names are read too, as some senders write them. */
export function enumOf(parent: JsonObject, name: string, names: readonly string[]): number {
  const value = parent[name];
  if (value === undefined || value === null) return 0;
  const index = typeof value === "string" ? names.findIndex((each) => value.endsWith(each)) : value;
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0)
    throw invalid(`${name} is none of its values`);
  return index;
}

/** A message's list by its name; the spelling of protobuf itself would otherwise be an empty body that nobody notices. */
export function topList(body: JsonObject, name: string, protobufName: string): readonly unknown[] {
  if (body[name] === undefined && body[protobufName] !== undefined)
    throw invalid(`its JSON says ${protobufName} where OTLP says ${name}`);
  return listOf(body, name);
}
