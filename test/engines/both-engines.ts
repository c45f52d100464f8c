import path from "node:path";
import type { Role } from "#facts/role.ts";
import { clickhouseDialect, type Dialect, type TableName } from "#lake/dialect.ts";
import type { Engine, Row } from "#lake/engines/duckdb.ts";
import { openLake } from "#lake/open-lake.ts";
import { liveFiles } from "#lake/snapshot.ts";
import type { Sql } from "#lake/sql.ts";
import { importedLake } from "./imported-lake.ts";
import { clickhouseMissing, openClickhouse } from "./clickhouse-engine.ts";

/** An engine with the dialect that speaks to it about one lake. */
export interface Asked {
  readonly dialect: Dialect;
  readonly engine: Engine;
}

export interface BothEngines {
  readonly data: string;
  readonly duckdb: Asked;
  /** Undefined where ClickHouse is not installed and the tests may skip it. */
  readonly clickhouse?: Asked;
  close(): Promise<void>;
}

/** One delivery of a fixture lake. */
export interface Delivery {
  readonly source: string;
  readonly role?: Role;
  readonly csv: string;
}

export const clickhouseSkipped =
  clickhouseMissing !== undefined && (process.env["CI"] ?? "") === "" ? clickhouseMissing : undefined;

/** Imports deliveries into a new lake and opens it on both engines. */
export async function openBothEngines(deliveries: readonly Delivery[]): Promise<BothEngines> {
  const { data, remove } = await importedLake(deliveries);
  return openBothOn(data, remove);
}

/** Opens a lake that is there on both engines. */
export async function openBothOn(data: string, cleanUp: () => Promise<void>): Promise<BothEngines> {
  const lake = await openLake(data);
  const files = (table: TableName): string[] => liveFiles(path.resolve(data), lake.version.periods, table);
  const dialect = clickhouseDialect(files, lake.dialect.rules);
  const clickhouse =
    clickhouseSkipped === undefined ? { clickhouse: { dialect, engine: openClickhouse() } } : {};
  return {
    data,
    duckdb: { dialect: lake.dialect, engine: lake.engine },
    ...clickhouse,
    close: async () => {
      lake.close();
      clickhouse.clickhouse?.engine.close();
      await cleanUp();
    },
  };
}

export const ask = ({ dialect, engine }: Asked, query: (d: Dialect) => Sql): Promise<Row[]> =>
  engine.query(query(dialect));
