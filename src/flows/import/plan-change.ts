import type { ImportMode } from "#facts/import-mode.ts";
import type { Role } from "#facts/role.ts";
import { type Before, holdsAlready, importId, refuseSurprise } from "./delivery-identity.ts";
import { refuseShrunkenPart } from "./without-part.ts";
import type { ImportRequest } from "./import-request.ts";
import type { DeliveredPeriod, Delivery } from "./read-delivery.ts";
import { refuseClosed } from "./refuse-closed.ts";

/** What a delivery will change in the lake. */
export interface Change {
  /** Of the import. */
  readonly id: string;
  /** The version of the lake that it makes. */
  readonly version: number;
  readonly role: Role;
  readonly mode: ImportMode;
  /** All periods of the delivery, each with the import whose charges it will hold. */
  readonly periods: readonly (DeliveredPeriod & { readonly import: string })[];
  /** Those that are written anew. */
  readonly news: readonly DeliveredPeriod[];
  /** Those that hold just what was delivered, and so stay as they are. */
  readonly unchanged: readonly string[];
}

/**
 * Says what a delivery will change.
 * @param version of the lake that it would make
 * @throws Problem "option-invalid" if it would drop or mix what nobody asked to be, "period-closed"
 */
export function planChange(
  request: ImportRequest,
  mode: ImportMode,
  delivery: Delivery,
  before: Before,
  version: number,
): Change {
  const [ofFormat] = delivery.groups.map(({ mapping }) => mapping.role);
  const role = request.role ?? before.periods.at(-1)?.role ?? ofFormat ?? "invoice";
  const id = importId(delivery.files, version);
  const periods = delivery.periods.map((period) => {
    const holder =
      mode === "append" ? undefined : holdsAlready(request, period.billingPeriod, period.files, before);
    return { ...period, import: holder ?? id };
  });
  const news = periods.filter((period) => period.import === id);
  for (const { billingPeriod } of news) refuseSurprise(request, role, mode, billingPeriod, before);
  if (request.part !== undefined)
    refuseShrunkenPart(
      request.part,
      delivery.periods.map(({ billingPeriod }) => billingPeriod),
      before,
    );
  refuseClosed(request, before.periods, news);
  const unchanged = periods.filter((period) => period.import !== id);
  return {
    id,
    version,
    role,
    mode,
    periods,
    news,
    unchanged: unchanged.map(({ billingPeriod }) => billingPeriod),
  };
}
