import { type Duckdb, openDuckdb, type Row } from "./duckdb.ts";

/** An engine that nobody asks is closed after this long. */
const IDLE_MS = 30_000;

/** One idle engine per lake: a process that is asked again and again opens it once, and reads the footers of the files once. */
const idle = new Map<string, { readonly engine: Duckdb; readonly timer: NodeJS.Timeout }>();
let closesAtExit = false;

/**
 * An engine that reads a lake, opened or taken over from an earlier question. Each is lent to one question at a time; `close` gives it back,
 * unless a query failed: what an engine is worth after a failure nobody knows.
 * @param lake absolute path of the lake's folder
 */
export async function lendEngine(lake: string): Promise<Duckdb> {
  const engine = take(lake) ?? (await openDuckdb({ folders: [lake], memoryMiB: 1024 }));
  let sound = true;
  const watched = async (answer: Promise<Row[]>): Promise<Row[]> => {
    try {
      return await answer;
    } catch (cause) {
      sound = false;
      throw cause;
    }
  };
  return {
    query: (query) => watched(engine.query(query)),
    run: (statement) => watched(engine.run(statement)),
    close: () => {
      if (sound && !idle.has(lake)) keep(lake, engine);
      else engine.close();
    },
  };
}

function take(lake: string): Duckdb | undefined {
  const kept = idle.get(lake);
  if (kept === undefined) return undefined;
  clearTimeout(kept.timer);
  idle.delete(lake);
  return kept.engine;
}

function keep(lake: string, engine: Duckdb): void {
  const timer = setTimeout(() => take(lake)?.close(), IDLE_MS);
  timer.unref();
  idle.set(lake, { engine, timer });
  if (closesAtExit) return;
  closesAtExit = true;
  // An engine that is closed removes what it spilled to disk.
  process.once("exit", () => [...idle.keys()].forEach((each) => take(each)?.close()));
}
