import { readFile } from "node:fs/promises";
import { allocateCosts } from "#flows/allocate/allocate-costs.ts";
import { type AllocateWords, allocateRequest } from "#flows/allocate/allocate-request.ts";
import { Problem } from "#units/problems.ts";
import { allocationJson, allocationText } from "#cli/allocation-text.ts";
import { csv } from "#cli/csv.ts";
import { nameList, optionalText, textList } from "#cli/options.ts";

/** `plimsoll allocate`: what the workloads of a cluster cost, from recorded series. */
export async function allocateCommand(options: Record<string, unknown>): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const answer = await allocateCosts(await allocateRequest(await wordsOf(options)));
  const text = is("json")
    ? `${JSON.stringify(allocationJson(answer, is("explain")), null, 2)}\n`
    : is("csv")
      ? csv(
          answer.table.columns.map(({ name }) => name),
          answer.table.rows,
        )
      : allocationText(answer, is("explain"));
  process.stdout.write(text);
}

async function wordsOf(options: Record<string, unknown>): Promise<AllocateWords> {
  const text = (option: string): string | undefined => optionalText(options[option]);
  return {
    data: String(options["data"]),
    now: Date.now(),
    prometheus: text("prometheus"),
    bearerToken: await secret(text("bearerTokenFile")),
    basic: await secret(text("basicAuthFile")),
    from: text("from"),
    to: text("to"),
    period: text("period"),
    step: text("step"),
    priceFile: text("prices"),
    nodePrices: textList(options["nodePrice"]),
    by: nameList(options["by"]),
    idle: text("idle"),
    selector: text("selector"),
    cluster: text("cluster"),
    gpuIdlePercent: text("gpuIdlePercent"),
    gpuIdleMib: text("gpuIdleMib"),
  };
}

/** Secrets come from files: what stands on a command line can be seen by every user of the machine. */
async function secret(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Problem("source-unreadable", `${file} can't be read.`, { at: { file }, cause });
  });
  return text.trim();
}
