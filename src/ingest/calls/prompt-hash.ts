import { createHmac } from "node:crypto";

/**
 * A keyed hash of a prompt: HMAC-SHA-256 in hex. Equal prompts under one key have equal hashes, and without the key nobody can try
 * prompts out against them.
 * @param parts the attributes or members that hold the prompt, name and value; their order does not count, nor that of an object's members
 */
export function promptHash(key: Uint8Array, parts: readonly (readonly [string, unknown])[]): string | null {
  if (parts.length === 0) return null;
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHmac("sha256", key).update(JSON.stringify(sorted, sortedMembers)).digest("hex");
}

const sortedMembers = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    : value;
