import { gzipSync } from "node:zlib";
import { type BadCase, file, files } from "./bad-case.ts";
import { csv, header, line } from "../imports/bill.ts";

const sound = csv(...Array.from({ length: 50 }, () => line()));
const packed = gzipSync(csv(...Array.from({ length: 3000 }, (_, n) => line({ BilledCost: String(n) }))));
const flipped = Buffer.from(packed);
flipped.writeUInt8(flipped.readUInt8(flipped.length - 6) ^ 1, flipped.length - 6);
const without = (column: string): string => {
  const at = header.split(",").indexOf(column);
  return sound
    .split("\n")
    .map((text) =>
      text
        .split(",")
        .filter((_, index) => index !== at)
        .join(","),
    )
    .join("\n");
};
const utf16 = Buffer.from(sound, "utf16le");
const latin1 = Buffer.concat([
  Buffer.from(csv(line({ ServiceName: '"two\nlines"' }), line())),
  Buffer.from(`${line({ ServiceName: "Müller" })}\n${line()}\n`, "latin1"),
]);
const wide = (count: number): string => Array.from({ length: count }, (_, n) => `c${n}`).join(",");

export const badTexts: readonly BadCase[] = [
  { name: "an empty file", make: file("bill.csv", ""), code: "source-empty", at: { file: "bill.csv" } },
  { name: "gzip of nothing", make: file("bill.csv.gz", gzipSync("")), code: "source-empty" },
  {
    name: "a header only",
    make: file("bill.csv", `${header}\n`),
    code: "source-empty",
    says: /header and no rows/,
  },
  {
    name: "a truncated gzip",
    make: file("bill.csv.gz", packed.subarray(0, -500)),
    code: "compression-broken",
    says: /ends before its end/,
  },
  {
    name: "a gzip cut in its first bytes",
    make: file("bill.csv.gz", packed.subarray(0, 15)),
    code: "compression-broken",
  },
  {
    name: "a gzip whose sum is wrong",
    make: file("bill.csv.gz", flipped),
    code: "compression-broken",
    says: /is damaged/,
  },
  {
    name: "UTF-16 with its mark",
    make: file("bill.csv", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])),
    code: "encoding-unsupported",
    says: /UTF-16/,
  },
  {
    name: "UTF-16 big-endian with its mark",
    make: file("bill.csv", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]).swap16()),
    code: "encoding-unsupported",
    says: /UTF-16/,
  },
  {
    name: "UTF-16 without its mark",
    make: file("bill.csv", utf16),
    code: "encoding-unsupported",
    says: /UTF-16/,
  },
  { name: "UTF-16 in a gzip", make: file("bill.csv.gz", gzipSync(utf16)), code: "encoding-unsupported" },
  {
    name: "Latin-1 in the middle",
    make: file("bill.csv", latin1),
    code: "encoding-unsupported",
    at: { file: "bill.csv", line: 5 },
    says: /not UTF-8/,
  },
  {
    name: "Latin-1 in the header",
    make: file("bill.csv", Buffer.from(sound.replace("Tags", "Tägs"), "latin1")),
    code: "encoding-unsupported",
    at: { line: 1 },
  },
  {
    name: "invalid UTF-8 in a tag",
    make: file("bill.csv", Buffer.from(csv(line(), line({ Tags: "\u00FF\u00FE" })), "latin1")),
    code: "encoding-unsupported",
    at: { line: 3 },
  },
  {
    name: "a byte of zero",
    make: file("bill.csv", csv(line(), line({ ServiceName: "Com\0pute" }))),
    code: "csv-malformed",
    at: { line: 3 },
    says: /byte of zero/,
  },
  {
    name: "a byte of zero in a gzip",
    make: file("bill.csv.gz", gzipSync(csv(line(), line({ ServiceName: "Com\0pute" })))),
    code: "csv-malformed",
    at: { line: 3 },
  },
  {
    name: "a ZIP archive",
    make: file("bill.csv", Buffer.from("504b03041400000008", "hex")),
    code: "encoding-unsupported",
    says: /ZIP/,
  },
  ...Object.entries({ semicolons: ";", tabs: "\t", bars: "|" }).map(([name, delimiter]) => ({
    name: `columns separated by ${name}`,
    make: file("bill.csv", sound.replaceAll(",", delimiter)),
    code: "csv-malformed" as const,
    at: { file: "bill.csv", line: 1 },
    says: new RegExp(name),
  })),
  {
    name: "a line with a cell too many",
    make: file("bill.csv", csv(line({ Tags: '"a\nb"' }), `${line()},more`)),
    code: "csv-malformed",
    at: { line: 4 },
    says: /12 columns, this line has 13/,
  },
  {
    name: "a line with too few cells",
    make: file("bill.csv", csv(line(), "1,2", line())),
    code: "csv-malformed",
    at: { line: 3, value: "1,2" },
    says: /has 2/,
  },
  {
    name: "a file cut off within a line",
    make: file("bill.csv", sound.slice(0, -40)),
    code: "csv-malformed",
    at: { line: 51 },
  },
  {
    name: "a quote that never closes",
    make: file("bill.csv", csv(line(), line({ ServiceName: '"Comp' }), line())),
    code: "csv-malformed",
    at: { line: 3 },
    says: /never closed/,
  },
  {
    name: "text after a closing quote",
    make: file("bill.csv", csv(line(), line({ ServiceName: '"Comp"ute' }), line())),
    code: "csv-malformed",
    at: { line: 3 },
  },
  {
    name: "line ends of two kinds",
    make: file("bill.csv", `${csv(line(), line()).replaceAll("\n", "\r\n")}${line()}\n`),
    code: "csv-malformed",
    at: { line: 4 },
    says: /ends with LF/,
  },
  {
    name: "a column named twice",
    make: file("bill.csv", sound.replace("Tags", "ServiceName")),
    code: "column-duplicate",
    at: { line: 1, column: "ServiceName" },
  },
  {
    name: "a column named twice but for case",
    make: file("bill.csv", sound.replace("Tags", "servicename")),
    code: "column-duplicate",
  },
  {
    name: "a column without a name",
    make: file("bill.csv", sound.replace(",Tags", ",")),
    code: "column-missing",
    at: { line: 1 },
  },
  {
    name: "a header that never closes its quote",
    make: file("bill.csv", `"${sound}`),
    code: "csv-malformed",
    at: { line: 1 },
  },
  ...["BilledCost", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart"].map(
    (column) => ({
      name: `no column ${column}`,
      make: file("bill.csv", without(column)),
      code: "column-missing" as const,
      at: { file: "bill.csv", line: 1, column },
    }),
  ),
  {
    name: "something else altogether",
    make: file("bill.csv", "name,age\nEve,30\n"),
    code: "format-unknown",
    says: /name, age/,
  },
  {
    name: "100,000 columns",
    make: file("bill.csv", `${header},${wide(100_000)}\n${line()},${wide(100_000)}\n`),
    code: "input-too-large",
  },
  {
    name: "6,000 columns",
    make: file("bill.csv", `${header},${wide(6000)}\n${line()},${wide(6000)}\n`),
    code: "input-too-large",
    says: /6012 columns/,
  },
  { name: "JSON cut off", make: file("bill.json", '{"data": [{"a": 1}, {"a"'), code: "format-unknown" },
  {
    name: "several formats in one folder",
    make: files({ "a.csv": sound, "b.csv": "name,age\nEve,30\n" }),
    code: "format-unknown",
    at: { file: "b.csv" },
  },
  {
    name: "a sound file beside a broken one",
    make: files({ "a.csv": sound, "b.csv": csv(line(), "1,2") }),
    code: "csv-malformed",
    at: { file: "b.csv", line: 3 },
  },
];
