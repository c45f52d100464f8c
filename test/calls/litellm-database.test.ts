import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "#facts/call.ts";
import type { CallRows } from "#ingest/calls/calls-of-rows.ts";
import { callsOfDatabase } from "#ingest/litellm/read-database.ts";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import {
  POSTGRES_PASSWORD,
  postgresSkipped,
  type PostgresServer,
  startPostgres,
} from "../servers/postgres.ts";
import { idsInLake } from "./lake-kit.ts";
import { read } from "./read-calls.ts";
import { spendLog } from "./spend-log.ts";

/** LiteLLM's own table, as its schema.prisma makes it. */
const TABLE = `create table "LiteLLM_SpendLogs" (
  "request_id" text primary key, "call_type" text not null, "api_key" text not null default '', "spend" double precision not null default 0,
  "total_tokens" integer not null default 0, "prompt_tokens" integer not null default 0, "completion_tokens" integer not null default 0,
  "startTime" timestamp(3) not null, "endTime" timestamp(3) not null, "completionStartTime" timestamp(3), "model" text not null default '',
  "model_id" text default '', "model_group" text default '', "custom_llm_provider" text default '', "api_base" text default '',
  "user" text default '', "metadata" jsonb default '{}', "cache_hit" text default '', "request_tags" jsonb default '[]', "team_id" text,
  "organization_id" text, "end_user" text, "messages" jsonb default '{}', "response" jsonb default '{}', "session_id" text, "status" text,
  "proxy_server_request" jsonb default '{}');
  create index on "LiteLLM_SpendLogs" ("startTime")`;

describe.skipIf(postgresSkipped !== undefined)("LiteLLM's database", () => {
  let server: PostgresServer;
  let url: string;
  let client: Client;
  let own: OwnFolder;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    own = await ownFolder();
    url = server.createDatabase();
    client = new Client({ connectionString: url });
    await client.connect();
    await client.query(TABLE);
  });
  afterEach(async () => {
    await client.end();
    await own.remove();
  });

  const insert = async (row: Readonly<Record<string, unknown>>): Promise<void> => {
    const names = Object.keys(row);
    await client.query(
      `insert into "LiteLLM_SpendLogs" (${names.map((name) => `"${name}"`).join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")})`,
      Object.values(row),
    );
  };
  const now = Date.UTC(2026, 6, 20);
  async function all(
    options: { since?: number; pageRows?: number } = {},
  ): Promise<{ calls: Call[]; counts: CallRows }> {
    const calls: Call[] = [];
    const batches = callsOfDatabase(url, { source: "gateway", now, since: undefined, ...options });
    for (;;) {
      const next = await batches.next();
      if (next.done === true) return { calls, counts: next.value };
      calls.push(...next.value);
    }
  }

  test("gives the same call as a file of the same row, digit for digit", async () => {
    await insert({ ...spendLog, endTime: "2026-07-01 12:00:02.250", spend: 0.000012345678901234 });
    const file = await read(
      JSON.stringify({ ...spendLog, endTime: "2026-07-01 12:00:02.250", spend: "0.000012345678901234" }),
    );
    const { calls, counts } = await all();
    expect(calls).toEqual(file.all);
    expect(calls[0]?.statedCost).toBe("0.000012345678901234");
    expect(counts).toMatchObject({ rows: 1, calls: 1, rejected: {} });
  });

  test("is read page by page, each row once, also where many calls began at the same moment", async () => {
    const ids = Array.from({ length: 57 }, (_, index) => `call-${String(index).padStart(2, "0")}`);
    for (const [index, id] of ids.entries())
      await insert({
        ...spendLog,
        request_id: id,
        startTime: `2026-07-01 12:00:0${Math.floor(index / 20)}`,
        endTime: "2026-07-01 12:01:00",
      });
    const { calls } = await all({ pageRows: 7 });
    expect(calls.map(({ id }) => id)).toEqual(ids);
    const since = await all({ pageRows: 7, since: Date.UTC(2026, 6, 1, 12, 0, 1) });
    expect(since.calls.map(({ id }) => id)).toEqual(ids.slice(20));
  });

  test("is not written to, and a user who may only read one table is enough", async () => {
    await insert(spendLog);
    const name = `reader_${new URL(url).pathname.slice(1)}`;
    await client.query(`create role ${name} login password 'reader-pass'`);
    await client.query(`grant select on "LiteLLM_SpendLogs" to ${name}`);
    const reader = new URL(url);
    [reader.username, reader.password] = [name, "reader-pass"];
    const bring = (): ReturnType<typeof plimsoll> =>
      plimsoll(["calls", "import", "--source", "gateway", "--data", own.data], {
        env: { PLIMSOLL_LITELLM_URL: reader.href },
      });
    expect((await bring()).stdout).toContain("Imported 1 call of the database.");
    expect((await bring()).stdout).toContain("Nothing changed");
    expect(await idsInLake(own.data)).toEqual(["chatcmpl-1"]);
    // Prompts stay where they are: what is never asked for can't be kept.
    await client.query(`revoke all on "LiteLLM_SpendLogs" from ${name}`);
    await client.query(
      `grant select (request_id, call_type, spend, "startTime", "endTime") on "LiteLLM_SpendLogs" to ${name}`,
    );
    expect((await bring()).stdout).toContain("Nothing changed: all of 1 call had come before.");
  });

  test("in another schema is found as LiteLLM's own URL names it, and an older one lacks columns", async () => {
    await client.query(`create schema proxy; alter table "LiteLLM_SpendLogs" set schema proxy`);
    await client.query(`alter table proxy."LiteLLM_SpendLogs" drop column session_id, drop column status`);
    await client.query(
      `insert into proxy."LiteLLM_SpendLogs" ("request_id", "call_type", "startTime", "endTime") values ('a', 'acompletion', '2026-07-01', '2026-07-01')`,
    );
    url = `${url}?schema=proxy`;
    expect((await all()).calls).toMatchObject([{ id: "a", status: "unknown" }]);
  });

  test("with a row that can't be taken counts it", async () => {
    await insert(spendLog);
    await insert({ ...spendLog, request_id: "future", startTime: "2036-01-01", endTime: "2036-01-01" });
    expect((await all()).counts).toMatchObject({ rows: 2, calls: 1, rejected: { "time-implausible": 1 } });
  });

  test.each<[string, (good: string) => string, string]>([
    ["no URL", () => "hello", "option-invalid"],
    ["another kind of database", () => `mysql://u:${POSTGRES_PASSWORD}@h/d`, "option-invalid"],
    [
      "a wrong password",
      (good) => good.replace(encodeURIComponent(POSTGRES_PASSWORD), "wrong-secret"),
      "server-refused",
    ],
    ["no such database", (good) => `${good}_none`, "server-refused"],
    ["nobody there", (good) => good.replace(/:\d+\//, ":1/"), "server-unreachable"],
    ["no such table", (good) => `${good}?schema=other`, "source-not-found"],
  ])("%s is one clear fault without the password", async (_, change, code) => {
    url = change(url);
    const fault = await all().catch((cause: unknown) => cause as Error & { hint: string });
    expect(fault).toMatchObject({ code });
    const said = fault instanceof Error ? `${fault.message} ${fault.hint}` : "";
    expect(said).not.toContain(POSTGRES_PASSWORD);
    expect(said).not.toContain(encodeURIComponent(POSTGRES_PASSWORD));
    expect(said).not.toContain("wrong-secret");
  });
});
