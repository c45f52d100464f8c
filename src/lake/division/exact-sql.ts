/** Units in one: the 18th decimal. */
const ONE = "1000000000000000000::hugeint";
const STEP = "1000000000::hugeint";

/**
 * DuckDB macros that divide exact amounts without a float and without leaving 38 digits. An amount is its whole part and its fraction in
 * units of the 18th decimal, of one sign; a place is between 0 and 10¹⁸, the part of the weights up to a target.
 *
 * `exact_upto(whole, fraction, place)` is the part of an amount up to a place, in units, cut towards zero: whole · place never exceeds the
 * amount, and fraction · place stays below 10³⁶, so that any DECIMAL(38,18) can be divided. Parts between places follow from differences,
 * so they add up to the amount to the last unit, none is of another sign, and each is within one unit of its exact share.
 */
export const exactMacros = [
  `create or replace temp macro exact_whole(amount) as trunc(amount)::hugeint`,
  `create or replace temp macro exact_fraction(amount) as ((amount - trunc(amount))::decimal(19,18) * 1000000000000000000::decimal(19,0))::hugeint`,
  `create or replace temp macro exact_units(amount) as exact_whole(amount) * ${ONE} + exact_fraction(amount)`,
  `create or replace temp macro exact_upto(whole, fraction, place) as whole * place + (fraction * place) // ${ONE}`,
  // A product of a decimal of 18 places and a whole number is the units written as a decimal; no digit is lost.
  `create or replace temp macro exact_amount(units) as (units::decimal(38,0) * 0.000000000000000001::decimal(18,18))::decimal(38,18)`,
  // weight · 10¹⁸ / total in two steps of 10⁹, as on paper: below a total of 10¹¹ every product stays within 38 digits.
  `create or replace temp macro exact_place(weight, total) as ((weight * ${STEP}) // total) * ${STEP} + (((weight * ${STEP}) % total) * ${STEP}) // total`,
] as const;

/** Weights of one node and period that add up to this much or more are not divided by. */
export const MOST_WEIGHT = "100000000000";
/** The place of the whole. */
export const WHOLE = ONE;
