import { digestLines } from "./digest-lines.ts";
import { htmlText, pageHtml } from "./page-html.ts";
import { statementStyle } from "./statement-style.ts";

type Told = Parameters<typeof digestLines>[0];

const heads = ["KPI", "Before", "Now", "Change", ""] as const;

/** A digest in Markdown, for a channel or a ticket. */
export function digestMarkdown(told: Told): string {
  const { title, totals, entries, nothing, more } = digestLines(told);
  const sections = entries.map(({ name, sentences, moved }) =>
    [
      `## ${plain(name)}`,
      ...(sentences.length === 0 ? [] : ["", ...sentences.map((sentence) => `${plain(sentence)}  `)]),
      ...(moved.length === 0 ? [] : ["", `| ${heads.join(" | ")} |`, "|---|---:|---:|---:|---|"]),
      ...moved.map(
        ({ kpi, before, now, change, verdict }) =>
          `| ${[kpi, before, now, change, verdict].map(plain).join(" | ")} |`,
      ),
    ].join("\n"),
  );
  const parts = [`# ${title}`, totals.join("  \n"), ...sections, ...(more === undefined ? [] : [more])];
  if (entries.length === 0) parts.push(nothing);
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Names come from tags: none of them is markup. */
const plain = (text: string): string => text.replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);

/** The same as one printable page. */
export function digestHtml(told: Told): string {
  const { title, totals, entries, nothing, more } = digestLines(told);
  const sections = entries.map(
    ({ name, sentences, moved }) => `<h2>${htmlText(name)}</h2>
${sentences.map((sentence) => `<p>${htmlText(sentence)}</p>`).join("\n")}
${moved.length === 0 ? "" : movedTable(moved)}`,
  );
  const none = entries.length === 0 ? `<p class="note">${htmlText(nothing)}</p>` : "";
  return pageHtml(
    "digest",
    title,
    statementStyle,
    `<header><p class="over">${htmlText(title)}</p>
<h1>${htmlText(totals.join(" ") || "There is no cost in either of these times.")}</h1></header>
${sections.join("\n")}${none}
${more === undefined ? "" : `<p class="note">${htmlText(more)}</p>`}
<footer>Costs are EffectiveCost, spread over the time that charges last. A KPI that moved by less than a hundredth is not told.</footer>`,
  );
}

function movedTable(moved: ReturnType<typeof digestLines>["entries"][number]["moved"]): string {
  const rows = moved.map(
    (row) =>
      `<tr><td>${htmlText(row.kpi)}</td>${[row.before, row.now, row.change].map((cell) => `<td>${htmlText(cell)}</td>`).join("")}<td class="kind">${htmlText(row.verdict)}</td></tr>`,
  );
  return `<table><thead><tr>${heads.map((head) => `<th>${htmlText(head)}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}
