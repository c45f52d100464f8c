import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

/**
 * Installs the servers that tests talk to, by Debian's package manager, where they are missing and we may: as root, or through sudo
 * that asks for no password. Their services are not started. Where it can't be done, the tests that need a server say so.
 */

const DEBIAN = "/usr/lib/postgresql";
const onPath = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Debian's package, and whether what tests need of it is here. */
const packages = [
  {
    name: "postgresql",
    here: () =>
      onPath("initdb") ||
      (existsSync(DEBIAN) &&
        readdirSync(DEBIAN).some((major) => existsSync(`${DEBIAN}/${major}/bin/initdb`))),
  },
  { name: "prometheus", here: () => onPath("prometheus") && onPath("promtool") },
];

// A fresh machine has no list of packages yet, and an old list names what is gone: then the list is fetched, and tried once more.
// What asks this policy before starting a service is told no (101); the file is ours only if it was not there.
const script = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
get() { apt-get -qq -o DPkg::Lock::Timeout=120 "$@"; }
get install -y --no-install-recommends "$@" || { get update && get install -y --no-install-recommends "$@"; }
`;

/** What runs a command as root; undefined where nothing does without asking. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"]).status === 0 ? ["sudo", "-n"] : undefined;
}

const missing = packages.filter(({ here }) => !here()).map(({ name }) => name);
if (missing.length > 0) {
  const root = asRoot();
  if (root === undefined || !onPath("apt-get")) {
    console.warn(`Not installed, and not to be installed from here: ${missing.join(", ")}.`);
  } else {
    console.log(`Installing for tests: ${missing.join(", ")}`);
    const [command, ...args] = [...root, "sh", "-c", script, "install", ...missing];
    try {
      execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"], timeout: 600_000 });
    } catch (cause) {
      console.warn(`Could not install ${missing.join(", ")}: ${cause.message.split("\n")[0]}`);
    }
  }
}
