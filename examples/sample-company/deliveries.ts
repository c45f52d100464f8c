import type { Books } from "./books.ts";
import type { Source } from "./model.ts";

/** Something to import: what, from where, in which order; and what it says, for the truth. */
export interface Delivery {
  readonly step: number;
  readonly source: Source;
  readonly role: "invoice";
  readonly paths: readonly string[];
  readonly note: string;
  readonly kind: "first" | "redelivery" | "duplicate";
  readonly books: Books;
  /** Lines in the files, where a format writes more or fewer lines than FOCUS rows. */
  readonly fileRows?: number;
}

/** `deliveries.json`: in the order in which they are to be imported. */
export function deliveriesFile(deliveries: readonly Delivery[]) {
  return deliveries.map(({ step, source, role, paths, kind, note }) => ({
    step,
    source,
    role,
    paths,
    kind,
    note,
  }));
}
