import { createRequire } from "node:module";
import { Command } from "commander";
import { importModes } from "#facts/import-mode.ts";
import { rolesInWords } from "#facts/role.ts";
import { defineAttribution } from "#cli/define-attribution.ts";
import { defineExport } from "#cli/define-export.ts";
import { defineBaseline } from "#cli/define-baseline.ts";
import { defineBridge } from "#cli/define-bridge.ts";
import { defineCalls } from "#cli/define-calls.ts";
import { defineKpis } from "#cli/define-kpis.ts";
import { defineModels } from "#cli/define-models.ts";
import { defineOutcomes } from "#cli/define-outcomes.ts";
import { defineReconcile } from "#cli/define-reconcile.ts";
import { defineSignals } from "#cli/define-signals.ts";
import { defineUnitCosts } from "#cli/define-unit-costs.ts";
import { defineUp } from "#cli/define-up.ts";
import { defineInventory } from "#cli/define-inventory.ts";
import { defineState } from "#cli/define-state.ts";
import { dataFolder } from "#cli/environment.ts";
import { addPrices } from "#cli/prices-program.ts";

// Only the shape of the commands is loaded here; each command loads what it needs when it runs, so that --help is quick.
const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

const program = new Command("plimsoll")
  .description(
    "FinOps for AI workloads: exact cost, an owner for every charge, and every number explains itself.",
  )
  .version(version, "-V, --version")
  .showHelpAfterError("(plimsoll --help shows the commands)")
  .configureHelp({ sortSubcommands: false })
  // A command and the commands below it may have options of one name, such as --data.
  .enablePositionalOptions()
  // A wrong option is bad input like any other: exit 2. One that only asks for help is none.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

const dataOption = [
  "--data <folder>",
  "folder that holds Plimsoll's data; the environment's PLIMSOLL_DATA sets the default",
  dataFolder(),
] as const;

program
  .command("demo")
  .description("fill an empty lake with the sample company and show what is in it (simulated)")
  .option(...dataOption)
  .option("--days <n>", "days from 2026-06-01 on, 1 to 91 (default: 91)")
  .option("--seed <n>", "another company: the same seed gives the same bytes")
  .option("--live <seconds>", "how long calls arrive by OTLP at its end; 0 for none", "5")
  .addHelpText(
    "after",
    `
Examples:
  plimsoll demo
  plimsoll demo --data /tmp/try --days 14

Where the lake holds data already, nothing is changed.`,
  )
  .action(async (options: Record<string, unknown>) => {
    const { demoCommand } = await import("./commands/demo-command.ts");
    await demoCommand(options);
  });

program
  .command("import")
  .description("bring bills into the lake")
  .argument("[paths...]", "files, folders and quoted globs")
  .option(...dataOption)
  .option("--source <name>", "who delivers: one name per billing export", "default")
  .option(
    "--role <role>",
    `${rolesInWords}: a report sums sources of one role (default: the source's, else the format's, else invoice)`,
  )
  .option("--format <name>", "insist on a format instead of recognising it")
  .option(
    "--mode <mode>",
    `${importModes.join(" or ")}: replace the delivered billing periods or add to them (default: the format's)`,
  )
  .option(
    "--part <name>",
    "the delivery is this part of its billing periods, such as a day: it replaces the former one of that name, and no other",
  )
  .option("--set <Column=value...>", "value of a column that the delivery lacks, such as BillingCurrency=USD")
  .option("--timezone <zone>", "zone of times that carry none, such as UTC or Europe/Budapest")
  .option("--force", "replace closed billing periods too, and write anew what is there already")
  .option("--formats", "list the formats that are read, and import nothing")
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
Examples:
  plimsoll import bills/ --source aws
  plimsoll import exports/2026-07/ --source azure          # the folder with its manifest.json
  plimsoll import "cur/*.csv.gz" --source aws-old
  plimsoll import bill.csv --source colo --set BillingCurrency=USD --timezone UTC
  plimsoll import allocation.json --source opencost --set BillingCurrency=USD --part 2026-07-01

Formats are recognised: FOCUS 0.5 to 1.5 and the providers' own (plimsoll import --formats lists them).
Importing the same files again changes nothing; importing a billing period again replaces it and says what moved.`,
  )
  .action(async (paths: string[], options: Record<string, unknown>) => {
    const { importCommand } = await import("./commands/import-command.ts");
    await importCommand(paths, options);
  });

program
  .command("report")
  .description("ask what something cost")
  .argument("[name]", "cost for a question of your own, or a named report", "cost")
  .option(...dataOption)
  .option("--measure <names>", "measures, comma-separated; the first orders the rows")
  .option(
    "--by <columns>",
    String.raw`columns to group by, comma-separated: any of --columns, tag:key, detail:key, extra:column; \, is a comma of a key`,
  )
  .option(
    "--where <filter...>",
    String.raw`Column=value, Column=a|b, Column!=value, Column~part, Column=~pattern, Column?, !Column?; \| is a bar of a value`,
  )
  .option("--without <categories>", "charge categories to leave out, such as Tax,Credit")
  .option("--from <date>", "first day, midnight in UTC, or a time with its zone")
  .option("--to <date>", "end, not included: 2026-08-01 for all of July")
  .option(
    "--period <period>",
    "2026-07, 2026-Q3, 2026, last-month, last-7-days, … instead of --from and --to",
  )
  .option("--granularity <unit>", "hour, day, week, month, quarter or year")
  .option("--compare <window>", "previous, same-weekdays, year-ago, or FROM..TO")
  .option("--top <n>", "keep the n largest groups and sum the others")
  .option(
    "--basis <basis>",
    "cash (BilledCost when invoiced) or accrual (EffectiveCost spread over its time)",
  )
  .option(
    "--time <time>",
    "charge (when it was used, the default) or billing (the period it was invoiced in)",
  )
  .option("--spread", "spread long charges evenly over their time")
  .option("--no-spread", "book long charges at their start, on the accrual basis too")
  .option("--role <role>", rolesInWords, "invoice")
  .option("--json", "one JSON object; amounts are exact decimal strings")
  .option("--csv", "CSV, safe to open in a spreadsheet")
  .option("--explain", "show the SQL, the rows read and the versions behind the numbers")
  .option("--list", "list the named reports")
  .option("--columns", "list every column and measure")
  .addHelpText(
    "after",
    `
Examples:
  plimsoll report cost --by ServiceName --period last-month --top 10
  plimsoll report cost --by Team,BillingCurrency --from 2026-07-01 --to 2026-08-01 --json
  plimsoll report cost --measure GpuHours,EffectiveCost --by GpuType --granularity week --from 2026-06-01 --to 2026-08-31
  plimsoll report cost --by tag:cost-center --where "ServiceCategory=Compute" --compare previous --period 2026-07
  plimsoll report cost --basis accrual --by ServiceName --granularity month --period 2026 --without Tax,Credit
  plimsoll report --list
  plimsoll report effective-savings-rate --period last-month`,
  )
  .action(async (name: string, options: Record<string, unknown>) => {
    const { reportCommand } = await import("./commands/report-command.ts");
    await reportCommand(name, options);
  });

defineInventory(program, dataOption);
defineCalls(program, dataOption);
defineSignals(program, dataOption);
defineModels(program, dataOption);
defineOutcomes(program, dataOption);
defineUnitCosts(program, dataOption);
defineBridge(program, dataOption);
defineKpis(program, dataOption);
defineBaseline(program, dataOption);
defineReconcile(program, dataOption);
defineUp(program, dataOption);

program
  .command("allocate")
  .description("divide what a Kubernetes cluster's nodes, GPUs and volumes cost among its workloads")
  .option(...dataOption)
  .option(
    "--prometheus <url>",
    "server that scrapes kube-state-metrics, cAdvisor and, for GPUs, dcgm-exporter",
  )
  .option("--bearer-token-file <file>", "file with the token that the server wants")
  .option("--basic-auth-file <file>", "file with user:password")
  .option("--from <time>", "first day, midnight in UTC, or a time with its zone")
  .option("--to <time>", "end, not included")
  .option(
    "--period <period>",
    "yesterday, 2026-07-14, last-24-hours (the default), … instead of --from and --to",
  )
  .option("--step <length>", "how often the cluster is looked at: 30s, 5m, 1h (default: 5m)")
  .option("--prices <file>", "prices of nodes, storage and network (YAML), before those of plimsoll prices")
  .option(
    "--node-price <price...>",
    'an hour of an instance type or of a node, such as "g5.xlarge=1.006 USD"',
  )
  .option(
    "--by <names>",
    "cluster, namespace, controllerKind, controller, pod, container, node, label:key; comma-separated (default: namespace,controller)",
  )
  .option("--idle <mode>", "separate (the default), by-node or by-cluster: who bears what nobody used")
  .option("--selector <matchers>", 'PromQL matchers added to every query, such as cluster="prod"')
  .option("--cluster <name>", "name of the cluster where series carry none (default: default)")
  .option("--gpu-idle-percent <n>", "engine activity up to which a GPU is idle (default: 1)")
  .option("--gpu-idle-mib <n>", "memory up to which an idle GPU holds no model (default: 1024)")
  .option(
    "--keep",
    "keep each day in the lake, as charges of the role allocation; whole days in UTC (default: yesterday)",
  )
  .option("--bucket <length>", "with --keep: day or hour, the time that a kept charge is of (default: day)")
  .option("--source <name>", "with --keep: the source that is kept as (default: kubernetes.<cluster>)")
  .option("--json", "one JSON object; amounts are exact decimal strings")
  .option("--csv", "CSV, safe to open in a spreadsheet")
  .option("--explain", "show the PromQL behind the numbers")
  .addHelpText(
    "after",
    `
Examples:
  plimsoll allocate --prometheus http://localhost:9090 --node-price "g5.xlarge=1.006 USD"
  plimsoll allocate --prometheus http://prometheus:9090 --period yesterday --prices prices.yaml --by namespace,pod --json
  plimsoll allocate --prometheus https://thanos.example.com --bearer-token-file token --selector 'cluster="prod"' \\
    --from 2026-07-01 --to 2026-07-02 --prices prices.yaml --by label:team --idle by-cluster
  plimsoll allocate --prometheus http://prometheus:9090 --keep     # each morning; then, for example:
  plimsoll report cost --role allocation --by Team,IdleKind --period last-7-days

Nodes without a price are shown as unpriced, never as free; they are not kept. A day that is kept again is replaced, and no other day.`,
  )
  .action(async (options: Record<string, unknown>) => {
    const { allocateCommand } = await import("./commands/allocate-command.ts");
    await allocateCommand(options);
  });

program
  .command("periods")
  .description("list the billing periods in the lake; close them when the books are closed")
  .argument("[action]", "close or reopen; without it the periods are listed")
  .option(...dataOption)
  .option("--source <name>", "the source whose periods are meant")
  .option("--period <months>", "billing periods such as 2026-07, comma-separated")
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
Examples:
  plimsoll periods
  plimsoll periods close --source aws --period 2026-07
  plimsoll periods reopen --source aws --period 2026-06,2026-07

No import changes a closed period, unless it says --force; then it prints what moved.`,
  )
  .action(async (action: string | undefined, options: Record<string, unknown>) => {
    const { periodsCommand } = await import("./commands/periods-command.ts");
    await periodsCommand(action, options);
  });

defineAttribution(program, dataOption);
defineExport(program, dataOption);

program
  .command("doctor")
  .description("show the health of what was imported: books, files, owners, money counted twice, conformance")
  .option(...dataOption)
  .option("--source <name>", "only this source; money that two sources bring is not looked for")
  .option("--state <url>", "PostgreSQL database that holds what people decided; better in PLIMSOLL_STATE_URL")
  .option("--findings", "list every FOCUS requirement that is broken, with its first row")
  .option("--json", "one JSON object with everything")
  .addHelpText(
    "after",
    `
Examples:
  plimsoll doctor
  plimsoll doctor --source aws --findings
  plimsoll doctor --json                                   # coverage by month and team, every pair, every value

Exit codes: 0 the books balance, 1 they don't, 3 a file of the lake is missing or damaged.`,
  )
  .action(async (options: Record<string, unknown>) => {
    const { doctorCommand } = await import("./commands/doctor-command.ts");
    await doctorCommand(options);
  });

defineState(program, dataOption);
addPrices(program, dataOption);

// A reader that has seen enough, such as head, is no fault.
process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code !== "EPIPE") throw cause;
  process.exit();
});

program.parseAsync().catch(async (cause: unknown) => {
  const { showProblem } = await import("./show-problem.ts");
  process.exitCode = showProblem(cause);
});
