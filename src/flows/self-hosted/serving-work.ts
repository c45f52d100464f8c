import type { ServingWork } from "#analysis/self-hosted/token-cost.ts";
import { answerSignals, type SignalGroup } from "#flows/signals/answer-signals.ts";
import type { TimeAsked } from "#flows/events/ask-events.ts";
import { grouped } from "#units/grouped.ts";
import type { Granularity, Window } from "#units/window.ts";

/** What a model did on a workload in some time. */
export interface ModelWork {
  /** cluster/namespace/kind/controller, as AllocatedResourceId is. */
  readonly workload: string;
  readonly model: string;
  readonly bucket: string | undefined;
  readonly work: ServingWork;
  readonly requests: number;
  readonly failed: number;
}

/** What models of one's own did, from the signals of their servers. */
export interface ServedWork {
  readonly window: Window;
  readonly models: readonly ModelWork[];
}

const told = [
  "input_tokens",
  "output_tokens",
  "prefix_tokens_hit",
  "prefill_seconds",
  "decode_seconds",
  "requests_finished",
  "requests_failed",
  "gpu_active",
];

/** @throws Problem of `answerSignals` */
export async function servedWork(
  asked: TimeAsked & { readonly granularity?: Granularity },
): Promise<ServedWork> {
  const by = ["cluster", "namespace", "kind", "controller", "model"];
  const { groups, question } = await answerSignals({ ...asked, signals: told, by, where: [] });
  const ofWorkload = grouped(groups, ({ keys, bucket }) => JSON.stringify([workloadOf(keys), bucket]));
  const models = [...ofWorkload.values()].flatMap((all) => {
    const busy = all.find(({ signal }) => signal === "gpu_active")?.mean;
    const named = grouped(
      all.filter(({ keys }) => modelOf(keys) !== ""),
      ({ keys }) => modelOf(keys),
    );
    return [...named].flatMap(([model, own]) => workOf(model, own, busy));
  });
  return { window: question.window, models };
}

const workloadOf = ([cluster, namespace, kind, controller]: SignalGroup["keys"]): string =>
  [cluster, namespace, kind ?? "Pod", controller].map((part) => part ?? "").join("/");
const modelOf = (keys: SignalGroup["keys"]): string => keys[4] ?? "";

/** Nothing for what has no tokens: a server of something else than a language model. */
function workOf(model: string, own: readonly SignalGroup[], gpuActive: number | undefined): ModelWork[] {
  const [first] = own;
  const of = (signal: string): SignalGroup | undefined => own.find((each) => each.signal === signal);
  const total = (signal: string): number | undefined => of(signal)?.total;
  const [input, output] = [total("input_tokens"), total("output_tokens")];
  if (first === undefined || (input === undefined && output === undefined)) return [];
  const cached = total("prefix_tokens_hit");
  const [prefill, decode] = [secondsOf(of("prefill_seconds")), secondsOf(of("decode_seconds"))];
  return [
    {
      workload: workloadOf(first.keys),
      model,
      bucket: first.bucket,
      requests: total("requests_finished") ?? 0,
      failed: total("requests_failed") ?? 0,
      work: {
        input: wholeOf(input ?? 0),
        output: wholeOf(output ?? 0),
        cached: cached === undefined ? undefined : wholeOf(cached),
        time: prefill === undefined || decode === undefined ? undefined : { prefill, decode },
        gpuActive,
      },
    },
  ];
}

const wholeOf = (value: number): bigint => BigInt(Math.round(value));

/** All that a histogram observed, in microseconds. */
const secondsOf = (group: SignalGroup | undefined): bigint | undefined =>
  group?.mean === undefined || group.total === undefined
    ? undefined
    : wholeOf(group.mean * group.total * 1e6);
