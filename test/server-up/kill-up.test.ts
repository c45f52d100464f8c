import { expect, test } from "vitest";
import { faultsOfCalls, idsInLake } from "../calls/lake-kit.ts";
import { ownFolder } from "../imports/kit.ts";
import { line, post, up } from "./kit.ts";

/** How often the server is killed; `PLIMSOLL_KILLS=100` is what a release is judged by. */
const kills = Math.max(6, Math.floor(Number(process.env["PLIMSOLL_KILLS"] ?? 6)));

test(
  `a server that is killed ${kills} times under load has every acknowledged call once`,
  { timeout: 20 * 60_000 },
  async () => {
    const own = await ownFolder();
    const acknowledged = new Set<string>();
    let number = 0;
    try {
      for (let kill = 0; kill <= kills; kill++) {
        const served = await up(own.data, { args: ["--compact-seconds", "1"] });
        const until = Date.now() + 300 + ((kill * 997) % 1700);
        const send = async (): Promise<void> => {
          while (Date.now() < until + 2000) {
            const ids = Array.from({ length: 20 }, () => `call-${number++}`);
            // What may have been lost on the way is sent again, as senders do.
            const again = [...acknowledged].slice(-2);
            const body = JSON.stringify([...ids, ...again].map((id) => line(id)));
            const answer = await post(`${served.url}/api/v1/calls?source=load`, body).catch(() => undefined);
            if (answer === undefined) return;
            // A server that was asked to stop takes nothing more, and says so.
            if (answer.status === 503 && kill === kills) return;
            expect(answer.status).toBe(200);
            for (const id of ids) acknowledged.add(id);
          }
        };
        const senders = Array.from({ length: 8 }, send);
        await new Promise((resolve) => setTimeout(resolve, until - Date.now()));
        // The last one is asked to stop, and makes all of it part of the lake.
        const last = kill === kills;
        const ended = served.end(last ? "SIGTERM" : "SIGKILL");
        await Promise.all(senders);
        expect(await ended).toBe(last ? 0 : null);
      }
      const ids = await idsInLake(own.data);
      const there = new Set(ids);
      expect(ids.length).toBe(there.size);
      expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
      expect(await faultsOfCalls(own.data)).toEqual([]);
      process.stdout.write(
        `${kills} kills, ${acknowledged.size} calls acknowledged, ${ids.length} in the lake\n`,
      );
    } finally {
      await own.remove();
    }
  },
);
