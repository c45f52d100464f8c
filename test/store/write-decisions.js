import { decide } from "#store/decisions.ts";
import { openStore } from "#store/open-store.ts";

/**
 * Writes decisions in a loop, for tests that kill it or run several at once, and prints the number of each as soon as it is
 * acknowledged: node test/store/write-decisions.js '{"data": …, "url": …}' <workload> <how many>
 */
const [where = "{}", workload = "w", times = "0"] = process.argv.slice(2);

const store = await openStore(JSON.parse(where));
for (let n = 1; n <= Number(times); n++) {
  const decision = { workload, field: "team", value: String(n) };
  const [{ seq }] = await decide(store, { actor: workload, at: Date.now() }, [decision]);
  process.stdout.write(`${seq} ${n}\n`);
}
await store.close();
