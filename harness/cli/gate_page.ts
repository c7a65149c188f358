/**
 * What a gate came to, as Markdown for summaries of forges and as a page: for each metric that was
 * not fine ratio, interval, verdict and what would have been seen, and those that were in short.
 *
 * @module
 */
import { type GateResult, type GateRow, ratioOf } from "../bench/mod.ts";

/** What stands above the tables. */
export interface GateHead {
  readonly a: string;
  readonly b: string;
  readonly blocks: number;
  readonly runtime: string;
}

interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

const COLUMNS = ["metric", "b / a", "99 % interval", "verdict", "would have seen", "standing"];
const UNDECIDED =
  "Undecided does not mean that nothing changed: more blocks or a quieter machine are needed.";
/** Rows of exact metrics that are fine are counted and not shown. */
const ROWS_MAX = 500;

export function gateMarkdown(result: GateResult, head: GateHead): string {
  const lines = [`### Costs: ${result.outcome}`, "", headText(head), ""];
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
  for (const { title, rows } of tablesOf(result)) {
    lines.push(`**${title}**`, "", row(COLUMNS), row(COLUMNS.map(() => "---")));
    lines.push(...rows.map((each) => row(each.map(cell))), "");
  }
  return `${[...lines, ...notesOf(result).map(cell)].join("\n").trimEnd()}\n`;
}

export function gateHtml(result: GateResult, head: GateHead): string {
  const tables = tablesOf(result).map(({ title, rows }) => {
    const head = COLUMNS.map((name) => `<th scope="col">${name}</th>`).join("");
    const body = rows.map((each) => {
      const cells = each.map((text) => `<td>${escaped(text)}</td>`).join("");
      return `<tr class="${(each.at(-1) ?? "").split(" ")[0]}">${cells}</tr>`;
    });
    return `<h2>${title}</h2><table><tr>${head}</tr>\n${body.join("\n")}</table>`;
  });
  const notes = notesOf(result).map((note) => `<p>${escaped(note)}</p>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<title>Costs: ${result.outcome}</title>
<style>body{font:16px/1.4 system-ui;margin:2em auto;max-width:70em;padding:0 1em}
table{border-collapse:collapse}
td,th{padding:.2em .8em;text-align:left;border-bottom:1px solid #8886}
.blocks td:last-child{color:#b3001b;font-weight:bold}.undecided td:last-child{font-style:italic}
:root{color-scheme:light dark}</style>
<h1>Costs: ${result.outcome}</h1><p>${escaped(headText(head))}</p>
${[...tables, ...notes].join("\n")}
</html>
`;
}

function headText({ a, b, blocks, runtime }: GateHead): string {
  return `${b} beside ${a}, ${blocks} blocks of fresh processes in turns, ${runtime}.`;
}

function tablesOf({ rows }: GateResult): Table[] {
  const isTimed = ({ judged }: GateRow) => "ratio" in judged;
  const exact = rows.filter((each) => !isTimed(each) && each.judged.verdict !== "same");
  const tables = [
    { title: "Times", rows: rows.filter(isTimed) },
    { title: "Exact metrics that changed", rows: exact },
  ];
  return tables
    .filter((table) => table.rows.length > 0)
    .map(({ title, rows }) => ({ title, rows: rows.slice(0, ROWS_MAX).map(cellsOf) }));
}

function cellsOf({ metric, judged, standing, entry }: GateRow): string[] {
  const why = entry === undefined ? standing : `${standing}: ${entry.reason}, ${entry.link}`;
  const until = standing === "blocks" && entry ? `${why}, until ${entry.expires}` : why;
  const ratio = ratioOf(judged);
  const shown = Number.isFinite(ratio) ? ratio.toFixed(3) : "";
  if (!("ratio" in judged)) {
    const values = `${judged.a} to ${judged.b} ${judged.unit}`;
    return [metric, shown, values, judged.verdict, "any", until];
  }
  const { low, high } = judged.interval;
  const seen = Number.isFinite(judged.detectable)
    ? `±${((judged.detectable - 1) * 100).toFixed(1)} %, 4 of 5 times`
    : "nothing yet";
  const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return [metric, shown, interval, judged.verdict, seen, until];
}

function notesOf({ rows, stale }: GateResult): string[] {
  const exact = rows.filter(({ judged }) => !("ratio" in judged));
  const same = exact.filter(({ judged }) => judged.verdict === "same").length;
  return [
    ...stale.map(
      ({ metric, link }) => `Accepted, and did not grow: ${metric} (${link}); delete it.`,
    ),
    ...(rows.some(({ standing }) => standing === "undecided") ? [UNDECIDED] : []),
    ...(exact.length > 0 ? [`${same} of ${exact.length} exact metrics are the same.`] : []),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
