/** A number in [0, 1) for each index; the same index always gives the same number, whoever asks first. */
export type Chance = (index: number) => number;

/**
 * A stream of chance that is addressed, not drawn: adding a new user of chance never shifts what others see.
 * The mixing is splitmix32's finaliser over seed, name and index.
 * @see Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"
 */
export function chance(seed: number, name: string): Chance {
  const key = mix(hashText(name) ^ mix(seed | 0));
  return (index) => mix(key + Math.imul(index | 0, 0x9e3779b9)) / 4_294_967_296;
}

/** `digits` hexadecimal digits that belong to a name: an identifier as clouds make them. */
export function hexId(seed: number, name: string, digits: number): string {
  let text = "";
  for (let part = 0; text.length < digits; part++) {
    text += mix(hashText(`${name}#${part}`) ^ mix(seed | 0))
      .toString(16)
      .padStart(8, "0");
  }
  return text.slice(0, digits);
}

/** A bell-shaped deviate, mean 0, standard deviation about 1: the sum of twelve uniform ones less six. */
export function bell(of: Chance, index: number): number {
  let sum = -6;
  for (let part = 0; part < 12; part++) sum += of(index * 12 + part);
  return sum;
}

function mix(value: number): number {
  let bits = (value + 0x9e3779b9) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
