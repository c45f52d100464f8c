import type { Command } from "commander";
import { attributionKeyNames } from "#facts/attribution-keys.ts";
import { type Role, roles } from "#facts/role.ts";
import type { Window } from "#units/window.ts";
import { suggestedRules } from "#flows/attribution/suggest-rules.ts";
import { suggestionsJson, suggestionsText } from "#cli/suggestions-text.ts";
import { exactQuestion } from "#flows/report/exact-question.ts";
import { loadRules } from "#flows/attribution/load-rules.ts";
import { previewRules } from "#flows/attribution/preview-rules.ts";
import { publishAudited } from "#flows/attribution/publish-audited.ts";
import { rulesInForce } from "#flows/attribution/rules-in-force.ts";
import { previewText, publishedText } from "#cli/attribution-text.ts";
import { previewJson } from "#cli/attribution-json.ts";
import { actor, stateUrl } from "#cli/environment.ts";
import { configurationFile } from "#cli/configuration-file.ts";
import { refuseUnused } from "#cli/options-of.ts";
import { choice, optionalText, positiveInteger } from "#cli/options.ts";
import { progressLine } from "#cli/progress-line.ts";

const actions = ["preview", "publish", "suggest", "show"] as const;

const charges = ["from", "to", "period", "role", "key", "limit"];
const taken: Readonly<Record<(typeof actions)[number], readonly string[]>> = {
  preview: ["data", "config", "json", ...charges],
  publish: ["data", "config", "json", "note", "actor", "state"],
  suggest: ["data", "json", ...charges],
  show: ["data", "json"],
};

/** `plimsoll attribution`: what rules would change, putting them in force, and what is in force. */
export async function attributionCommand(named: string, command: Command): Promise<void> {
  const action = choice("attribution", named, actions);
  refuseUnused(command, action, taken[action]);
  const options = command.opts();
  const data = String(options["data"]);
  const json = options["json"] === true;
  switch (action) {
    case "preview":
      return preview(data, options, json);
    case "publish":
      return publish(data, configurationFile(data, options["config"]) ?? "plimsoll.yaml", options, json);
    case "suggest":
      return suggest(data, options, json);
    case "show":
      return print(await rulesInForce(data));
  }
}

async function preview(data: string, options: Record<string, unknown>, json: boolean): Promise<void> {
  const key = choice("key", options["key"], attributionKeyNames);
  const attribution = await loadRules(configurationFile(data, options["config"]) ?? "plimsoll.yaml");
  const judged = await judgedOf(data, options);
  const limit = positiveInteger("limit", optionalText(options["limit"]) ?? "20");
  const changes = await previewRules(data, attribution, { ...judged, key, limit });
  if (json) print(previewJson(changes));
  else process.stdout.write(previewText(changes, key));
}

async function suggest(data: string, options: Record<string, unknown>, json: boolean): Promise<void> {
  const key = choice("key", options["key"], attributionKeyNames);
  const most = positiveInteger("limit", optionalText(options["limit"]) ?? "10");
  const suggestions = await suggestedRules(data, { ...(await judgedOf(data, options)), key, most });
  if (json) print(suggestionsJson(suggestions));
  else process.stdout.write(suggestionsText(suggestions));
}

/** The charges that are looked at: all of the lake's, unless a period is named. */
async function judgedOf(
  data: string,
  options: Record<string, unknown>,
): Promise<{ window: Window; role: Role }> {
  const [from, to, period] = [options["from"], options["to"], options["period"]].map(optionalText);
  const { question } = await exactQuestion(data, {
    now: Date.now(),
    role: choice("role", options["role"], roles),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(period === undefined ? {} : { period }),
  });
  return { window: question.window, role: question.role };
}

async function publish(
  data: string,
  config: string,
  options: Record<string, unknown>,
  json: boolean,
): Promise<void> {
  const attribution = await loadRules(config);
  const note = optionalText(options["note"]);
  const by = {
    actor: optionalText(options["actor"]) ?? actor(),
    at: Date.now(),
    ...(note === undefined ? {} : { note }),
  };
  const line = progressLine(process.stderr);
  const started = performance.now();
  const published = await publishAudited(
    { data, url: optionalText(options["state"]) ?? stateUrl() },
    attribution,
    by,
    (done, total) => line.show("attributing", done, total, "steps"),
    (waited, seconds) => line.show("waiting", waited, seconds, "seconds"),
  ).finally(() => line.end());
  if (!json) {
    process.stdout.write(publishedText(published));
    return;
  }
  const names = (periods: typeof published.closed): object[] =>
    periods.map(({ source, billingPeriod }) => ({ source, billingPeriod }));
  print({
    changed: published.changed,
    rules: published.rules,
    version: published.version,
    backfilled: names(published.backfilled),
    closed: names(published.closed),
    seconds: Math.round(performance.now() - started) / 1000,
  });
}

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};
