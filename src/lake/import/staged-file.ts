import type { Layout } from "#facts/source-mapping.ts";

/** A delivered file that is to be staged. */
export interface StageInput {
  /** The readable file: for a packed delivery, the unpacked copy. */
  readonly path: string;
  /** Its name as the person knows it, for messages. */
  readonly name: string;
  readonly layout: Layout;
  /** Number of the file within the import, from 1. */
  readonly number: number;
  /** Column names of a CSV. */
  readonly columns: readonly string[];
}

/** A delivered file as the later steps read it. */
export interface StagedFile {
  readonly input: StageInput;
  /** The staged Parquet file: every delivered column as text, and x_File. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: number;
}
