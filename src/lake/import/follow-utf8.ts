/** Between two characters. */
export const UTF8_START = 0;

/**
 * Follows UTF-8 byte by byte. The state is the number of bytes still to come, and for the second byte of a character the bounds
 * that shut out overlong forms, surrogates and what lies beyond U+10FFFF.
 * @returns the state after the byte, or undefined if the byte can't stand here
 * @see The Unicode Standard, table 3-7
 */
export function followUtf8(state: number, byte: number): number | undefined {
  if (state === UTF8_START) {
    if (byte < 0x80) return UTF8_START;
    if (byte >= 0xc2 && byte <= 0xdf) return expect(1, 0x80, 0xbf);
    if (byte === 0xe0) return expect(2, 0xa0, 0xbf);
    if (byte === 0xed) return expect(2, 0x80, 0x9f);
    if (byte >= 0xe1 && byte <= 0xef) return expect(2, 0x80, 0xbf);
    if (byte === 0xf0) return expect(3, 0x90, 0xbf);
    if (byte === 0xf4) return expect(3, 0x80, 0x8f);
    return byte >= 0xf1 && byte <= 0xf3 ? expect(3, 0x80, 0xbf) : undefined;
  }
  const [left, low, high] = [state >> 16, (state >> 8) & 0xff, state & 0xff];
  if (byte < low || byte > high) return undefined;
  return left === 1 ? UTF8_START : expect(left - 1, 0x80, 0xbf);
}

const expect = (bytes: number, low: number, high: number): number => (bytes << 16) | (low << 8) | high;
