/** Recorded series as a person writes them: one sample a minute. */
export interface Recorded {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The value after so many minutes; undefined where nothing was recorded. */
  readonly value: (minute: number) => number | undefined;
  readonly from?: number;
  readonly to?: number;
}

export const START = Date.parse("2026-07-01T00:00:00Z") / 1000;
/** Minutes that are recorded, the first before the window so that rates have a beginning. */
const [FIRST, LAST] = [-6, 120];

/** OpenMetrics text with times, as promtool makes blocks of. */
export function openMetrics(series: readonly Recorded[]): string {
  const families = [...new Set(series.map(({ metric }) => metric))];
  const lines = families.flatMap((family) =>
    series.filter(({ metric }) => metric === family).flatMap(samples),
  );
  return `${lines.join("\n")}\n# EOF\n`;
}

function samples({ metric, labels, value, from = FIRST, to = LAST }: Recorded): string[] {
  const names = Object.entries(labels).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  const lines: string[] = [];
  for (let minute = from; minute <= to; minute++) {
    const now = value(minute);
    if (now !== undefined) lines.push(`${metric}{${names.join(",")}} ${now} ${START + minute * 60}`);
  }
  return lines;
}

const always = (number: number) => () => number;

export interface RecordedPod {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly owner?: readonly [kind: string, name: string];
  readonly requests?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly from?: number;
  readonly to?: number;
}

const span = ({ from, to }: { from?: number; to?: number }) => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

/** What kube-state-metrics tells of a pod with one container, main. Two of its replicas are scraped: every fact comes twice. */
export function podSeries(pod: RecordedPod): Recorded[] {
  const { namespace, uid, node, owner, requests = {}, labels = {} } = pod;
  const [kind, name] = owner ?? ["<none>", "<none>"];
  const own = { namespace, pod: pod.pod, uid };
  const facts: [string, Record<string, string>, number][] = [
    ["kube_pod_info", { node, created_by_kind: kind, created_by_name: name }, 1],
    ["kube_pod_labels", labels, 1],
    ["kube_pod_status_phase", { phase: "Running" }, 1],
    ...Object.entries(requests).map(([resource, value]): [string, Record<string, string>, number] => [
      "kube_pod_container_resource_requests",
      { container: "main", node, resource },
      value,
    ]),
    ...(owner === undefined
      ? []
      : [
          ["kube_pod_owner", { owner_kind: kind, owner_name: name, owner_is_controller: "true" }, 1] as [
            string,
            Record<string, string>,
            number,
          ],
        ]),
  ];
  return facts.flatMap(([metric, more, value]) =>
    ["10.0.0.1:8080", "10.0.0.2:8080"].map((instance) => ({
      metric,
      labels: { ...own, ...more, instance },
      value: always(value),
      ...span(pod),
    })),
  );
}

/** What cAdvisor tells of that container: cores in use, and GiB where they are known. */
export function useSeries(
  { namespace, pod, ...times }: RecordedPod,
  cores: number,
  gib: (minute: number) => number | undefined,
  resetAt?: number,
): Recorded[] {
  const labels = { namespace, pod, container: "main", id: `/kubepods/${pod}`, image: "i" };
  const counted = (minute: number): number => {
    const since = resetAt !== undefined && minute >= resetAt ? resetAt : FIRST;
    return cores * 60 * (minute - since);
  };
  const bytes = (minute: number): number | undefined => {
    const now = gib(minute);
    return now === undefined ? undefined : now * 2 ** 30;
  };
  return [
    { metric: "container_cpu_usage_seconds_total", labels, value: counted, ...span(times) },
    // The sum of the pod, which must not count again.
    {
      metric: "container_cpu_usage_seconds_total",
      labels: { ...labels, container: "", id: `/kubepods/${pod}/all` },
      value: counted,
      ...span(times),
    },
    { metric: "container_memory_working_set_bytes", labels, value: bytes, ...span(times) },
  ];
}

export function nodeSeries(
  node: string,
  capacity: Readonly<Record<string, number>>,
  labels: Readonly<Record<string, string>>,
  providerId?: string,
): Recorded[] {
  return [
    ...(providerId === undefined
      ? []
      : [{ metric: "kube_node_info", labels: { node, provider_id: providerId }, value: always(1) }]),
    ...Object.entries(capacity).map(([resource, value]) => ({
      metric: "kube_node_status_capacity",
      labels: { node, resource },
      value: always(value),
    })),
    { metric: "kube_node_labels", labels: { node, ...labels }, value: always(1) },
  ];
}
