import { once } from "node:events";
import { serve, type ServeOptions } from "#api/serve.ts";
import { ingestToken, promptKey } from "#cli/environment.ts";
import { serverOf } from "#cli/commands/signals-collect-command.ts";
import { optionalText, positiveInteger } from "#cli/options.ts";
import { printable } from "#cli/printable.ts";
import { Problem } from "#units/problems.ts";

/** `plimsoll up`: the server, until it is told to stop. */
export async function upCommand(options: Record<string, unknown>): Promise<void> {
  const token = ingestToken();
  const hashKey = keyOf(promptKey());
  const data = String(options["data"]);
  const served = await serve({
    data,
    host: String(options["host"]),
    port: portOf(String(options["port"])),
    compactSeconds: positiveInteger("--compact-seconds", String(options["compactSeconds"])),
    log: (line) => process.stderr.write(`${new Date().toISOString()} ${printable(line)}\n`),
    ...(token === undefined ? {} : { token }),
    ...(hashKey === undefined ? {} : { hashKey }),
    ...(await collectOf(options)),
  });
  process.stdout.write(
    `Listening on ${served.url}: OTLP at /v1/traces and /v1/metrics, batches at /api/v1/calls, outcomes at /api/v1/outcomes. They go into ${printable(data)}; plimsoll calls, plimsoll signals and plimsoll outcomes show them.\n`,
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  process.stdout.write("Stopping: what was taken is kept.\n");
  // Whoever asks twice does not want to wait; nothing acknowledged is lost by it.
  process.once("SIGINT", () => process.exit(130));
  await served.stop();
}

/** What only means something with a server of signals. */
const ofCollection = [
  "collectMinutes",
  "signalsSource",
  "cluster",
  "selector",
  "bearerTokenFile",
  "basicAuthFile",
];

async function collectOf(options: Record<string, unknown>): Promise<Pick<ServeOptions, "collect">> {
  if (options["prometheus"] === undefined) {
    const idle = ofCollection.find((name) => options[name] !== undefined);
    if (idle === undefined) return {};
    const flag = idle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new Problem("option-invalid", `--${flag} is of --prometheus, and there is none.`);
  }
  const server = await serverOf({ cluster: "default", ...options });
  return {
    collect: {
      ...server,
      source: optionalText(options["signalsSource"]) ?? "prometheus",
      minutes: positiveInteger("--collect-minutes", optionalText(options["collectMinutes"]) ?? "5"),
    },
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Problem("option-invalid", `--port ${text} is no port.`, {
    hint: "Give a number from 0 to 65535.",
  });
}

/** A short key could be guessed, and with it the prompts. */
function keyOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text);
  if (key.length >= 16) return key;
  throw new Problem("option-invalid", "PLIMSOLL_PROMPT_KEY is shorter than 16 bytes.", {
    hint: "Take a long random text that only you know, such as that of openssl rand -hex 32.",
  });
}
