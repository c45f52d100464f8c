import { didYouMean } from "#facts/nearest-names.ts";
import { commitments } from "./commitments.ts";
import { computeAndResources } from "./compute-and-resources.ts";
import { creditsAndCorrections } from "./credits-and-corrections.ts";
import { gpus } from "./gpus.ts";
import { invoices } from "./invoices.ts";
import { modelsAndTokens } from "./models-and-tokens.ts";
import { type NamedReport, reportGroups } from "./named-report.ts";
import { ownersAndBudgets } from "./owners-and-budgets.ts";
import { ratesAndSavings } from "./rates-and-savings.ts";
import { serviceCosts } from "./service-costs.ts";
import { virtualCurrencies } from "./virtual-currencies.ts";
import { Problem } from "#units/problems.ts";

/** Every named report, in the order of the list. */
export const namedReports: readonly NamedReport[] = [
  ...invoices,
  ...creditsAndCorrections,
  ...serviceCosts,
  ...computeAndResources,
  ...ratesAndSavings,
  ...commitments,
  ...ownersAndBudgets,
  ...virtualCurrencies,
  ...modelsAndTokens,
  ...gpus,
].sort((a, b) => reportGroups.indexOf(a.group) - reportGroups.indexOf(b.group));

/** @throws Problem "report-unknown" with the nearest names */
export function findNamedReport(name: string): NamedReport {
  const found = namedReports.find((report) => report.name === name);
  if (found !== undefined) return found;
  const names = ["cost", ...namedReports.map((report) => report.name)];
  throw new Problem("report-unknown", `There is no report "${name}".${didYouMean(name, names)}`);
}
