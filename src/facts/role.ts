/** What a source's money may be: a bill, one bill's money told anew by who used it, or a computed cost. */
export const roles = ["invoice", "allocation", "estimate"] as const;

/** What a source's money is; only one role is ever summed, so that the same money is never counted twice. */
export type Role = (typeof roles)[number];

/** The roles as a sentence names them. */
export const rolesInWords = `${roles.slice(0, -1).join(", ")} or ${roles.at(-1)}`;
