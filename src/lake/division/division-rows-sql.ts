import { addedColumnNames, type ChargeColumn, dividedColumns, promotedTags } from "#facts/charge-columns.ts";
import { focusColumnNames } from "#facts/focus-columns.ts";
import { quoted } from "#facts/source-mapping.ts";
import { sqlType } from "#lake/import/delivery-sql.ts";
import { dividedCharges } from "./slice-sql.ts";

/**
 * The rows of a slice's division: per charge one that takes it from the node's owner, and one for each who used the node. They are like the
 * charge in every column but the amounts, the owners, and those that say whom it was allocated to; so a sum by any other column stays.
 */
export const divisionRowsSql = (): string => {
  const columns = [...focusColumnNames, ...addedColumnNames].map(
    (name) => `(${columnSql(name)})::${sqlType(name)} as ${quoted(name)}`,
  );
  return `select ${columns.join(", ")} from ${dividedCharges}
    join division_weights w on w.set = h.set
    left join tag_sets t on t.raw = w.tags`;
};

const fromTags: readonly ChargeColumn[] = ["x_Tags", ...Object.keys(promotedTags)] as ChargeColumn[];

function columnSql(name: ChargeColumn): string {
  if (Object.hasOwn(dividedColumns, name)) {
    const [whole, high, low] = ["whole", "high", "low"].map((limb) => `c.${quoted(`${limb}:${name}`)}`);
    return `exact_part(${whole}, ${high}, ${low}, w.low_p, w.low_q, w.high_p, w.high_q, w.span)`;
  }
  // What nobody used is the node's owner's, as its tags say.
  const used = (theirs: string): string =>
    `case when w.resource is not null then ${theirs} else c.${quoted(name)} end`;
  if (name === "x_ModelId") return used(`coalesce(c.priced_model, t.x_ModelId)`);
  if (fromTags.includes(name)) return used(`t.${quoted(name)}`);
  switch (name) {
    case "x_Division":
      return "w.division";
    case "x_IdleKind":
      return "w.kind";
    case "AllocatedResourceId":
      return "w.resource";
    case "AllocatedResourceName":
      return "w.name";
    case "AllocatedTags":
      return "w.tags";
    case "AllocatedMethodId":
      return "w.method";
    case "AllocatedMethodDetails":
      return "w.details";
    default:
      return `c.${quoted(name)}`;
  }
}
