import { absolute } from "#units/decimal.ts";
import type { Bridge } from "./bridge.ts";

/**
 * What a change of cost mostly was. less-use, more-use: volume made two thirds or more of the way. cheaper, dearer: mix, efficiency and price did. both: neither
 * alone; the two may go the same way or against each other. new, gone: the other period has nothing to compare with. same: nothing changed. unexplained: most of the
 * change is of items that are not divided.
 */
export type BridgeReading =
  | "less-use"
  | "more-use"
  | "efficiency"
  | "dearer"
  | "both"
  | "new"
  | "gone"
  | "same"
  | "unexplained";

/** What volume did, and what everything else did that the factors tell; credits and what is undivided is neither. */
export interface ReadBridge {
  readonly reading: BridgeReading;
  readonly fromUse: bigint;
  /** Mix, efficiency and price together: below zero where work became cheaper. */
  readonly fromWork: bigint;
  readonly notDivided: bigint;
}

/**
 * Says of a bridge whether cost moved since there was more or less to do, or since what was done became cheaper or dearer. Two periods alone can't tell a fixed cost
 * from one that goes with volume; `judgeSaving` can, with more of them.
 */
export function readBridge({ sum, volume: of }: Pick<Bridge, "sum" | "volume">): ReadBridge {
  const { volume, mix, efficiency, price, credits, undivided } = sum.parts;
  const [fromUse, fromWork, notDivided] = [volume, mix + efficiency + price, credits + undivided];
  const told = { fromUse, fromWork, notDivided };
  const change = sum.after - sum.before;
  if (change === 0n && fromUse === 0n && fromWork === 0n) return { reading: "same", ...told };
  const [use, work, rest] = [absolute(fromUse), absolute(fromWork), absolute(notDivided)];
  if (rest > use + work) return { reading: "unexplained", ...told };
  if (of.before === 0n) return { reading: "new", ...told };
  if (of.after === 0n) return { reading: "gone", ...told };
  // Where the two go against each other, both are told: a net of theirs would hide that work became dearer.
  if (2n * work <= use) return { reading: fromUse < 0n ? "less-use" : "more-use", ...told };
  if (2n * use <= work) return { reading: fromWork < 0n ? "efficiency" : "dearer", ...told };
  return { reading: "both", ...told };
}
