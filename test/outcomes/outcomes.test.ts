import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownFolder, type OwnFolder, plimsoll } from "../imports/kit.ts";
import {
  POSTGRES_PASSWORD,
  postgresSkipped,
  type PostgresServer,
  startPostgres,
} from "../servers/postgres.ts";
import { post, up } from "../server-up/kit.ts";
import { tickets } from "./tickets.ts";

let own: OwnFolder;
beforeAll(async () => {
  own = await ownFolder();
});
afterAll(() => own.remove());

const run = (...args: readonly string[]): ReturnType<typeof plimsoll> =>
  plimsoll([...args, "--data", own.data]);

describe("plimsoll outcomes", () => {
  beforeAll(async () => {
    const { stdout } = await run(
      "outcomes",
      "import",
      await own.write("t.csv", tickets),
      "--source",
      "helpdesk",
    );
    expect(stdout).toBe("Imported 5 outcomes.\n");
  });

  test("counts by kind and any label, and how it went; what is imported again is there once", async () => {
    const again = await run("outcomes", "import", `${own.folder}/t.csv`, "--source", "helpdesk");
    expect(again.stdout).toContain("Nothing changed: all of 5 outcomes had come before.");
    const { stdout } = await run("outcomes", "2026-07", "--by", "team,tag:workload", "--csv");
    expect(stdout).toBe(`x_Team,tag:workload,Kind,Count,Succeeded,Failed
assistant,chat,active-user,1200.5,0,0
assistant,chat,resolved-ticket,3,2,1
search,find,resolved-ticket,1,0,0
`);
    const text = (await run("outcomes", "2026-07", "--by", "team")).stdout;
    expect(text).toMatch(/Team +Kind +Number +Went well +Failed +Unknown/);
    expect(text).toMatch(/assistant +active-user +1,200\.50 +0 +0 +1,200\.50/);
    expect((await run("doctor")).stdout).toMatch(/Sound outcomes: 5 in 2 days/);
  });

  test("JSON lines with labels, and a wrong row refuses all", async () => {
    const line = {
      id: "j1",
      time: "2026-07-03T00:00:00Z",
      kind: "conversion",
      value: 12.5,
      currency: "EUR",
      labels: { team: "shop" },
    };
    const file = await own.write("j.jsonl", `${JSON.stringify(line)}\n`);
    expect((await run("outcomes", "import", file)).stdout).toBe("Imported 1 outcome.\n");
    const bad = await own.write("bad.csv", "id,time,kind\nx,2026-07-01,conversion\n,2026-07-01,conversion\n");
    const { exit, stderr } = await run("outcomes", "import", bad);
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/row 3, column id: is empty/)]);
  });

  test("a webhook's outcomes are durable, once, all of a body or none", async () => {
    const world = await ownFolder();
    try {
      const served = await up(world.data, { args: ["--compact-seconds", "1"] });
      const url = `${served.url}/api/v1/outcomes`;
      const one = {
        id: "w1",
        time: "2026-07-05T00:00:00Z",
        kind: "completed-task",
        success: true,
        labels: { workload: "agents" },
      };
      const send = (outcomes: readonly object[]): ReturnType<typeof post> =>
        post(url, JSON.stringify({ source: "agent", outcomes }), { "content-type": "application/json" });
      expect((await send([one, { ...one, id: "w2", success: false }])).status).toBe(200);
      expect((await send([one])).status).toBe(200);
      const refused = await send([
        { ...one, id: "w3" },
        { ...one, kind: "No" },
      ]);
      expect([refused.status, refused.body]).toEqual([400, expect.stringContaining("outcomes-invalid")]);
      expect(await served.end()).toBe(0);
      const { stdout } = await plimsoll(["outcomes", "--by", "workload", "--csv", "--data", world.data]);
      expect(stdout).toBe("x_Workload,Kind,Count,Succeeded,Failed\nagents,completed-task,2,1,1\n");
    } finally {
      await world.remove();
    }
  });
});

describe.skipIf(postgresSkipped !== undefined)("a query of a real PostgreSQL", () => {
  let server: PostgresServer;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres();
    url = server.createDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      `create table tickets (id bigint, closed_at timestamp, solved boolean, worth numeric(30,18), team text)`,
    );
    await client.query(
      `insert into tickets select n, '2026-07-10 08:00'::timestamp + n * interval '1 minute', n % 4 <> 0, 0.100000000000000001, 'team-' || n % 2 from generate_series(1, 12000) n`,
    );
    await client.end();
  }, 60_000);
  afterAll(() => server.stop());
  const select = `select 'q' || id as id, closed_at as time, 'resolved-ticket' as kind, solved as success, worth as value, 'EUR' as currency, team from tickets`;
  const ask = (query: string, database = url): ReturnType<typeof plimsoll> =>
    plimsoll(["outcomes", "import", "--query", query, "--source", "crm", "--data", own.data], {
      env: { PLIMSOLL_OUTCOMES_URL: database },
    });

  test("comes in page by page with every digit, once", async () => {
    expect((await ask(select)).stdout).toBe("Imported 12,000 outcomes.\n");
    expect((await ask(`${select};`)).stdout).toContain("Nothing changed");
    const { stdout } = await run("outcomes", "2026-07", "--where", "source=crm", "--by", "team", "--csv");
    expect(stdout).toContain("team-0,resolved-ticket,6000,3000,3000\nteam-1,resolved-ticket,6000,6000,0\n");
  });

  test.each<[string, () => readonly [string, string?], RegExp]>([
    ["a statement that writes", () => ["delete from tickets returning id"], /query-failed/],
    ["two statements", () => ["select 1) a; drop table tickets; --"], /query-failed/],
    ["another table", () => ["select * from nowhere"], /query-failed.*nowhere/],
    [
      "a wrong password",
      () => [select, url.replace(encodeURIComponent(POSTGRES_PASSWORD), "wrong")],
      /server-refused/,
    ],
    ["nobody there", () => [select, "postgresql://a:b@127.0.0.1:1/x"], /server-unreachable/],
    ["a URL of something else", () => [select, "https://127.0.0.1/x"], /no URL of PostgreSQL/],
    [
      "a row without an id",
      () => ["select null as id, now() as time, 'conversion' as kind"],
      /Row 1 of the query, column id: is empty/,
    ],
  ])("one clear answer without the password: %s", async (_, args, message) => {
    const { exit, stderr } = await ask(...args());
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(POSTGRES_PASSWORD);
    expect(exit).toBe(2);
    // Nothing was dropped or deleted.
    expect((await ask(select)).stdout).toContain("Nothing changed");
  });
});
