import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { answerInventory } from "#flows/inventory/answer-inventory.ts";
import { readKubeconfig } from "#ingest/kubernetes/kubeconfig.ts";
import { listCluster, PAGE } from "#ingest/kubernetes/list-cluster.ts";
import {
  type ApiServer,
  type Behaviour,
  type Certificates,
  makeCertificates,
  opensslMissing,
  startApiServer,
} from "./api-server.ts";

if (opensslMissing !== undefined) console.warn(`Skipped: ${opensslMissing}`);

const named = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({ metadata: { name: `o-${index}`, namespace: "ml" } }));

describe.skipIf(opensslMissing !== undefined)("a cluster that runs", () => {
  let tls: Certificates;
  const servers: ApiServer[] = [];
  beforeAll(() => {
    tls = makeCertificates();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    tls.remove();
  });

  const serve = async (behaviour: Behaviour): Promise<ApiServer> => {
    const server = await startApiServer(tls, behaviour);
    servers.push(server);
    return server;
  };
  let files = 0;
  const kubeconfig = (
    server: string,
    {
      user = { token: "good" },
      cluster = {},
      more = {},
    }: { user?: object; cluster?: object; more?: object } = {},
  ): string => {
    const file = tls.file(`config-${++files}`);
    const ca = { "certificate-authority-data": tls.base64("ca.crt") };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "dev",
      contexts: [{ name: "dev", context: { cluster: "gpu-cluster", user: "me" } }],
      clusters: [{ name: "gpu-cluster", cluster: { server, ...ca, ...cluster } }],
      users: [{ name: "me", user }],
      ...more,
    };
    writeFileSync(file, stringify(config));
    return file;
  };
  const waits: number[] = [];
  const list = async (file: string) =>
    listCluster(await readKubeconfig(file), (seconds) => {
      waits.push(seconds);
      return Promise.resolve();
    });
  const code = (code: string) => ({ code }) as object;

  test("is listed page by page, each object with its kind; kinds that it lacks are passed over", async () => {
    const { address, asked } = await serve({
      objects: { "/api/v1/pods": named(2 * PAGE + 1), "/apis/kubeflow.org/v1beta1/notebooks": named(1) },
    });
    const found = await list(kubeconfig(address));
    expect(found).toMatchObject({ cluster: "gpu-cluster", notes: [], passedOver: {} });
    const pods = found.objects.filter(({ kind }) => kind === "Pod");
    expect(new Set(pods.map(({ metadata }) => JSON.stringify(metadata))).size).toBe(2 * PAGE + 1);
    expect(found.objects.find(({ kind }) => kind === "Notebook")).toMatchObject({
      apiVersion: "kubeflow.org/v1beta1",
    });
    expect(asked.filter((path) => path.startsWith("/api/v1/pods"))).toEqual([
      `/api/v1/pods?limit=${PAGE}`,
      `/api/v1/pods?limit=${PAGE}&continue=NTAw`,
      `/api/v1/pods?limit=${PAGE}&continue=MTAwMA`,
    ]);
    expect(asked.filter((path) => /secrets|configmaps/.test(path))).toEqual([]);
  });

  test("whose list expires between pages is listed anew, and no object twice", async () => {
    const { address, asked } = await serve({ objects: { "/api/v1/pods": named(PAGE + 2) }, expirations: 2 });
    const { objects } = await list(kubeconfig(address));
    expect(objects).toHaveLength(PAGE + 2);
    expect(asked.filter((path) => path === `/api/v1/pods?limit=${PAGE}`)).toHaveLength(3);
  });

  test("whose lists always expire is given up", async () => {
    const { address } = await serve({ objects: { "/api/v1/pods": named(PAGE + 2) }, expirations: 100 });
    await expect(list(kubeconfig(address))).rejects.toMatchObject({
      ...code("cluster-unreachable"),
      message: expect.stringContaining("410") as string,
    });
  });

  test("that gives the same page for ever is given up", async () => {
    const { address } = await serve({ objects: { "/api/v1/pods": named(3) }, endless: true });
    await expect(list(kubeconfig(address))).rejects.toMatchObject(code("cluster-unreachable"));
  });

  test("that is busy is asked again after the time that it names", async () => {
    const { address } = await serve({ objects: { "/api/v1/nodes": named(1) }, busy: 2 });
    waits.length = 0;
    expect((await list(kubeconfig(address))).objects).toHaveLength(1);
    expect(waits).toEqual([3, 3]);
  });

  test("a kind that may not be listed is noted; if none may, that is the answer", async () => {
    const { address } = await serve({
      objects: { "/api/v1/pods": named(1), "/api/v1/nodes": named(1) },
      forbidden: ["/api/v1/nodes"],
    });
    expect(await list(kubeconfig(address))).toMatchObject({
      objects: [{ kind: "Pod" }],
      notes: ["The user may not list nodes, so none were seen."],
    });
    const none = await serve({ objects: {}, forbidden: ["/api/v1/pods"] });
    await expect(list(kubeconfig(none.address))).rejects.toMatchObject(code("cluster-refused"));
  });

  test("knows its user by a token, a token's file or a client certificate, and refuses others", async () => {
    const { address } = await serve({ objects: { "/api/v1/pods": named(1) } });
    writeFileSync(tls.file("token"), "good\n");
    const certificate = {
      "client-certificate-data": tls.base64("client.crt"),
      "client-key": "client.key",
    };
    for (const user of [{ tokenFile: "token" }, certificate])
      expect((await list(kubeconfig(address, { user }))).objects).toHaveLength(1);
    await expect(list(kubeconfig(address, { user: { token: "bad" } }))).rejects.toMatchObject(
      code("cluster-refused"),
    );
  });

  test("must show a certificate of the kubeconfig's authority", async () => {
    const { address, asked } = await serve({ objects: { "/api/v1/pods": named(1) } });
    const cluster = { "certificate-authority-data": tls.base64("other-ca.crt") };
    await expect(list(kubeconfig(address, { cluster }))).rejects.toMatchObject({
      ...code("cluster-unreachable"),
      hint: expect.stringContaining("certificate") as string,
    });
    const byName = { cluster: { "tls-server-name": "kubernetes" } };
    expect((await list(kubeconfig(address, byName))).objects).toHaveLength(1);
    const wrongName = { cluster: { "tls-server-name": "elsewhere" } };
    await expect(list(kubeconfig(address, wrongName))).rejects.toMatchObject(code("cluster-unreachable"));
    // The token went only to the server that could show the right certificate.
    expect(asked.length).toBeGreaterThan(0);
  });

  test("is an inventory by itself", async () => {
    const template = { spec: { containers: [{ image: "qdrant/qdrant:v1" }] } };
    const set = { metadata: { name: "db", namespace: "ml" }, spec: { template } };
    const { address } = await serve({ objects: { "/apis/apps/v1/statefulsets": [set] } });
    const asked = { data: tls.file("no-lake"), now: 0, kubeconfig: kubeconfig(address) };
    const { workloads, notes } = await answerInventory(asked);
    expect(workloads).toMatchObject([{ id: "gpu-cluster/ml/db", type: { value: "vector-database" } }]);
    expect(notes).toEqual(["No bill was imported, so no cost is known."]);
  });

  test("that does not answer", async () => {
    const server = await startApiServer(tls, { objects: {} });
    await server.close();
    await expect(list(kubeconfig(server.address))).rejects.toMatchObject(code("cluster-unreachable"));
  });

  test.each([
    ["a program for credentials", { user: { exec: { command: "aws" } } }, "create token"],
    ["an unchecked certificate", { cluster: { "insecure-skip-tls-verify": true } }, "certificate-authority"],
    ["a proxy", { cluster: { "proxy-url": "http://p:1" } }, "--k8s"],
    ["plain HTTP elsewhere", { cluster: { server: "http://10.0.0.1" } }, ""],
    ["no address", { cluster: { server: "nowhere" } }, ""],
    ["half a certificate", { user: { "client-key": "client.key" } }, ""],
    ["no PEM", { cluster: { "certificate-authority-data": "AAAA" } }, ""],
    [
      "a file that is not there",
      { cluster: { "certificate-authority-data": null, "certificate-authority": "no" } },
      "",
    ],
    ["no such context", { more: { "current-context": "prod" } }, ""],
    ["no context", { more: { "current-context": "" } }, "use-context"],
    ["no users", { more: { users: [] } }, ""],
  ])("a kubeconfig with %s is refused", async (_, options, hint) => {
    await expect(readKubeconfig(kubeconfig("https://127.0.0.1:1", options))).rejects.toMatchObject({
      ...code("kubeconfig-invalid"),
      hint: expect.stringContaining(hint) as string,
    });
  });
});
