/**
 * A name as names are compared: in lower case, with one hyphen for blanks, underscores and hyphens, and none at its ends. SQL does the
 * same in `Dialect.normalName`.
 */
export const normalName = (text: string): string =>
  text
    .replaceAll("İ", "i")
    .toLowerCase()
    .replaceAll(/[ \t\r\n_-]+/g, "-")
    .replace(/^-+/, "")
    .replace(/-+$/, "");
