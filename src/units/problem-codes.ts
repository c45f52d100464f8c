/**
 * The one table of problem codes. A code is part of the product: tests, scripts and people match on it, so it is never renamed.
 * `exit` is the exit code of the command line; `hint` says what to do about it.
 */
export const problemCodes = {
  // The input itself
  "source-not-found": {
    exit: 2,
    hint: "Check the path; globs must be quoted if the shell should not expand them.",
  },
  "source-unreadable": { exit: 2, hint: "Check the permissions of the file and of every folder above it." },
  "source-empty": { exit: 2, hint: "Export the period again; an empty delivery is never imported." },
  "source-symlink": {
    exit: 2,
    hint: "Give the real path: links are not followed, so that an import can't leave its folder.",
  },
  "source-changed": {
    exit: 2,
    hint: "The file was written to while it was read. Wait for the export to finish and import again.",
  },
  "path-escapes": { exit: 2, hint: "A manifest may name only files in its own folder; ask who wrote it." },
  "manifest-invalid": {
    exit: 2,
    hint: "The manifest must be the provider's own JSON; fetch the delivery again.",
  },
  "manifest-incomplete": {
    exit: 2,
    hint: "Files named by the manifest are missing; copy the delivery whole.",
  },
  "manifest-ambiguous": { exit: 2, hint: "Import the folder of one of the two runs." },
  "format-unknown": {
    exit: 2,
    hint: "Run `plimsoll import --help` for the formats that are read, or name it with --format.",
  },
  "format-mixed": { exit: 2, hint: "Import the files of different formats with one command each." },
  "format-option-needed": {
    exit: 2,
    hint: "The columns alone don't tell which of two exports a file is; name it with --format.",
  },
  "delivery-overlaps": {
    exit: 2,
    hint: "Deliver each day once, in files of one kind of grouping.",
  },
  "encoding-unsupported": { exit: 2, hint: "Save the file as UTF-8." },
  "compression-broken": { exit: 2, hint: "The archive ends early or is damaged; copy it again." },
  "input-too-large": {
    exit: 2,
    hint: "Real bills stay far below this limit: check that the file is sound, or split the delivery.",
  },
  "csv-malformed": { exit: 2, hint: "Check the delimiter and the quotes of that line." },
  "column-missing": {
    exit: 2,
    hint: "Add the column, or state its value for all rows with --set Column=value.",
  },
  "column-duplicate": { exit: 2, hint: "Two columns have the same name; rename or remove one." },
  "amount-invalid": {
    exit: 2,
    hint: "Amounts are plain decimals such as -1234.5 or 1.2E-7, without separators or signs of currency.",
  },
  "amount-out-of-range": { exit: 2, hint: "Amounts hold 20 digits before and 18 after the point." },
  "amount-missing": {
    exit: 2,
    hint: "BilledCost may not be empty; unknown cost must not be booked as a charge.",
  },
  "time-invalid": { exit: 2, hint: "Times are ISO 8601 in UTC, such as 2026-07-01T00:00:00Z." },
  "time-without-zone": { exit: 2, hint: "Write the zone (a final Z), or state it with --timezone." },
  "time-skipped": {
    exit: 2,
    hint: "Check that --timezone is the zone in which the times were written; else have them exported in UTC.",
  },
  "time-missing": { exit: 2, hint: "Every charge needs its billing period and charge period." },
  "currency-invalid": { exit: 2, hint: "BillingCurrency is an ISO 4217 code such as USD." },
  "value-unknown": { exit: 2, hint: "The column holds one of a few words; correct the cell." },
  "json-invalid": { exit: 2, hint: "The column holds a JSON object; check its quotes." },
  "yaml-invalid": { exit: 2, hint: "Correct that line; indent with blanks, not tabs." },
  "kubernetes-invalid": {
    exit: 2,
    hint: "Write a dump with `kubectl get deploy,rs,sts,ds,job,cj,pod,pvc,pv,node -A -o json`.",
  },
  "kubeconfig-invalid": {
    exit: 2,
    hint: "Give a kubeconfig whose current context names a cluster and a user with a token or a client certificate.",
  },
  "cluster-refused": {
    exit: 2,
    hint: "The user of the kubeconfig needs list on these kinds: kubectl auth can-i list pods -A tells.",
  },
  "cluster-unreachable": {
    exit: 2,
    hint: "Check with kubectl get nodes that the cluster answers; or give a dump with --k8s.",
  },
  "terraform-invalid": {
    exit: 2,
    hint: "Give terraform.tfstate, or the output of `terraform show -json`.",
  },
  "workload-unknown": { exit: 2, hint: "Run `plimsoll inventory` for the workloads that there are." },
  "period-invalid": {
    exit: 2,
    hint: "The end of a period is the first moment after it, as in 2026-07-01T00:00:00Z to 2026-08-01T00:00:00Z for July. Correct the row's start or end, or export the bill again; if its times are local, check --timezone.",
  },
  "period-closed": {
    exit: 1,
    hint: "The period is closed. Import with --force to replace it; the difference is reported.",
  },
  "period-unknown": { exit: 2, hint: "Run `plimsoll periods` for the billing periods that there are." },
  "otlp-invalid": {
    exit: 2,
    hint: "Send traces and metrics as OTLP/HTTP, protobuf or JSON, with the Content-Type that says which; nothing was taken of this body.",
  },
  // Servers that are asked
  "server-unreachable": {
    exit: 2,
    hint: "Check the address, and that this machine may reach it.",
  },
  "server-refused": { exit: 2, hint: "Check the token, or the user and the password." },
  "query-failed": { exit: 2, hint: "Check the selector that was given; the server's own words are above." },
  "answer-invalid": {
    exit: 2,
    hint: "The address must be that of a Prometheus API, such as http://prometheus:9090.",
  },
  "series-missing": {
    exit: 2,
    hint: "It must scrape kube-state-metrics and the kubelets' cAdvisor; check the window and --selector.",
  },
  "cost-unknown": {
    exit: 2,
    hint: "State what nodes cost: --node-price or --prices, or see `plimsoll prices` for what is known.",
  },
  "price-file-invalid": { exit: 2, hint: "Correct the file at the places that are named." },
  "baseline-unknown": { exit: 2, hint: "plimsoll baseline list names those that there are." },
  "baseline-empty": { exit: 2, hint: "Freeze a time that the lake has something of." },
  "usage-overlaps": {
    exit: 2,
    hint: "Ask the provider for one width and one grouping, and bring each day in by these alone.",
  },
  "calls-invalid": {
    exit: 2,
    hint: "docs/calls-in.md says how calls are written; nothing was taken.",
  },
  "signals-invalid": { exit: 2, hint: "Correct the rows named; nothing was changed." },
  "outcomes-invalid": {
    exit: 2,
    hint: "docs/outcomes.md says how outcomes are written; nothing was taken.",
  },
  // The server
  "content-type-unsupported": { exit: 2, hint: "Send one of the content types that docs/server.md lists." },
  "request-broken": { exit: 2, hint: "Send it again; a proxy may have cut it off." },
  "route-unknown": { exit: 2, hint: "docs/server.md lists what there is." },
  "signal-not-taken": { exit: 2, hint: "Send traces to /v1/traces and metrics to /v1/metrics." },
  "server-busy": { exit: 3, hint: "Send it again after the seconds of Retry-After." },
  "token-wrong": {
    exit: 2,
    hint: "Send Authorization: Bearer with the token that the server was started with.",
  },
  "token-needed": {
    exit: 2,
    hint: "Set PLIMSOLL_INGEST_TOKEN to a long random text and give it to those who send, or listen on 127.0.0.1.",
  },
  "port-taken": { exit: 2, hint: "Stop the other process, or choose another port with --port." },
  // The lake
  "lake-busy": { exit: 3, hint: "Nothing was changed; run the command again when the other one is done." },
  "lake-corrupt": {
    exit: 3,
    hint: "A file that the lake names is missing or damaged. `plimsoll doctor` names it; import all files of its billing period again with --mode overwrite --force.",
  },
  "lake-layout": {
    exit: 2,
    hint: "Import the bills again into a new folder: plimsoll import … --data <new folder>.",
  },
  "lake-empty": { exit: 2, hint: "Import a bill first: plimsoll import <file>…, or try plimsoll demo." },
  "disk-full": { exit: 2, hint: "Free some space and run the import again; nothing was changed." },
  "memory-full": { exit: 3, hint: "Import fewer files at a time; nothing was changed." },
  "data-unwritable": {
    exit: 2,
    hint: "Give with --data a folder that this user may write to; nothing was changed.",
  },
  "totals-differ": {
    exit: 3,
    hint: "What was written is not what was read. Nothing was changed; please report this with the file's first lines.",
  },
  // Events on their way into the lake
  "event-invalid": {
    exit: 2,
    hint: "Correct that value where it is made; nothing of this delivery was taken.",
  },
  "journal-busy": {
    exit: 3,
    hint: "One process receives events into a data folder. Send them to it, or end it first.",
  },
  "journal-full": {
    exit: 3,
    hint: "Send it again later. What waits becomes part of the lake by plimsoll calls compact.",
  },
  "journal-damaged": {
    exit: 3,
    hint: "The disk changed what was written. Keep the file for what can be saved of it, and move it out of the journal to go on.",
  },
  // What people decide
  "record-invalid": {
    exit: 2,
    hint: "Names and reasons are plain text of limited length, and a month is written as 2026-07.",
  },
  "statement-open": { exit: 2, hint: "Close the month's billing periods first: plimsoll periods close." },
  "statement-closed": {
    exit: 1,
    hint: "A closed statement is never changed. Book the correction in the next month's statement.",
  },
  "state-empty": {
    exit: 2,
    hint: "Nothing has been decided there yet. Check --data, or the URL in --state or PLIMSOLL_STATE_URL.",
  },
  "state-not-empty": {
    exit: 2,
    hint: "A backup is restored into a store that holds nothing: give another --data, or another database.",
  },
  "state-url-invalid": {
    exit: 2,
    hint: "Write postgresql://user:password@host:5432/database, with %40 for an @ in the password.",
  },
  "state-unreachable": {
    exit: 3,
    hint: "Check that the PostgreSQL server runs, and the name, the password and the rights in its URL.",
  },
  "state-busy": { exit: 3, hint: "Nothing was changed; run the command again when the other one is done." },
  "state-newer": {
    exit: 2,
    hint: "A newer Plimsoll made it. Install that version or a later one; nothing was changed.",
  },
  "state-corrupt": {
    exit: 3,
    hint: "Keep the file as it is, and restore the newest backup into another folder: plimsoll state restore.",
  },
  "audit-broken": {
    exit: 1,
    hint: "Somebody or something changed the store beside Plimsoll. Compare it with a backup from before.",
  },
  "backup-invalid": {
    exit: 2,
    hint: "The file is no whole backup of Plimsoll's state; take another copy. Nothing was restored.",
  },
  "file-exists": { exit: 2, hint: "Give a name that is not taken." },
  "selection-empty": { exit: 2, hint: "Ask for another period, or with fewer filters; nothing was written." },
  // Questions
  "column-unknown": {
    exit: 2,
    hint: "Run `plimsoll report --columns` for every name that can be asked for.",
  },
  "measure-unknown": { exit: 2, hint: "Run `plimsoll report --columns` for the measures." },
  "report-unknown": { exit: 2, hint: "Run `plimsoll report --list` for the named reports." },
  "filter-invalid": {
    exit: 2,
    hint: "A filter is Column=value, Column!=value, Column~part, Column=a|b, Column? or !Column?.",
  },
  "window-invalid": {
    exit: 2,
    hint: "Give --from and --to as dates, such as 2026-07-01; --to is not included.",
  },
  "config-invalid": {
    exit: 2,
    hint: "docs/attribution.md and docs/statements.md describe every key; nothing was changed.",
  },
  "option-invalid": { exit: 2, hint: "Run the command with --help." },
  "currencies-mixed": {
    exit: 2,
    hint: "Amounts of different currencies are never added; group by or filter BillingCurrency.",
  },
  "not-supported": { exit: 2, hint: "This engine can't answer that question." },
  // Prices
  "sku-unknown": {
    exit: 2,
    hint: "Run `plimsoll prices --provider aws --region us-east-1` for what has a price there.",
  },
  "model-unknown": {
    exit: 2,
    hint: "Run `plimsoll prices models --provider <name>` for what a provider lists; give a deployment's model in prices/deployments.csv of the data folder.",
  },
  "prices-unreachable": {
    exit: 3,
    hint: "Nothing was changed: the prices in force stay. Try again later, or refresh from a file.",
  },
  "prices-implausible": {
    exit: 1,
    hint: "Nothing was changed. Look at what was offered; --accept takes it as it is.",
  },
  // Arithmetic
  "not-positive": { exit: 2, hint: "Give a number above zero." },
  "not-a-number": { exit: 2, hint: "Give a plain decimal." },
  internal: { exit: 3, hint: "This is a fault of Plimsoll. Please report it with the text above." },
} as const satisfies Record<string, { exit: 1 | 2 | 3; hint: string }>;

/** A code that scripts may rely on: added to, never renamed. */
export type ProblemCode = keyof typeof problemCodes;
