/** Why a delivered call is not taken. */
const rejectionReasons = {
  "id-missing": "has no valid id, by which it could be known again",
  "time-missing": "has no start",
  "time-implausible": "starts years ago or in the future: check the clock of its machine",
  "ends-before-start": "ends before it starts",
  unfinished: "sums up a time that has not been over for an hour, and may still grow: bring it again later",
  "field-invalid": "has a field that can't be read",
} as const;
export type RejectionReason = keyof typeof rejectionReasons;

/** Calls that were not taken, by their reason. */
export type Rejections = Readonly<Partial<Record<RejectionReason, number>>>;

/** One line for whoever sent them; empty if all were taken. */
export function rejectionText(rejections: Rejections): string {
  return (Object.keys(rejectionReasons) as RejectionReason[])
    .filter((reason) => (rejections[reason] ?? 0) > 0)
    .map((reason) => `${rejections[reason]} × ${reason} (it ${rejectionReasons[reason]})`)
    .join("; ");
}

/** How many were not taken. */
export const rejectedCalls = (rejections: Rejections): number =>
  Object.values(rejections).reduce((sum, count) => sum + count, 0);
