import type { Reader } from "protobufjs/minimal.js";
import { invalid } from "./invalid.ts";

/** Wire types of protobuf; groups, which OTLP never had, are refused: they nest without end. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/** The end of the message that begins here, inside of the one that ends at `limit`. */
export function endOfMessage(reader: Reader, limit: number): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > limit) throw invalid(`a message at byte ${reader.pos} is longer than the one around it`);
  return end;
}

/** Steps over a field that we don't read. */
export function skipField(reader: Reader, tag: number, limit: number): void {
  const at = reader.pos;
  switch (tag & 7) {
    case VARINT:
      reader.skip();
      break;
    case FIXED64:
      reader.skip(8);
      break;
    case BYTES:
      reader.pos = endOfMessage(reader, limit);
      break;
    case FIXED32:
      reader.skip(4);
      break;
    default:
      throw invalid(`the field at byte ${at} is of a kind that OTLP does not have`);
  }
  if (tag < 8) throw invalid(`the field at byte ${at} has no number`);
  if (reader.pos > limit) throw invalid(`the field at byte ${at} is longer than its message`);
}

/** Every loop over fields ends here: a field that ends behind its message is a broken one. */
export function endReached(reader: Reader, end: number): void {
  if (reader.pos !== end) throw invalid(`the message that ends at byte ${end} is longer than it says`);
}

/** A whole number of 64 bits, signed; its digits where a number can't hold it. */
export function readInt64(reader: Reader): number | string {
  const { buf } = reader;
  let value = 0;
  let factor = 1;
  // Seven bytes of seven bits fit in a number.
  for (let at = reader.pos; at < reader.pos + 7 && at < reader.len; at++) {
    const byte = buf[at] as number;
    value += (byte & 127) * factor;
    if (byte < 128) {
      reader.pos = at + 1;
      return value;
    }
    factor *= 128;
  }
  return longInt64(reader);
}

function longInt64(reader: Reader): number | string {
  let bits = 0n;
  for (let count = 0n; count < 10n; count++) {
    if (reader.pos >= reader.len) throw invalid("it ends inside a number");
    const byte = reader.buf[reader.pos++] as number;
    bits |= BigInt(byte & 127) << (7n * count);
    if (byte < 128) return numberOrDigits(BigInt.asIntN(64, bits));
  }
  throw invalid(`the number before byte ${reader.pos} has more than 64 bits`);
}

export const numberOrDigits = (value: bigint): number | string =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();

/** Nanoseconds of 64 bits as whole microseconds, exact until the year 2262. */
export function readMicroseconds(reader: Reader): number {
  const low = reader.fixed32();
  const high = reader.fixed32();
  // 2^32 nanoseconds are 4,294,967 microseconds and 296 nanoseconds.
  return high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
}

/** A count of 64 fixed bits; counts beyond 2^53 lose digits, which no count of ours reaches. */
export function readFixed64(reader: Reader): number {
  const low = reader.fixed32();
  return reader.fixed32() * 2 ** 32 + low;
}

/** Bytes as lower-case hex if there are as many as expected, else empty. */
export function readHex(reader: Reader, limit: number, bytes: number): string {
  const end = endOfMessage(reader, limit);
  const start = reader.pos;
  reader.pos = end;
  return end - start === bytes ? hexOf(reader.buf as Buffer, start, end) : "";
}

const hexOf = (buffer: Buffer, start: number, end: number): string => buffer.toString("hex", start, end);
