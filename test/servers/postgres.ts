import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort, programPath, runProgram, skipReason, startProcess, type User } from "./server-process.ts";

/** A PostgreSQL server of a test's own, with a database that nobody else uses. */
export interface PostgresServer {
  /** Of the first database, with the owner's name and password: postgresql://plimsoll:…@127.0.0.1:…/plimsoll */
  readonly url: string;
  /** Makes another empty database and answers with its URL. */
  readonly createDatabase: () => string;
  /** Ends the server at once but cleanly, and removes what it wrote. */
  readonly stop: () => Promise<void>;
}

/** What the owner's password is; no message of ours may show it. */
export const POSTGRES_PASSWORD = "s3cret-pass/word";

const programs = programsFolder();
const missing =
  programs === undefined
    ? "PostgreSQL is not installed (Debian's package postgresql; npm run test:install)."
    : undefined;

/** Why tests of PostgreSQL are skipped here; undefined where they run. */
export const postgresSkipped = skipReason(missing);

/** Starts Debian's PostgreSQL on a free port, with its files in a temporary folder. */
export async function startPostgres(): Promise<PostgresServer> {
  if (programs === undefined) throw new Error(missing);
  const user = serverUser();
  const folder = await mkdtemp(path.join(tmpdir(), "plimsoll-postgres-"));
  const password = path.join(folder, "password");
  await writeFile(password, `${POSTGRES_PASSWORD}\n`);
  if (user !== undefined) for (const each of [folder, password]) await chown(each, user.uid, user.gid);
  const files = path.join(folder, "files");
  runProgram(path.join(programs, "initdb"), initOptions(files, password), user);
  const port = await freePort();
  const settings = ["-D", files, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-k", folder];
  const server = await startProcess(
    path.join(programs, "postgres"),
    settings,
    (said) => said.includes("ready to accept connections"),
    // Fast shutdown: who is connected is cut off.
    { user, signal: "SIGINT" },
  );
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  let databases = 0;
  const createDatabase = (): string => {
    const name = databases++ === 0 ? "plimsoll" : `plimsoll_${databases}`;
    const url = urlOf(port, name);
    runProgram(path.join(programs, "psql"), [
      "-qd",
      urlOf(port, "postgres"),
      "-c",
      `create database ${name}`,
    ]);
    return url;
  };
  return { url: createDatabase(), createDatabase, stop };
}

const urlOf = (port: number, database: string): string =>
  `postgresql://plimsoll:${encodeURIComponent(POSTGRES_PASSWORD)}@127.0.0.1:${port}/${database}`;

const initOptions = (files: string, password: string): string[] => [
  `--pgdata=${files}`,
  "--username=plimsoll",
  `--pwfile=${password}`,
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale=C",
  "--no-sync",
];

/** PostgreSQL refuses to run as root; then it runs as nobody. */
function serverUser(): User {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string): number =>
    Number(spawnSync("id", [option, "nobody"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

/** Debian keeps the programs of each major version in a folder that is not on the path; the newest counts. */
function programsFolder(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const majors = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const found = majors
    .map((major) => path.join(debian, major, "bin"))
    .find((folder) => existsSync(path.join(folder, "initdb")));
  const onPath = programPath("initdb");
  return found ?? (onPath === undefined ? undefined : path.dirname(onPath));
}
