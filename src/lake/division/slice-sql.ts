import { dividedColumnNames } from "#facts/charge-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { MOST_WEIGHT_EXPONENT, weightFactor, WHOLE, withPlace } from "./exact-sql.ts";

/** A stretch of time of a billing period's charges, by their starts; half open, as the engine writes times. */
export interface Slice {
  readonly from: string;
  readonly until: string;
}

/** A charge of at most a day, 25 hours where clocks are set back, is also divided by the periods within it. */
const A_DAY = "interval 25 hour";

/**
 * The tables of a slice, one after the other: its charges, who used their nodes, which allocation rows count for which charge, and the
 * places of the targets.
 * @param charges relation of the period's delivered charges
 * @param allocations relation of allocation rows that speak of the period's time
 */
export function sliceTables(charges: string, allocations: string, { from, until }: Slice): string[] {
  const [start, end] = [`timestamp '${from}'`, `timestamp '${until}'`];
  const amounts = dividedColumnNames.flatMap((name) => [
    `exact_whole(${quoted(name)}) as ${quoted(`whole:${name}`)}`,
    `exact_limb(${quoted(name)}, 18) as ${quoted(`high:${name}`)}`,
    `exact_limb(${quoted(name)}, 9) as ${quoted(`low:${name}`)}`,
  ]);
  return [
    // What its provider allocated already is nobody's to divide again.
    `create or replace temp table division_charges as
      select i.node, c.*, ${amounts.join(", ")},
        ("AllocatedResourceId" is not null or "AllocatedMethodId" is not null or "x_IdleKind" is not null) as allocated,
        case when json_valid("SkuPriceDetails") then nullif(json_extract_string("SkuPriceDetails", '$.ModelId'), '') end as priced_model
      from ${charges} c join division_ids i on i.id = c."ResourceId"
      where c."ChargePeriodStart" >= ${start} and c."ChargePeriodStart" < ${end}`,
    `create or replace temp table division_spans as
      select distinct node, "ChargePeriodStart" as s, "ChargePeriodEnd" as e from division_charges where not allocated`,
    `create or replace temp table division_rows as
      select x_Source as source, "BillingCurrency" as currency, n.node, "ChargePeriodStart" as bs, "ChargePeriodEnd" as be,
        "AllocatedResourceId" as resource, coalesce(x_IdleKind, case when "AllocatedResourceId" is null then 'unallocated' end) as kind,
        case when "AllocatedResourceId" is not null then coalesce("AllocatedTags", '{}') end as tags,
        max("AllocatedResourceName") as name, max("AllocatedMethodId") as method,
        sum("EffectiveCost") as weight, count(*) - count("EffectiveCost") as unknown
      from ${allocations} join division_nodes n on n.id = "ResourceId"
      where "ChargePeriodEnd" > ${start} and "ChargePeriodStart" < ${end} + ${A_DAY} and "ChargePeriodEnd" > "ChargePeriodStart"
        and n.node in (select node from division_spans)
      group by all`,
    `create or replace temp table division_buckets as
      select source, currency, node, bs, be, sum(weight) as total, sum(unknown) as unknown, min(weight) as least
      from division_rows group by all`,
    pairsTable,
    setsTable,
    `create or replace temp table division_chosen as
      select *, dense_rank() over (order by source, node, first, last, currency) as set
      from (select *, row_number() over (partition by node, s, e order by fault is not null, length, source, currency) as place
        from division_sets) where place = 1`,
    weightsTable(),
  ];
}

const choice = `h.node = c.node and h.s = c."ChargePeriodStart" and h.e = c."ChargePeriodEnd"`;
/** Charges `c` of a slice that are divided, with the allocation rows `h` that were chosen for them. */
export const dividedCharges = `division_charges c join division_chosen h on not c.allocated and h.fault is null and ${choice}`;
/** All charges `c` of a slice; those that allocation rows speak of with what was chosen, `h`. */
export const chargesWithChoice = `division_charges c left join division_chosen h on ${choice}`;

const days = (from: string, until: string): string =>
  `unnest(generate_series(date_trunc('day', ${from}), greatest(date_trunc('day', ${from}), date_trunc('day', ${until} - interval 1 microsecond)), interval 1 day)) as day`;

/**
 * Periods of allocation rows, each with the charges' spans that it holds, or that hold it. Both are laid on the days they touch, so that
 * the engine looks each up by node and day instead of comparing all with all.
 */
const pairsTable = `create or replace temp table division_pairs as
  with b as (select *, ${days("bs", "be")} from division_buckets),
    s as (select *, ${days("s", `least(e, s + ${A_DAY})`)} from division_spans)
  select distinct s.node, s.s, s.e, b.source, b.currency, b.bs, b.be, b.total, b.unknown, b.least, b.bs <= s.s and s.e <= b.be as holds
  from s join b on s.node = b.node and s.day = b.day
  where (b.bs <= s.s and s.e <= b.be) or (s.s <= b.bs and b.be <= s.e and s.e - s.s <= ${A_DAY})`;

/**
 * For each span and allocation what counts: the shortest period that holds the span, else all periods within it. \`first\` and \`last\` name
 * the set: many charges of a day are divided by the same.
 */
const setsTable = `create or replace temp table division_sets as
  with ranked as (select *, bool_or(holds) over span as held,
      row_number() over (partition by node, s, e, source, currency order by not holds, be - bs, bs desc) as place
    from division_pairs window span as (partition by node, s, e, source, currency))
  select node, s, e, source, currency, case when held then min(bs) else s end as first, case when held then max(be) else e end as last,
    list({bs: bs, be: be}) as buckets, min(be - bs) as length,
    case when sum(unknown) > 0 then 'weights-unknown' when min(least) < 0 then 'weights-negative'
      when sum(total) = 0 then 'weights-zero' when sum(total) >= 1${"0".repeat(MOST_WEIGHT_EXPONENT)} then 'weights-too-large' end as fault,
    ${weightFactor("sum(total)")} as factor
  from ranked where not held or place = 1 group by node, s, e, source, currency, held`;

/**
 * The places of targets between 0 and the whole, in the order of their names, so that the same delivery is divided alike; and, as the first
 * of each set, the place of what is given. Who comes to no place gets nothing.
 */
const weightsTable = (): string => {
  const placed = `select *, weight as own, sum(weight) over (partition by set order by resource nulls first, kind nulls first, tags)::bigint as upto,
      sum(weight) over (partition by set)::bigint as total from targets`;
  return `create or replace temp table division_weights as
  with members as (select distinct set, source, currency, node, factor, unnest(buckets, recursive := true) from division_chosen where fault is null),
    targets as (select set, source, resource, kind, tags, max(name) as name, max(method) as method, (sum(weight) * factor)::bigint as weight
      from members join division_rows using (source, currency, node, bs, be)
      group by set, source, factor, resource, kind, tags having sum(weight) > 0),
    places as (${withPlace(withPlace(placed, "upto - own", "low"), "upto", "high")}),
    rows as (
      select set, 'given' as division, null as resource, null as kind, null as tags, null as name, null as method, 0::bigint as low, -${WHOLE}::bigint as high, null as details
        from (select distinct set from members)
      union all
      select set, 'received', resource, kind, tags, name, coalesce(method, 'pod-use'), low, high,
        '{"Elements":[{"AllocatedRatio":' || ${ratioText} || '}],"x_Source":"' || source || '"}' from places where high > low)
  select * exclude (low, high), low // 1000000000 as low_p, low % 1000000000 as low_q, high // 1000000000 as high_p, high % 1000000000 as high_q,
    exact_units(high - low) as span
  from rows`;
};

const ratioText = `case when high - low = ${WHOLE} then '1' else '0.' || rtrim(lpad((high - low)::varchar, 18, '0'), '0') end`;
