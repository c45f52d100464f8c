/** A price that moves by more than this part is looked at by a person before it is taken. */
const JUMP = 0.3;
/** Fewer rows than this part of what was there means that a table came incomplete. */
const LEAST_ROWS = 0.7;

const keyOf = ({ provider, service, sku, region, purchase, unit, currency }) =>
  [provider, service, sku, region, purchase, unit, currency].join(" ");

/**
 * Compares new prices with those of the catalogue in force. Prices that jump keep their former figure and source.
 * @returns {{ prices: object[], held: string[], former: number }}
 */
export function review(prices, former, accept) {
  if (!accept && prices.length < former.length * LEAST_ROWS)
    throw new Error(`There are ${prices.length} prices where there were ${former.length}. Look at the tables; --accept takes them as they are.`);
  const before = new Map(former.map((row) => [keyOf(row), row]));
  const held = [];
  const reviewed = prices.map((row) => {
    const old = before.get(keyOf(row));
    if (accept || old === undefined || !jumps(Number(old.price), Number(row.price))) return row;
    held.push(`${keyOf(row)}: ${old.price} to ${row.price}`);
    return old;
  });
  return { prices: reviewed, held, former: former.length };
}

/** Only a decision whether to look, so plain numbers do. */
const jumps = (from, to) => Math.abs(to - from) > JUMP * from;
