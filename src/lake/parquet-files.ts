import path from "node:path";
import { literal } from "#facts/source-mapping.ts";

/**
 * Files of the lake as a relation, with the columns they hold and none from their folders' names.
 * @param lake folder of the lake
 * @param files relative to it
 */
export const parquetFiles = (lake: string, files: readonly string[]): string =>
  `read_parquet([${files.map((file) => literal(path.join(lake, file))).join(", ")}], hive_partitioning = false)`;
