/**
 * The probability that Student's t lies within ±t.
 * @param t 0 or above
 * @param degrees of freedom, a whole number of 1 or more
 * @see Abramowitz and Stegun 26.7.3 and 26.7.4
 */
export function studentTWithin(t: number, degrees: number): number {
  return withinAngle(Math.atan(t / Math.sqrt(degrees)), degrees);
}

/**
 * The t within whose ± Student's t lies with the given probability: 2.776 for 0.95 and 4 degrees of freedom.
 * @param probability above 0, below 1
 * @param degrees of freedom, a whole number of 1 or more
 */
export function studentTLimit(probability: number, degrees: number): number {
  let low = 0;
  let high = Math.PI / 2;
  // The angle is bounded where t is not, and 60 halvings are a double's precision.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (withinAngle(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return Math.tan((low + high) / 2) * Math.sqrt(degrees);
}

function withinAngle(angle: number, degrees: number): number {
  const cosine = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= degrees - 2; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power;
    sum += term;
  }
  const within = Math.sin(angle) * sum;
  return odd ? ((angle + within) * 2) / Math.PI : within;
}
