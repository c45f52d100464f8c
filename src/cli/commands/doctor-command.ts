import { examineLake, type LakeHealth } from "#flows/doctor/examine-lake.ts";
import { stateUrl } from "#cli/environment.ts";
import { optionalText } from "#cli/options.ts";
import { healthText } from "#cli/health-text.ts";
import { problemCodes } from "#units/problem-codes.ts";

/** `plimsoll doctor`: the health of what was imported. Exit code 0 healthy, 1 unbalanced, 3 damaged. */
export async function doctorCommand(options: Record<string, unknown>): Promise<void> {
  const source = optionalText(options["source"]);
  const state = optionalText(options["state"]) ?? stateUrl();
  const health = await examineLake(String(options["data"]), {
    now: Date.now(),
    ...(state === undefined ? {} : { state }),
    ...(source === undefined ? {} : { source }),
  });
  process.stdout.write(
    options["json"] === true
      ? `${JSON.stringify(health, null, 2)}\n`
      : healthText(health, options["findings"] === true),
  );
  process.exitCode = exitCodes[health.verdict];
}

const exitCodes: Readonly<Record<LakeHealth["verdict"], number>> = {
  healthy: 0,
  unbalanced: 1,
  damaged: problemCodes["lake-corrupt"].exit,
};
