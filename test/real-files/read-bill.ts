/**
 * Reads bills by a way of its own, so that the product's totals have something independent to agree with: a character machine for
 * CSV (RFC 4180) and whole numbers for amounts. It shares no code with the import.
 */

/** Rows of a CSV text by column name; cells are as written, a line's number is where it begins. */
export function readCsv(text: string): Record<string, string>[] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = "";
  let inQuotes = false;
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at);
    if (inQuotes) {
      if (char !== '"') cell += char;
      else if (source.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else inQuotes = false;
    } else if (char === '"') inQuotes = true;
    else if (char === ",") {
      record.push(cell);
      cell = "";
    } else if (char === "\n") {
      record.push(cell);
      records.push(record);
      record = [];
      cell = "";
    } else if (char !== "\r") cell += char;
  }
  if (cell !== "" || record.length > 0) records.push([...record, cell]);
  const [header = [], ...rows] = records.filter((cells) => cells.length > 1 || cells[0] !== "");
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])));
}

const DECIMALS = 18;

/** An amount in units of the 18th decimal, further digits rounded half to even; undefined for a cell without a value. */
export function amountUnits(cell: string | undefined): bigint | undefined {
  if (cell === undefined || ["", "NULL", "null", "(null)"].includes(cell)) return undefined;
  const [mantissa = "", exponent = "0"] = cell.toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  // value = digits / 10^places
  const digits = BigInt(whole + fraction);
  const places = fraction.length - Number(exponent);
  const units =
    places <= DECIMALS
      ? digits * 10n ** BigInt(DECIMALS - places)
      : rounded(digits, 10n ** BigInt(places - DECIMALS));
  return negative ? -units : units;
}

function rounded(digits: bigint, divisor: bigint): bigint {
  const floor = digits / divisor;
  const twice = (digits % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}
