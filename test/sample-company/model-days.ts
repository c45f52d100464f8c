import { readFileSync } from "node:fs";
import path from "node:path";
import { billFiles } from "./read-bills.ts";

/** A day's line of OpenAI's cost report; floats are enough to see an incident. */
export interface ModelDay {
  readonly day: string;
  readonly workload: string;
  readonly item: string;
  readonly cost: number;
  readonly tokens: number;
}

interface Page {
  readonly data: readonly {
    readonly start_time: number;
    readonly results: readonly {
      readonly amount: { readonly value: number };
      readonly line_item: string;
      readonly project_name: string;
      readonly quantity: number;
    }[];
  }[];
}

export function modelDays(out: string): ModelDay[] {
  return billFiles(path.join(out, "openai")).flatMap((file) =>
    (JSON.parse(readFileSync(file, "utf8")) as Page).data.flatMap(({ start_time: start, results }) =>
      results.map(({ amount, line_item: item, project_name: workload, quantity: tokens }) => ({
        day: new Date(start * 1000).toISOString().slice(0, 10),
        workload,
        item,
        cost: amount.value,
        tokens,
      })),
    ),
  );
}
