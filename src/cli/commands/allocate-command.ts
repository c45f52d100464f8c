import { allocateCosts } from "#flows/allocate/allocate-costs.ts";
import { type AllocateAnswer } from "#flows/allocate/allocation-answer.ts";
import { type AllocateRequest } from "#flows/allocate/allocate-request.ts";
import { type AllocateWords, allocateRequest } from "#flows/allocate/allocate-request.ts";
import { type Kept, keepAllocation, keepBuckets } from "#flows/allocate/keep-allocation.ts";
import { Problem } from "#units/problems.ts";
import { allocationJson, allocationText } from "#cli/allocation-text.ts";
import { csv } from "#cli/csv.ts";
import { progressLine } from "#cli/progress-line.ts";
import { secretOf } from "#cli/secret-of.ts";
import { keptText } from "#cli/kept-text.ts";
import { choice, nameList, optionalText, textList } from "#cli/options.ts";

/** `plimsoll allocate`: what the workloads of a cluster cost, from recorded series. */
export async function allocateCommand(options: Record<string, unknown>): Promise<void> {
  const is = (option: string): boolean => options[option] === true;
  if (is("json") && is("csv")) throw new Problem("option-invalid", "Give --json or --csv, not both.");
  const answer: AllocateAnswer & { readonly kept?: Kept } = is("keep")
    ? await kept(options)
    : await allocateCosts(await requestOf(options));
  const text = is("json")
    ? `${JSON.stringify(allocationJson(answer, is("explain")), null, 2)}\n`
    : is("csv")
      ? csv(
          answer.table.columns.map(({ name }) => name),
          answer.table.rows,
        )
      : allocationText(answer, is("explain"));
  process.stdout.write(text);
  // A table of CSV stays one; who pipes it sees what was kept on standard error.
  if (answer.kept !== undefined && !is("json"))
    (is("csv") ? process.stderr : process.stdout).write(`${is("csv") ? "" : "\n"}${keptText(answer.kept)}`);
}

/** Keeps whole days; how far it is stands on standard error, where somebody looks. */
async function kept(options: Record<string, unknown>): Promise<AllocateAnswer & { readonly kept: Kept }> {
  const { bucket = "day" } = options;
  const source = optionalText(options["source"]);
  const request = await requestOf(options);
  const line = progressLine(process.stderr);
  return keepAllocation(
    request,
    {
      data: String(options["data"]),
      bucket: choice("--bucket", bucket, keepBuckets),
      now: Date.now(),
      ...(source === undefined ? {} : { source }),
    },
    ({ step, done, total, unit }) => line.show(step, done, total, unit),
  ).finally(() => line.end());
}

async function requestOf(options: Record<string, unknown>): Promise<AllocateRequest> {
  const lonely = ["bucket", "source"].find((name) => options[name] !== undefined && options["keep"] !== true);
  if (lonely !== undefined)
    throw new Problem("option-invalid", `--${lonely} says how an allocation is kept; it goes with --keep.`);
  const words = await wordsOf(options);
  const { from, to, period } = words;
  const nothing = from === undefined && to === undefined && period === undefined;
  // What is kept are whole days, and the last 24 hours are none.
  return allocateRequest(options["keep"] === true && nothing ? { ...words, period: "yesterday" } : words);
}

async function wordsOf(options: Record<string, unknown>): Promise<AllocateWords> {
  const text = (option: string): string | undefined => optionalText(options[option]);
  return {
    data: String(options["data"]),
    now: Date.now(),
    prometheus: text("prometheus"),
    bearerToken: await secretOf(text("bearerTokenFile")),
    basic: await secretOf(text("basicAuthFile")),
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
