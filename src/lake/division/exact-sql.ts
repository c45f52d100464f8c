/**
 * SQL that divides exact amounts in whole numbers, without a float, without leaving 38 digits, and without the engine's division of 128-bit
 * numbers, which takes a microsecond a row.
 *
 * A *place* is between 0 and 10¹⁸: the part of the weights up to a target. An amount is taken apart into its whole part and two limbs of
 * nine decimals, whole + a·10⁻⁹ + b·10⁻¹⁸, all of one sign; so is a place, p·10⁹ + q. What an amount comes to up to a place, cut towards
 * zero at the 18th decimal, is then whole · place + a·p + ⌊(a·q + b·p + ⌊b·q / 10⁹⌋) / 10⁹⌋, where every product but the first fits 64 bits
 * and the first never exceeds the amount: any DECIMAL(38,18) can be divided. A part is what is between two places, so parts add up to the
 * amount to the last unit and none is of another sign.
 */
export const exactMacros = [
  // The text has all 18 decimals; cutting it costs a tenth of dividing the number.
  `create or replace temp macro exact_whole(amount) as left(amount::varchar, length(amount::varchar) - 19)::decimal(20,0)`,
  `create or replace temp macro exact_limb(amount, back) as left(right(amount::varchar, back), 9)::bigint * case when amount < 0 then -1 else 1 end`,
  `create or replace temp macro exact_cut(a, b, p, q) as a * p + (a * q + b * p + (b * q) // 1000000000) // 1000000000`,
  // A whole number times 10⁻¹⁸ is that many units: no digit is lost.
  `create or replace temp macro exact_units(n) as n::decimal(19,0) * 0.000000000000000001::decimal(18,18)`,
  `create or replace temp macro exact_part(whole, a, b, low_p, low_q, high_p, high_q, span) as
    (whole * span + exact_units(exact_cut(a, b, high_p, high_q) - exact_cut(a, b, low_p, low_q)))::decimal(38,18)`,
] as const;

/** The place of the whole. */
export const WHOLE = "1000000000000000000";
/** Weights of one node and period that add up to this much or more are not divided by. */
export const MOST_WEIGHT_EXPONENT = 11;
/** Weights are whole numbers that add up to less than 10¹⁵: then a long division by three digits a step stays within 64 bits. */
const WEIGHT_EXPONENT = 15;
const STEPS = 6;

/** The power of ten by which weights of this total become such whole numbers; none is finer than the 18th decimal. */
export function weightFactor(total: string): string {
  const cases = Array.from({ length: MOST_WEIGHT_EXPONENT + 18 }, (_, index) => {
    const exponent = MOST_WEIGHT_EXPONENT - 1 - index;
    const least = exponent >= 0 ? `1${"0".repeat(exponent)}` : `0.${"0".repeat(-exponent - 1)}1`;
    return `when ${total} >= ${least}::decimal(38,18) then 1${"0".repeat(WEIGHT_EXPONENT - 1 - exponent)}::decimal(34,0)`;
  });
  return `case ${cases.join(" ")} end`;
}

/**
 * A query with the place of a weight beside its columns: ⌊weight · 10¹⁸ / total⌋, by long division.
 * @param query has the columns `total` and `weight`, whole numbers as `weightFactor` makes them
 * @param place name of the new column
 */
export function withPlace(query: string, weight: string, place: string): string {
  let steps = `select *, 0::bigint as quotient, (${weight})::bigint as remainder from (${query})`;
  for (let step = 0; step < STEPS; step++) {
    steps = `select * replace (quotient * 1000 + (remainder * 1000) // total as quotient, (remainder * 1000) % total as remainder) from (${steps})`;
  }
  return `select * exclude (quotient, remainder), quotient as ${place} from (${steps})`;
}
