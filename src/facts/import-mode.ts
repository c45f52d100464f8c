/** What a delivery may do to the billing periods that it holds. */
export const importModes = ["overwrite", "append"] as const;

/** overwrite: a delivery replaces its billing periods; append: it adds to them. */
export type ImportMode = (typeof importModes)[number];
