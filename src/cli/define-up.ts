import type { Command } from "commander";

/** The shape of `plimsoll up`; the server is loaded when it runs. */
export function defineUp(program: Command, dataOption: readonly [string, string, string]): void {
  program
    .command("up")
    .description("run the server: calls to models by OTLP and in batches, priced as they come")
    .option(...dataOption)
    .option("--host <address>", "address to listen on; another than loopback needs a token", "127.0.0.1")
    .option("--port <number>", "0 takes any that is free", "4318")
    .option(
      "--compact-seconds <n>",
      "seconds between the times when what came in becomes part of the lake",
      "10",
    )
    .option(
      "--prometheus <url>",
      "read signals of this server too, from where they end in the lake; as plimsoll signals collect",
    )
    .option("--collect-minutes <n>", "minutes between the times when it is read (default: 5)")
    .option("--signals-source <name>", "what the lake calls it (default: prometheus)")
    .option("--cluster <name>", "the name of series without a label cluster (default: default)")
    .option("--selector <matchers>", `added to every selector, such as 'cluster="prod"'`)
    .option("--bearer-token-file <file>", "a file that holds the token to send to it")
    .option("--basic-auth-file <file>", "a file that holds user:password to send to it")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll up
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node app.js      # an application with GenAI spans
  plimsoll up --prometheus http://prometheus:9090                      # with signals, every five minutes
  PLIMSOLL_INGEST_TOKEN=$(openssl rand -hex 32) plimsoll up --host 0.0.0.0
  curl -H 'content-type: application/json' --data-binary @calls.json 'http://127.0.0.1:4318/api/v1/calls?source=gateway'

4318 is where OpenTelemetry sends unless it is told otherwise. What is answered for is on the disk; what is sent again counts once.
docs/server.md has the routes, limits and a unit file. Stop it with Ctrl-C or SIGTERM.`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { upCommand } = await import("./commands/up-command.ts");
      await upCommand(options);
    });
}
