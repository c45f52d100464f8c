import { readFile } from "node:fs/promises";
import path from "node:path";
import { Problem } from "#units/problems.ts";
import { readTextFile } from "#ingest/text-file.ts";
import { at, isFields, listAt, textAt } from "./fields.ts";
import { yamlValues } from "./read-dump.ts";

/** How to reach a cluster, and as whom. */
export interface ClusterAccess {
  readonly cluster: string;
  readonly server: URL;
  /** PEM of the authority that signed the server's certificate; the system's own ones if absent. */
  readonly ca?: string;
  /** The name that the server's certificate must bear, where it differs from the address. */
  readonly serverName?: string;
  readonly token?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
}

const MAX_BYTES = 2 ** 20;

/**
 * The cluster and user of a kubeconfig's current context. Programs that fetch credentials (`exec`, `auth-provider`) are never run, and
 * a server whose certificate is not to be checked is refused: the token would go to whoever answers.
 * @throws Problem "kubeconfig-invalid", and those of reading a file
 */
export async function readKubeconfig(file: string): Promise<ClusterAccess> {
  const { text } = await readTextFile(file, MAX_BYTES);
  const [config] = yamlValues(text, file);
  const invalid = (what: string, hint?: string): Problem =>
    new Problem("kubeconfig-invalid", `${file}: ${what}.`, {
      at: { file },
      ...(hint === undefined ? {} : { hint }),
    });
  const current = textAt(config, "current-context");
  if (current === undefined)
    throw invalid("it names no current context", "Set one: kubectl config use-context <name>");
  const context = named(config, "contexts", current, "context");
  if (context === undefined) throw invalid(`it has no context ${current}`);
  const name = textAt(context, "cluster") ?? "";
  const cluster = named(config, "clusters", name, "cluster");
  if (cluster === undefined) throw invalid(`it has no cluster ${name}`);
  const user = named(config, "users", textAt(context, "user") ?? "", "user");
  if (user === undefined) throw invalid(`it has no user ${textAt(context, "user") ?? ""}`);
  refuseUser(user, invalid);
  if (at(cluster, "insecure-skip-tls-verify") === true)
    throw invalid(
      "it asks not to check the server's certificate",
      "Put the cluster's certificate-authority-data in its place.",
    );
  if (textAt(cluster, "proxy-url") !== undefined)
    throw invalid("it asks for a proxy", "Give a dump with --k8s, or a kubeconfig without proxy-url.");
  const folder = path.dirname(path.resolve(file));
  const ca = await inline(cluster, "certificate-authority", folder, invalid);
  const serverName = textAt(cluster, "tls-server-name");
  return {
    cluster: name,
    server: serverOf(textAt(cluster, "server") ?? "", invalid),
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(await credentials(user, folder, invalid)),
  };
}

type Invalid = (what: string, hint?: string) => Problem;

function named(config: unknown, list: string, name: string, part: string): unknown {
  const entry = listAt(config, list).find((each) => textAt(each, "name") === name);
  const found = at(entry, part);
  return isFields(found) ? found : undefined;
}

function refuseUser(user: unknown, invalid: Invalid): void {
  if (at(user, "exec") !== undefined || at(user, "auth-provider") !== undefined)
    throw invalid(
      "its user is fetched by a program, which is not run here",
      "Make a token with kubectl create token <service account> --duration 1h and put it into a kubeconfig of its own, or give a dump with --k8s.",
    );
  if (textAt(user, "username") !== undefined)
    throw invalid("its user has a password, which clusters no longer take", "Use a token or a certificate.");
}

/** Plain HTTP is for a proxy on the own machine (kubectl proxy) only: a token must not travel in the clear. */
function serverOf(text: string, invalid: Invalid): URL {
  if (!URL.canParse(text)) throw invalid(`its server "${text}" is no address`);
  const server = new URL(text);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(server.hostname);
  if (server.protocol === "https:" || (server.protocol === "http:" && isLocal)) return server;
  throw invalid(`its server ${server.origin} does not speak HTTPS`);
}

async function credentials(
  user: unknown,
  folder: string,
  invalid: Invalid,
): Promise<Pick<ClusterAccess, "token" | "certificate">> {
  const file = textAt(user, "tokenFile");
  const token =
    textAt(user, "token") ?? (file === undefined ? undefined : await fileAt(folder, file, invalid));
  const cert = await inline(user, "client-certificate", folder, invalid);
  const key = await inline(user, "client-key", folder, invalid);
  if ((cert === undefined) !== (key === undefined))
    throw invalid("its user has a client certificate or a client key, but not both");
  return {
    ...(token === undefined ? {} : { token: token.trim() }),
    ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
  };
}

/** PEM text from `<name>-data` (base64) or the file that `<name>` names, beneath the kubeconfig's folder if it is relative. */
async function inline(
  from: unknown,
  name: string,
  folder: string,
  invalid: Invalid,
): Promise<string | undefined> {
  const data = textAt(from, `${name}-data`);
  if (data !== undefined) {
    const text = Buffer.from(data, "base64").toString("latin1");
    if (!text.includes("-----BEGIN ")) throw invalid(`its ${name}-data is no base64 of a PEM text`);
    return text;
  }
  const file = textAt(from, name);
  return file === undefined ? undefined : fileAt(folder, file, invalid);
}

async function fileAt(folder: string, file: string, invalid: Invalid): Promise<string> {
  return readFile(path.resolve(folder, file), "utf8").catch(() => {
    throw invalid(`the file ${file} that it names can't be read`);
  });
}
