import type { Layout, SourceMapping } from "#facts/source-mapping.ts";
import { requiredColumns } from "#facts/focus-columns.ts";
import { isAnthropicCosts, mapAnthropic } from "./anthropic/map.ts";
import { curNeeds, curSpelling, mapAwsCur } from "./aws-cur/map.ts";
import type { AzureExport } from "./azure/costs.ts";
import { azureNeeds, mapAzure } from "./azure/map.ts";
import { focusVersion, mapFocus } from "./focus/map.ts";
import { gcpNeeds, mapGcp } from "./gcp/map.ts";
import { mapOci, ociNeeds } from "./oci/map.ts";
import { isOpenaiCosts, mapOpenai } from "./openai/map.ts";
import { kubecostNeeds, mapKubecost, mapOpencost, opencostNeeds, opencostSpelling } from "./opencost/map.ts";
import { isAllocationAnswer, mapAllocationAnswer } from "./opencost/map-answer.ts";
import type { Needed } from "./source-columns.ts";

/** What is known of a file before its rows are read. */
export interface Recognizable {
  readonly layout: Layout;
  /** Columns of a CSV or Parquet file, members of the first JSON line, none of a JSON document. */
  readonly columns: readonly string[];
  /** The first part of the text; empty for Parquet. */
  readonly head: string;
}

/** A format that is read: recognised by its columns or first bytes, mapped to FOCUS. */
export interface Format {
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** One line about what of it is read. */
  readonly what: string;
  readonly layouts: readonly Layout[];
  /** The columns it can't be without; none where the text itself tells. */
  readonly needs: Needed;
  readonly spelling?: (name: string) => string;
  /** The mapping, or undefined if the file is of another format. */
  readonly map: (file: Recognizable) => SourceMapping | undefined;
}

const tables: readonly Layout[] = ["csv", "parquet"];

const focus: Format = {
  name: "focus",
  title: "FOCUS",
  what: "FOCUS 0.5 to 1.5 cost and usage (CSV, Parquet; AWS Data Exports and Azure exports with their manifests)",
  layouts: tables,
  needs: requiredColumns.map((name) => [name]),
  map: ({ layout, columns, head }) => {
    const version = focusVersion(columns);
    if (version === undefined) return undefined;
    return mapFocus(columns, layout, version <= "1.0" && writesSpaceTimes(head));
  },
};

const awsCur: Format = {
  name: "aws-cur",
  title: "AWS CUR",
  what: "AWS Cost and Usage Report: legacy (CSV, Parquet) and CUR 2.0",
  layouts: tables,
  needs: curNeeds,
  spelling: curSpelling,
  map: ({ columns, layout }) => mapAwsCur(columns, layout),
};

const azure = (name: string, kind: AzureExport, what: string): Format => ({
  name,
  title: "Azure cost details",
  what,
  layouts: tables,
  needs: azureNeeds,
  map: ({ columns, layout, head }) => mapAzure(columns, layout, head, kind),
});

/** The formats in the order in which they are tried. */
export const formats: readonly Format[] = [
  focus,
  awsCur,
  azure("azure", "actual", "Azure EA and MCA cost details, export of actual cost"),
  azure(
    "azure-amortized",
    "amortized",
    "the same, export of amortised cost; its columns are the same, so it must be named",
  ),
  azure(
    "azure-purchases",
    "purchases",
    "only the commitments' purchases of an export of actual cost, to go beside the amortised one; must be named",
  ),
  {
    name: "oci",
    title: "OCI cost report",
    what: "Oracle Cloud cost report in Oracle's own columns (CSV)",
    layouts: tables,
    needs: ociNeeds,
    map: ({ columns, layout }) => mapOci(columns, layout),
  },
  {
    name: "gcp",
    title: "Google Cloud billing export",
    what: "Google Cloud standard and detailed usage cost export from BigQuery (JSON Lines, Parquet)",
    layouts: ["jsonl", "parquet"],
    needs: gcpNeeds,
    map: ({ columns, layout }) => mapGcp(columns, layout),
  },
  {
    name: "opencost",
    title: "OpenCost allocation",
    what: "OpenCost's daily export (CSV, Parquet), and answers of its and Kubecost's GET /allocation (JSON): another division of money that a bill has too",
    layouts: [...tables, "json"],
    needs: opencostNeeds,
    map: ({ columns, layout, head }) =>
      layout === "json"
        ? isAllocationAnswer(head)
          ? mapAllocationAnswer()
          : undefined
        : mapOpencost(columns, layout),
  },
  {
    name: "kubecost",
    title: "Kubecost allocation",
    what: "Kubecost's allocations as CSV or Parquet, its columns in any spelling",
    layouts: tables,
    needs: kubecostNeeds,
    spelling: opencostSpelling,
    map: ({ columns, layout }) => mapKubecost(columns, layout),
  },
  {
    name: "openai",
    title: "OpenAI cost report",
    what: "pages of OpenAI's GET /v1/organization/costs (JSON)",
    layouts: ["json"],
    needs: [],
    map: ({ head }) => (isOpenaiCosts(head) ? mapOpenai() : undefined),
  },
  {
    name: "anthropic",
    title: "Anthropic cost report",
    what: "pages of Anthropic's GET /v1/organizations/cost_report (JSON)",
    layouts: ["json"],
    needs: [],
    map: ({ head }) => (isAnthropicCosts(head) ? mapAnthropic() : undefined),
  },
];

/** The published FOCUS 1.0 files write 2024-09-01 00:00:00; a file that writes any time in the ISO way is held to it. */
function writesSpaceTimes(head: string): boolean {
  return /\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/.test(head) && !/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(head);
}
