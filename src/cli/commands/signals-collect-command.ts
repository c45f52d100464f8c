import { setTimeout as delay } from "node:timers/promises";
import { collectSignals, type Collected, type CollectRequest } from "#flows/signals/collect-signals.ts";
import { importSignals } from "#flows/signals/import-signals.ts";
import { instant } from "#units/instant.ts";
import { parsePeriod } from "#units/parse-period.ts";
import { Problem } from "#units/problems.ts";
import { type Window, window } from "#units/window.ts";
import { green } from "#cli/colors.ts";
import { count, many, minute } from "#cli/format.ts";
import { optionalText, positiveInteger } from "#cli/options.ts";
import { progressLine } from "#cli/progress-line.ts";
import { secretOf } from "#cli/secret-of.ts";

type Options = Readonly<Record<string, unknown>>;

/** `plimsoll signals collect`: once, or again and again until it is stopped. */
export async function collectCommand(options: Options): Promise<void> {
  const asked = timeOf(options);
  const every = optionalText(options["every"]);
  const minutes = every === undefined ? undefined : positiveInteger("--every", every);
  if (minutes !== undefined && asked !== undefined)
    throw new Problem("option-invalid", "--every reads what is new; it takes no time.");
  const request = {
    data: String(options["data"]),
    ...(await serverOf(options)),
    source: String(options["source"]),
  };
  const once = (time: Window | undefined): Promise<void> =>
    collectOnce({ ...request, now: Date.now(), ...(time === undefined ? {} : { window: time }) }, options);
  if (minutes === undefined) return once(asked);
  for (;;) {
    // A server that can't be reached now is asked again: what was missed is read then.
    await once(undefined).catch((cause: unknown) => {
      if (!(cause instanceof Problem)) throw cause;
      process.stderr.write(`not collected: ${cause.code}: ${cause.message}\n`);
    });
    await delay(minutes * 60_000);
  }
}

/** The server of signals that options name, and how it is asked. */
export const serverOf = async (
  options: Options,
): Promise<Pick<CollectRequest, "address" | "credentials" | "matchers" | "cluster">> => ({
  address: String(options["prometheus"]),
  credentials: {
    bearerToken: await secretOf(optionalText(options["bearerTokenFile"])),
    basic: await secretOf(optionalText(options["basicAuthFile"])),
  },
  matchers: optionalText(options["selector"]) ?? "",
  cluster: String(options["cluster"]),
});

async function collectOnce(request: CollectRequest, options: Options): Promise<void> {
  const line = progressLine(process.stderr);
  const done = await collectSignals({
    ...request,
    onProgress: (read, total) => line.show("reading", read / 1000, total / 1000, "seconds"),
    onWait: (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  }).finally(() => line.end());
  process.stdout.write(options["json"] === true ? `${JSON.stringify(done, null, 2)}\n` : collectedText(done));
}

function collectedText({ source, window: time, added, duplicates, signals }: Collected): string {
  if (time.start === time.end)
    return `${source}: nothing new; the last five minutes that are over are there.\n`;
  const span = `${minute(time.start)} to ${minute(time.end)}`;
  const names = Object.entries(signals).map(([name, points]) => `${name} ${count(points)}`);
  const twice = duplicates === 0 ? "" : ` ${many(duplicates, "point")} had come before: what is there stays.`;
  if (names.length === 0)
    return `${source}: no series of ${span} has a name that is known; plimsoll signals --help says whose are.\n`;
  return `${green("Collected")} ${many(added, "point")} of ${source}, ${span}.${twice}\n${names.join(", ")}\n`;
}

/** `plimsoll signals import`. */
export async function importSignalsCommand(files: readonly string[], options: Options): Promise<void> {
  const line = progressLine(process.stderr);
  const done = await importSignals(String(options["data"]), files, String(options["source"]), {
    now: Date.now(),
    onProgress: (rows) => line.show("signals", rows, rows, "rows"),
    onWait: (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  }).finally(() => line.end());
  if (options["json"] === true) {
    process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
    return;
  }
  const twice =
    done.duplicates === 0 ? "" : ` ${many(done.duplicates, "point")} had come before: what is there stays.`;
  process.stdout.write(
    done.added === 0
      ? `Nothing changed: all of ${many(done.duplicates, "point")} had come before.\n`
      : `${green("Imported")} ${many(done.added, "point")} of ${many(files.length, "file")}.${twice}\n`,
  );
}

function timeOf(options: Options): Window | undefined {
  const [period, from, to] = ["period", "from", "to"].map((name) => optionalText(options[name]));
  if (period !== undefined && (from !== undefined || to !== undefined))
    throw new Problem("option-invalid", "Give --period or --from and --to, not both.");
  if (period !== undefined) return parsePeriod(period, Date.now());
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined)
    throw new Problem("window-invalid", "Give both --from and --to, or --period.");
  return window(instant(from), instant(to));
}
