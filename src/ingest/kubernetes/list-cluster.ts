import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "#units/problems.ts";
import { type ApiAnswer, getFrom } from "./api-request.ts";
import { at, isFields, listAt, textAt } from "./fields.ts";
import { type ReadKind, readKinds } from "./kinds.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { type FoundObjects, MAX_OBJECTS, objectsOf } from "./objects-of.ts";

/** Objects of a cluster that runs, and what could not be had. */
export interface ListedCluster extends FoundObjects {
  readonly cluster: string;
  readonly notes: readonly string[];
}

/** Objects to a page: what kubectl asks for. */
export const PAGE = 500;
/** A list is begun anew when its place is lost; a cluster that loses it more often is asked in vain. */
const MAX_RESTARTS = 3;
const MAX_RETRIES = 5;
const LONGEST_WAIT_SECONDS = 10;

/**
 * Lists every kind that is read, page by page. Kinds that the cluster does not have are passed over; those that the user may not list
 * are noted. Only lists are asked for: nothing is changed, and neither secrets nor config maps are read.
 * @param sleep waits some seconds before a busy server is asked again
 * @throws Problem "cluster-unreachable", "cluster-refused" if no kind may be listed, "input-too-large"
 */
export async function listCluster(access: ClusterAccess, sleep = sleepSeconds): Promise<ListedCluster> {
  const values: unknown[] = [];
  const notes: string[] = [];
  let listed = 0;
  let count = 0;
  for (const kind of readKinds) {
    const found = await listKind(access, kind, sleep);
    if (found === "absent") continue;
    if (found === "forbidden") {
      notes.push(`The user may not list ${kind.plural}, so none were seen.`);
      continue;
    }
    listed++;
    count += found.length;
    if (count > MAX_OBJECTS)
      throw new Problem(
        "input-too-large",
        `The cluster ${access.cluster} has more than ${MAX_OBJECTS} objects.`,
      );
    for (const { value, apiVersion } of found) values.push({ apiVersion, kind: kind.kind, ...value });
  }
  if (listed === 0)
    throw new Problem(
      "cluster-refused",
      `The user of the kubeconfig may list nothing that is read in the cluster ${access.cluster}.`,
    );
  return { cluster: access.cluster, notes, ...objectsOf(values, access.cluster) };
}

const sleepSeconds = async (seconds: number): Promise<void> => {
  await wait(seconds * 1000);
};

type Item = { readonly value: Readonly<Record<string, unknown>>; readonly apiVersion: string };

/** A kind's objects by the first of its API versions that the cluster serves. */
async function listKind(
  access: ClusterAccess,
  { apis, plural }: ReadKind,
  sleep: (seconds: number) => Promise<void>,
): Promise<Item[] | "absent" | "forbidden"> {
  for (const api of apis) {
    const found = await listPages(access, `${api}/${plural}`, sleep);
    if (found === "absent") continue;
    if (found === "forbidden") return found;
    return found.map((value) => ({ value, apiVersion: api.replace(/^\/apis?\//, "") }));
  }
  return "absent";
}

/**
 * All pages of a list. When the place in it has expired (410 Gone) the list is begun anew: pages of before and after would not be of
 * one moment.
 * @see Kubernetes API concepts, "Retrieving large results sets in chunks"
 */
async function listPages(
  access: ClusterAccess,
  path: string,
  sleep: (seconds: number) => Promise<void>,
): Promise<Readonly<Record<string, unknown>>[] | "absent" | "forbidden"> {
  let items: Readonly<Record<string, unknown>>[] = [];
  let next: string | undefined;
  for (let restarts = 0; ;) {
    const query = next === undefined ? "" : `&continue=${encodeURIComponent(next)}`;
    const answer = await patiently(() => getFrom(access, `${path}?limit=${PAGE}${query}`), sleep);
    if (answer.status === 404) return "absent";
    if (answer.status === 403) return "forbidden";
    if (answer.status === 410 && restarts < MAX_RESTARTS) {
      restarts++;
      items = [];
      next = undefined;
      continue;
    }
    if (answer.status !== 200 || !isFields(answer.body)) throw refused(access, path, answer);
    for (const item of listAt(answer.body, "items")) if (isFields(item)) items.push(item);
    const before = next;
    next = textAt(answer.body, "metadata", "continue");
    if (next === undefined) return items;
    if (next === before || items.length > MAX_OBJECTS) throw endless(access, path);
  }
}

/** A busy server says how long to wait; it is asked again a few times. */
async function patiently(
  ask: () => Promise<ApiAnswer>,
  sleep: (seconds: number) => Promise<void>,
): Promise<ApiAnswer> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if ((answer.status !== 429 && answer.status !== 503) || tries >= MAX_RETRIES) return answer;
    await sleep(Math.min(LONGEST_WAIT_SECONDS, answer.retryAfter ?? 1));
  }
}

function refused({ cluster, server }: ClusterAccess, path: string, { status, body }: ApiAnswer): Problem {
  const said = textAt(body, "message") ?? textAt(at(body, "status"), "message") ?? "";
  const what = `${server.origin} answered ${status} to ${path}${said === "" ? "" : `: ${said}`}.`;
  if (status !== 401) return new Problem("cluster-unreachable", what);
  return new Problem("cluster-refused", `${what} The cluster ${cluster} does not know the user.`, {
    hint: "The token or certificate of the kubeconfig has expired or is of another cluster.",
  });
}

const endless = ({ server }: ClusterAccess, path: string): Problem =>
  new Problem("cluster-unreachable", `${server.origin} gives pages of ${path} without end.`);
