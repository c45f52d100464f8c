/**
 * CSV (RFC 4180) that is safe to open in a spreadsheet: a text that would be taken for a formula gets an apostrophe in front.
 * Plain decimals stay as they are, negative ones too.
 * @see OWASP, CSV Injection
 */
export function csv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | null>>[],
): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? null)).join(","));
  return `${[columns.map(cell).join(","), ...lines].join("\n")}\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  const formula = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  const safe = formula ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
