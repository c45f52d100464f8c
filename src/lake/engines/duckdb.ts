import { randomUUID } from "node:crypto";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { literal } from "#facts/source-mapping.ts";
import { Problem } from "#units/problems.ts";
import { render, type Sql } from "#lake/sql.ts";

/** A row as the engine gives it: decimals and whole numbers beyond 53 bits as text. */
export type Row = Readonly<Record<string, unknown>>;

/** An engine that answers queries; the same few calls on DuckDB and on ClickHouse. */
export interface Engine {
  query(query: Sql): Promise<Row[]>;
  close(): void;
}

/** What the engine may touch and use. */
export interface DuckdbOptions {
  /** Folders the engine may read and write; nothing else of the disk. */
  readonly folders: readonly string[];
  /** Single files the engine may read beside them. */
  readonly files?: readonly string[];
  /** Where it may spill what does not fit into memory: a folder made when needed and removed at the end, by default a system one. */
  readonly spill?: string;
  /** MiB the engine may use for data, 1,024 by default; the process needs about 200 more. */
  readonly memoryMiB?: number;
  /** A database file to open and so lock; in memory if absent. */
  readonly database?: string;
}

/** DuckDB inside the process. */
export interface Duckdb extends Engine {
  /** Runs statements without bound values and gives the last one's rows. */
  run(statement: string): Promise<Row[]>;
}

/** Database files this process holds: the operating system's lock keeps other processes out, but not the own one. */
const held = new Set<string>();

/**
 * Opens DuckDB shut in: it may touch only the folders named, loads no extensions, and its settings can't be changed afterwards.
 * @throws Problem "lake-busy" if this or another process has the database file
 */
export async function openDuckdb(options: DuckdbOptions): Promise<Duckdb> {
  return (await connectDuckdb(options)).db;
}

/** The same, with its instance beside it: for what is more than a question, such as rows that are streamed. */
export async function connectDuckdb(options: DuckdbOptions): Promise<{
  readonly db: Duckdb;
  readonly instance: DuckDBInstance;
}> {
  const database = options.database === undefined ? undefined : path.resolve(options.database);
  if (database !== undefined && held.has(database))
    throw new Problem("lake-busy", "This process is already writing to this lake.");
  if (database !== undefined) held.add(database);
  try {
    const instance = await createInstance(options);
    const connection = await instance.connect();
    await connection.run(settings(options).join("; "));
    const db: Duckdb = {
      query: (query) => rows(connection, query),
      run: async (statement) => (await connection.runAndReadAll(statement)).getRowObjectsJson(),
      close: () => {
        connection.closeSync();
        instance.closeSync();
        if (database !== undefined) held.delete(database);
      },
    };
    return { db, instance };
  } catch (cause) {
    if (database !== undefined) held.delete(database);
    throw cause;
  }
}

function createInstance({ database = ":memory:", memoryMiB = 1024 }: DuckdbOptions): Promise<DuckDBInstance> {
  return DuckDBInstance.create(database, {
    threads: String(availableParallelism()),
    memory_limit: `${memoryMiB}MiB`,
  }).catch((cause: unknown) => {
    if (!/could not set lock/i.test(String(cause))) throw cause;
    const [who = ""] = / \(PID \d+\)/.exec(String(cause)) ?? [];
    throw new Problem("lake-busy", `Another process${who} is writing to this lake.`, { cause });
  });
}

/** Settings in their order: what may be touched is named before access is shut, and the lock comes last. */
function settings({ spill = ownFolder(), folders, files = [] }: DuckdbOptions): string[] {
  const list = (paths: readonly string[]): string => `[${paths.map(literal).join(", ")}]`;
  return [
    "set global TimeZone = 'UTC'",
    // A lake's files never change, so their footers are read once.
    "set parquet_metadata_cache = true",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    `set temp_directory = ${literal(spill)}`,
    `set allowed_directories = ${list(folders)}`,
    `set allowed_paths = ${list(files)}`,
    "set enable_external_access = false",
    "set lock_configuration = true",
  ];
}

/** Without one the engine would take `.tmp` of the folder it was started in, and open it to every statement. */
const ownFolder = (): string => path.join(tmpdir(), `plimsoll-spill-${randomUUID()}`);

/** The text of a query with places for its values. */
export const boundText = (query: Sql): string => render(query, (_, index) => `$${index + 1}`);

async function rows(connection: DuckDBConnection, query: Sql): Promise<Row[]> {
  const text = boundText(query);
  const reader = await connection.runAndReadAll(text, [...query.values]);
  return reader.getRowObjectsJson();
}
