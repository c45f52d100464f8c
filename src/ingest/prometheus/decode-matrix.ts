import { Problem } from "#units/problems.ts";

/** Takes the samples of one series: seconds since 1970 and the value, NaN and infinities among them. */
export type SampleSink = (time: number, value: number) => void;

const [QUOTE, BACKSLASH, COMMA, COLON, POINT, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2e, 0x2d];
const [OPEN, CLOSE, BEGIN, END] = [0x5b, 0x5d, 0x7b, 0x7d];
const [ZERO, NINE] = [0x30, 0x39];
/** Digits that a number of 53 bits holds whatever they are. */
const DIGITS = 15;
/** With one more digit a number of this size still has no more than DIGITS of them. */
const FULL = 1e14;
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Reads an answer of query_range without building its arrays: millions of [time, "value"] pairs would cost five times the memory and
 * twice the time as objects. Values are read to 15 significant digits, more than any measurement has.
 * @param series called with the JSON text of each series' labels; undefined skips its samples
 * @throws Problem "answer-invalid" with the byte where it is not such an answer
 */
export function decodeMatrix(body: Uint8Array, series: (labels: string) => SampleSink | undefined): void {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;

  const fail = (what: string): never => {
    throw new Problem("answer-invalid", `The answer is not a matrix of Prometheus: ${what} at byte ${at}.`);
  };
  const blank = (): void => {
    while (text[at] === 0x20 || text[at] === 0x0a || text[at] === 0x0d || text[at] === 0x09) at++;
  };
  const expect = (byte: number): void => {
    blank();
    if (text[at] !== byte) fail(`${JSON.stringify(String.fromCharCode(byte))} is missing`);
    at++;
  };
  /** True and passed if the next is this byte. */
  const take = (byte: number): boolean => {
    blank();
    if (text[at] !== byte) return false;
    at++;
    return true;
  };
  /** Passes a string and answers where its text begins. */
  const string = (): number => {
    expect(QUOTE);
    const from = at;
    while (text[at] !== QUOTE) {
      if (at >= text.length) fail("a text without end");
      at += text[at] === BACKSLASH ? 2 : 1;
    }
    at++;
    return from;
  };
  const members = (read: (key: string) => void): void => {
    expect(BEGIN);
    if (take(END)) return;
    do {
      const from = string();
      const key = text.toString("utf8", from, at - 1);
      expect(COLON);
      read(key);
    } while (take(COMMA));
    expect(END);
  };
  const items = (read: () => void): void => {
    expect(OPEN);
    if (take(CLOSE)) return;
    do read();
    while (take(COMMA));
    expect(CLOSE);
  };
  /** Passes a value, however deep. */
  const skip = (): void => {
    blank();
    at = endOfValue(text, at);
    if (at > text.length) fail("a value without end");
  };
  /** A plain decimal from here on; NaN if it is none, such as 1e+06 or +Inf. */
  const plain = (): number => {
    const negative = text[at] === MINUS;
    if (negative) at++;
    let mantissa = 0;
    let digits = 0;
    let dropped = 0;
    let scale = 0;
    let point = false;
    const from = at;
    for (; ; at++) {
      const byte = text[at] ?? 0;
      if (byte === POINT && !point) point = true;
      else if (byte >= ZERO && byte <= NINE) {
        if (digits < DIGITS) {
          mantissa = mantissa * 10 + (byte - ZERO);
          if (mantissa > 0) digits++;
          if (point) scale++;
        } else if (!point) dropped++;
      } else break;
    }
    if (from === at || scale > 22 || dropped > 22) return NaN;
    const value = scale > 0 ? mantissa / (POWERS[scale] ?? NaN) : mantissa * (POWERS[dropped] ?? NaN);
    return negative ? -value : value;
  };
  const sample = (sink: SampleSink | undefined): void => {
    expect(OPEN);
    const time = plain();
    expect(COMMA);
    expect(QUOTE);
    const from = at;
    let value = plain();
    if (text[at] !== QUOTE || Number.isNaN(value)) {
      at = from - 1;
      string();
      value = number(text.toString("latin1", from, at - 1));
    } else at++;
    expect(CLOSE);
    sink?.(time, value);
  };
  const oneSeries = (): void => {
    let sink: SampleSink | undefined;
    let known = false;
    members((key) => {
      if (key === "metric") {
        blank();
        const from = at;
        skip();
        sink = series(text.toString("utf8", from, at));
        known = true;
      } else if (key === "values") {
        if (!known) fail("samples stand before their labels");
        items(() => {
          blank();
          at = plainSamples(text, at, sink);
          sample(sink);
        });
      } else skip();
    });
  };
  let found = false;
  members((key) => {
    if (key !== "data") return skip();
    members((inner) => {
      if (inner !== "result") return skip();
      found = true;
      items(oneSeries);
    });
  });
  if (!found) fail("no result");
}

/** The place after a value that begins at `from`, however deep it is; beyond the text if it has no end. */
function endOfValue(text: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  for (let byte = text[at]; byte !== undefined; byte = text[++at]) {
    if (byte === QUOTE) {
      for (byte = text[++at]; byte !== QUOTE && byte !== undefined; byte = text[++at])
        if (byte === BACKSLASH) at++;
      if (depth === 0) return at + 1;
    } else if (byte === BEGIN || byte === OPEN) depth++;
    else if (byte === END || byte === CLOSE) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return text.length + 1;
}

/**
 * Passes samples as Prometheus writes them, [1751328000,"0.25"], as long as another follows. Nearly all are such; this loop is what the
 * time of reading goes into.
 * @returns where the last sample begins, or one that is written in another way
 */
function plainSamples(text: Uint8Array, from: number, sink: SampleSink | undefined): number {
  for (let at = from; ;) {
    let next = at;
    if (text[next++] !== OPEN) return at;
    let time = 0;
    let byte = text[next] ?? 0;
    for (; byte >= ZERO && byte <= NINE; byte = text[++next] ?? 0) time = time * 10 + byte - ZERO;
    if (byte !== COMMA || text[next + 1] !== QUOTE) return at;
    next += 2;
    byte = text[next] ?? 0;
    const digits = next;
    let mantissa = 0;
    let scale = 0;
    for (; byte >= ZERO && byte <= NINE; byte = text[++next] ?? 0) mantissa = mantissa * 10 + byte - ZERO;
    if (next === digits || mantissa >= FULL) return at;
    if (byte === POINT)
      for (byte = text[++next] ?? 0; byte >= ZERO && byte <= NINE; byte = text[++next] ?? 0)
        if (mantissa < FULL) {
          mantissa = mantissa * 10 + byte - ZERO;
          scale++;
        }
    if (byte !== QUOTE || text[next + 1] !== CLOSE || text[next + 2] !== COMMA || scale > 22) return at;
    sink?.(time, scale === 0 ? mantissa : mantissa / (POWERS[scale] ?? NaN));
    at = next + 3;
  }
}

const number = (text: string): number =>
  text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
