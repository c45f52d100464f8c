/**
 * A text from a bill on one line of a terminal: control characters become visible signs, so that a cell can neither break a table
 * nor steer the terminal (clear it, rename its window, turn the direction of writing).
 */
export function printable(text: string): string {
  return text.replaceAll(CONTROL, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : code === 127 ? "␡" : "\uFFFD";
  });
}

/** C0, DEL, C1, line and paragraph separators, and the signs that turn the direction of writing. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g;

/** Places that a text takes in a terminal: wide letters and emoji take two, combining marks none, colours none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text.replaceAll(COLOR, "")) width += NONE.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}

// eslint-disable-next-line no-control-regex -- the colours that a terminal swallows
const COLOR = /\u001B\[\d+m/g;
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]$/u;
