import { printable } from "./printable.ts";
import { type PageKind, pageMark } from "./write-page.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Names come from tags, which anyone may write: none of them is markup, nor turns the direction of what is written. */
export const htmlText = (value: string): string =>
  printable(value).replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? "");

/** A printable page without scripts or anything to fetch. @param body markup */
export const pageHtml = (
  kind: PageKind,
  title: string,
  style: string,
  body: string,
): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${pageMark(kind)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title><style>${style}</style></head><body>
${body}
</body></html>
`;
