import type { Command } from "commander";

type DataOption = readonly [flags: string, what: string, value: string];

/** The command that lists AI workloads, and keeps what a person decides of them. */
export function defineInventory(program: Command, dataOption: DataOption): void {
  program
    .command("inventory")
    .description(
      "list the AI workloads that bills, clusters and Terraform know of, with type, owner and cost",
    )
    .argument("[action]", "show explains one workload, decide says what it is; without them all are listed")
    .argument("[workload]", "its id, or its name where that is one workload's alone")
    .option(...dataOption)
    .option(
      "--k8s <paths...>",
      "dumps of kubectl get -A -o json, YAML manifests, or a folder of them: a cluster each",
    )
    .option("--kubeconfig <file>", "ask the cluster of its current context; only lists are read")
    .option("--terraform <files...>", "terraform.tfstate, or the output of terraform show -json")
    .option("--type <type>", "only workloads of this type, such as training or unknown")
    .option("--team <team>", "only workloads of this team")
    .option("--from <date>", "first day of the charges, midnight in UTC")
    .option("--to <date>", "end, not included")
    .option("--period <period>", "2026-07, last-month, … instead of --from and --to (default: all)")
    .option("--top <n>", "resources to look at singly per currency, those that cost most (default: 20000)")
    .option("--set <field=value...>", "with decide: type=training, team=search, …; field= takes it back")
    .option("--reason <text>", "with decide: why, for those who read it later")
    .option("--actor <name>", "who decides, for the audit (default: PLIMSOLL_ACTOR, else your login)")
    .option("--state <url>", "PostgreSQL database that holds the decisions; better in PLIMSOLL_STATE_URL")
    .option("--json", "one JSON object with all evidence; amounts are exact decimal strings")
    .option("--csv", "CSV, a row for each workload and currency")
    .option("--explain", "show where it was looked, and the SQL")
    .addHelpText(
      "after",
      `
Examples:
  plimsoll inventory --period last-month
  plimsoll inventory --k8s cluster.json --terraform terraform.tfstate
  plimsoll inventory --kubeconfig ~/.kube/config --type unknown
  plimsoll inventory show vision-train --k8s clusters/
  plimsoll inventory decide assistant-classify --set type=batch-inference --set team=assistant --reason "runs nightly"
  kubectl get deploy,rs,sts,ds,job,cj,pod,pvc,pv,node -A -o json > cluster.json

The type is declared by a tag or label, decided by a person, or inferred; show tells from what. Nothing is written but what you decide.`,
    )
    .action(
      async (action: string | undefined, workload: string | undefined, options: Record<string, unknown>) => {
        const { inventoryCommand } = await import("./commands/inventory-command.ts");
        await inventoryCommand(action, workload, options);
      },
    );
}
