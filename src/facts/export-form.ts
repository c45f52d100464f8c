/** The forms of a file. */
export const exportForms = ["csv", "csv.gz", "parquet"] as const;
/** A form of a file. */
export type ExportForm = (typeof exportForms)[number];
