import type { Deployment } from "#facts/model-identity.ts";
import type { NamedCard } from "#facts/named-cards.ts";
import { Problem, type ProblemReport } from "#units/problems.ts";
import { readTable } from "./read-table.ts";
import { problemAt, readCells } from "./table-cells.ts";
import { tokenColumns, tokenRows } from "./token-rows.ts";

const tokens = { name: "tokens", item: "price", columns: tokenColumns, key: "prices" } as const;
const deployments = {
  name: "deployments",
  item: "deployment",
  columns: ["provider", "deployment", "model", "note"],
  key: "deployments",
} as const;

type DeploymentColumn = (typeof deployments.columns)[number];

/**
 * Reads the contract table of token prices, `tokens.csv` or `tokens.yaml` of a folder; undefined if there is none.
 * @throws Problem "price-file-invalid" with everything that is wrong, "input-too-large", "source-unreadable"
 */
export async function readTokenPrices(
  folder: string,
): Promise<{ readonly file: string; readonly cards: readonly NamedCard[] } | undefined> {
  const table = await readTable(folder, tokens);
  if (table === undefined) return undefined;
  const { cards, problems } = tokenRows(table.lines, table.file);
  refuse(problems);
  return { file: table.file, cards };
}

/**
 * Reads which model is behind a deployment's name, `deployments.csv` or `.yaml` of a folder; none if there is no such table.
 * @throws Problem "price-file-invalid" with everything that is wrong, "input-too-large", "source-unreadable"
 */
export async function readDeployments(folder: string): Promise<readonly Deployment[]> {
  const table = await readTable(folder, deployments);
  if (table === undefined) return [];
  const problems: ProblemReport[] = [];
  const seen = new Map<string, number>();
  const found = table.lines.map((line) => {
    const { text } = readCells<DeploymentColumn>(line, table.file, ["note"], problems);
    const made = { provider: text("provider"), deployment: text("deployment"), model: text("model") };
    const key = JSON.stringify([made.provider, made.deployment]).toLowerCase();
    const earlier = seen.get(key);
    const at = { file: table.file, line: line.line, column: "deployment", value: made.deployment };
    if (earlier !== undefined) problems.push(problemAt(at, `has a model in line ${earlier} already`));
    seen.set(key, line.line);
    return made;
  });
  refuse(problems);
  return found;
}

function refuse([first, ...others]: readonly ProblemReport[]): void {
  if (first !== undefined) throw new Problem(first.code, first.message, { at: first.at ?? {}, others });
}
