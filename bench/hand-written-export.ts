import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * What someone who knows DuckDB would write to copy a lake's charges into one file: the columns as they are stored, but for the map of
 * tags. It decides no owner, adds nothing up and renames nothing. Run as a process of its own: data folder, then the file to write.
 */
const [data = "", file = ""] = process.argv.slice(2);

const folder = path.join(data, "lake", "charges");
const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".parquet")).sort();
const list = names.map((name) => `'${path.join(folder, name)}'`).join(", ");

const instance = await DuckDBInstance.create(":memory:", {
  threads: String(availableParallelism()),
  memory_limit: "1024MiB",
  temp_directory: `${file}.spill`,
});
const connection = await instance.connect();
const form = file.endsWith(".parquet")
  ? "format parquet, compression zstd, row_group_size 61440"
  : "format csv, header true";
await connection.run(
  `copy (select * exclude ("x_Tags") from read_parquet([${list}], hive_partitioning = false)) to '${file}' (${form})`,
);
