import { existsSync } from "node:fs";
import { constants, copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { generate } from "#sample/generate.ts";
import { liveSpans, liveTasks, tasksOf } from "#sample/live-spans.ts";
import { importDelivery } from "#flows/import/import-delivery.ts";
import { type LakeSummary, summarizeLake } from "#flows/summarize-lake.ts";
import { Problem } from "#units/problems.ts";
import { bold, dim } from "#cli/colors.ts";
import { count } from "#cli/format.ts";
import { optionalText, positiveInteger } from "#cli/options.ts";
import { progressLine } from "#cli/progress-line.ts";
import { fillActivity } from "#cli/demo-activity.ts";
import { runLive } from "#cli/demo-live.ts";
import { summaryText } from "#cli/summary-text.ts";

const deliveriesSchema = z.array(
  z.object({
    step: z.number(),
    source: z.string(),
    role: z.literal("invoice"),
    paths: z.array(z.string()),
    note: z.string(),
  }),
);

/** `plimsoll demo`: the sample company in an empty lake, or what is in the lake already. */
export async function demoCommand(options: Record<string, unknown>): Promise<void> {
  const data = String(options["data"]);
  const out = path.join(data, "sample-company");
  const finished = path.join(out, "imported");
  const there = await summaryIfAny(data);
  // An import that is repeated changes nothing, so that a demo that was cut short may start over.
  if (there === undefined || (existsSync(out) && !existsSync(finished))) {
    await fill(data, out, options);
    // Where every command looks for it; one that is there is somebody's own.
    await copyFile(
      path.join(out, "plimsoll.yaml"),
      path.join(data, "plimsoll.yaml"),
      constants.COPYFILE_EXCL,
    ).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EEXIST") throw cause;
    });
    await writeFile(finished, "All deliveries were imported; plimsoll demo will not do it again.\n");
    const seconds = optionalText(options["live"]) ?? "5";
    if (seconds !== "0")
      await runLive(data, positiveInteger("--live", seconds), { liveSpans, liveTasks, tasksOf });
  } else {
    const what = existsSync(finished) ? "the sample company; it is made up" : "no sample company";
    process.stdout.write(`${data} holds data already (${what}); nothing was changed.\n\n`);
  }
  process.stdout.write(`${summaryText(await summarizeLake(data))}\n`);
  process.stdout.write(nextSteps(data));
}

async function summaryIfAny(data: string): Promise<LakeSummary | undefined> {
  try {
    return await summarizeLake(data);
  } catch (cause) {
    if (cause instanceof Problem && cause.code === "lake-empty") return undefined;
    throw cause;
  }
}

async function fill(data: string, out: string, options: Record<string, unknown>): Promise<void> {
  const days = optionalText(options["days"]);
  const seed = optionalText(options["seed"]);
  const line = progressLine(process.stderr);
  process.stdout.write(
    `${bold("Simulated: the bills of Halyard, a company that is made up.")} ${dim(`Files and the truth about them: ${out}`)}\n`,
  );
  const { rows } = await generate({
    out,
    activity: true,
    ...(days === undefined ? {} : { days: positiveInteger("--days", days) }),
    ...(seed === undefined ? {} : { seed: positiveInteger("--seed", seed) }),
    onProgress: (written) => line.show("making", written, 0, "rows"),
  }).finally(() => line.end());
  process.stdout.write(`Wrote ${count(rows)} lines of bills. Importing them as they arrived:\n`);
  const deliveries = deliveriesSchema.parse(
    JSON.parse(await readFile(path.join(out, "deliveries.json"), "utf8")),
  );
  for (const { source, role, paths, note } of deliveries) {
    const result = await importDelivery(
      {
        data,
        inputs: paths.map((each) => path.join(out, each)),
        source,
        role,
        values: {},
        force: false,
        now: Date.now(),
      },
      ({ step, done, total, unit }) => line.show(step, done, total, unit),
    ).finally(() => line.end());
    const charges = result.record.periods.reduce((sum, period) => sum + period.rows, 0);
    const what = result.changed ? `${count(charges)} charges` : "nothing new";
    process.stdout.write(`  ${source.padEnd(10)} ${what.padStart(16)}   ${dim(note)}\n`);
  }
  await fillActivity(data, out);
  process.stdout.write("\n");
}

function nextSteps(data: string): string {
  const where = data === "plimsoll-data" ? "" : ` --data ${data}`;
  const steps: readonly (readonly [command: string, what: string])[] = [
    [`report cost --by Team --granularity month${where}`, "who spends, month by month"],
    [`attribution preview${where}`, "who owns what carries no tag, before you publish it"],
    [`report service-costs-month-over-month${where}`, "what moved"],
    [
      `bridge 2026-07-14 --of calls --where workload=assistant-agents${where}`,
      "why a deploy made calls dearer",
    ],
    [`unit-cost 2026-07-14 --id task${where}`, "what a task cost then; 2026-07-13 is the day before"],
    [`models 2026-07-13 --against gpt-4o-mini@openai${where}`, "a token on their own GPUs beside an API"],
    [`kpis 2026-07-14${where}`, "cost beside tokens, latency, queue and GPUs"],
    [`report --list`, "every named report"],
    [`doctor${where}`, "do the books balance?"],
  ];
  const widest = Math.max(...steps.map(([command]) => command.length)) + 2;
  const lines = steps.map(([command, what]) => `  npx plimsoll ${command.padEnd(widest)} ${dim(what)}`);
  return `${bold("Next")}\n${lines.join("\n")}\n`;
}
