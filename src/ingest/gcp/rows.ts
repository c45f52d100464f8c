import { type Layout, quoted } from "#facts/source-mapping.ts";
import { exactJson } from "#ingest/exact-json.ts";

type Members = Readonly<Record<string, string>>;

/** What is read of a line: top-level fields, and of those that are records their members. Everything is text. */
const scalars = [
  "billing_account_id",
  "cost",
  "cost_at_effective_price_default",
  "cost_at_list",
  "cost_type",
  "currency",
  "currency_conversion_rate",
  "export_time",
  "seller_name",
  "transaction_type",
  "usage_end_time",
  "usage_start_time",
] as const;
const text = "VARCHAR";
const json = "JSON";
const records = {
  adjustment_info: { description: text, id: text, mode: text, type: text },
  consumption_model: { description: text, id: text },
  invoice: { month: text, publisher_type: text },
  location: { location: text, region: text, zone: text },
  price: { effective_price: text, effective_price_default: text, list_price: text, tier_start_amount: text },
  project: { ancestry_numbers: text, id: text, labels: json, name: text, number: text },
  resource: { global_name: text, name: text },
  service: { description: text, id: text },
  sku: { description: text, id: text },
  subscription: { instance_id: text },
  usage: { amount: text, amount_in_pricing_units: text, pricing_unit: text, unit: text },
} as const satisfies Readonly<Record<string, Members>>;
const arrays = ["labels", "system_labels", "tags"] as const;
const credit = { amount: text, full_name: text, id: text, name: text, type: text } as const;

/** The names of the flat columns that `gcpRows` makes: `cost`, `usage.amount`, `credits.type`, … */
export const gcpColumns: readonly string[] = [
  ...scalars,
  ...Object.entries(records).flatMap(([name, members]) =>
    Object.keys(members).map((key) => `${name}.${key}`),
  ),
  ...arrays,
  ...Object.keys(credit).map((key) => `credits.${key}`),
];

/** Number of the credit that a row is, from 1; 0 for the line itself. */
export const CREDIT_NUMBER = "credit_number";

/**
 * SQL of one row per delivered line and one more per credit in it, with nested fields as flat columns.
 * @param columns the top-level columns of a Parquet file; JSON Lines have one column, `json`
 */
export function gcpRows(layout: Layout, columns: readonly string[]): string {
  const source = layout === "parquet" ? parquetLine(columns) : jsonLine();
  const credits = Object.keys(credit).map(
    (key) => `${emptyIsNull(`credits[${CREDIT_NUMBER}].${quoted(key)}`)} as ${quoted(`credits.${key}`)}`,
  );
  // The line itself is credit 0 of the list, which is no element: its credit columns are null.
  const numbers = "unnest(range(0, coalesce(len(credits), 0) + 1))";
  return `select * exclude (credits), ${credits.join(", ")}
    from (select *, ${numbers} as ${CREDIT_NUMBER} from (${source}))`;
}

function jsonLine(): string {
  const shape = {
    ...Object.fromEntries([...scalars.map((name) => [name, text]), ...arrays.map((name) => [name, json])]),
    ...records,
    credits: [credit],
  };
  const list = [
    ...scalars.map((name) => `${emptyIsNull(`line.${quoted(name)}`)} as ${quoted(name)}`),
    ...Object.entries(records).flatMap(([name, members]) => flat(name, members, `line.${quoted(name)}`)),
    ...arrays.map((name) => `line.${quoted(name)}::varchar as ${quoted(name)}`),
    "list_filter(line.credits, lambda c: c is not null) as credits",
  ];
  return `select x_File, x_Row, ${list.join(", ")}
    from (select x_File, x_Row, ${parsed(quoted("json"), shape)} as line from delivered)`;
}

function parquetLine(columns: readonly string[]): string {
  const present = new Set(columns.map((name) => name.toLowerCase()));
  const column = (name: string): string => (present.has(name) ? quoted(name) : "null::varchar");
  const nested = { ...records, credits: [credit] };
  const structs = Object.entries(nested).map(
    ([name, shape]) => `${parsed(column(name), shape)} as ${quoted(`of:${name}`)}`,
  );
  const list = [
    ...scalars.map((name) => `${column(name)} as ${quoted(name)}`),
    ...Object.entries(records).flatMap(([name, members]) => flat(name, members, quoted(`of:${name}`))),
    ...arrays.map((name) => `${column(name)} as ${quoted(name)}`),
    `list_filter(${quoted("of:credits")}, lambda c: c is not null) as credits`,
  ];
  return `select x_File, x_Row, ${list.join(", ")} from (select *, ${structs.join(", ")} from delivered)`;
}

const parsed = (sql: string, shape: unknown): string =>
  `from_json(${exactJson(sql)}, '${JSON.stringify(shape)}')`;

const flat = (name: string, members: Members, struct: string): string[] =>
  Object.keys(members).map(
    (key) => `${emptyIsNull(`${struct}.${quoted(key)}`)} as ${quoted(`${name}.${key}`)}`,
  );

const emptyIsNull = (sql: string): string => `nullif(${sql}::varchar, '')`;
