/**
 * What became of defects, as a table for a terminal, as Markdown and as JSON.
 *
 * @module
 */
import type { Catch, Finding } from "../defect_hunt.ts";
import { tokenOf } from "../replay_token.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import type { Json } from "./product.ts";

/** Reasons, and scenarios of a page, that are shown for each defect. */
const SHOWN_MAX = 3;
/** Widest line on a terminal, in columns. */
const WIDTH = 100;

/** One block for each defect: whether it was caught, by how much, and by whom for which reason. */
export function defectsTable(findings: readonly Finding[]): string {
  const blocks = findings.map((finding) => {
    const { defect, caught } = finding;
    const head = `${caught ? "✓" : "✗"} ${defect.name} (${shortLink(defect.link)}): `;
    const lines = byReason(telling(finding)).slice(0, SHOWN_MAX).map(reasonLine);
    return [head + countsOf(finding), ...lines].map((line) => `${line}\n`).join("");
  });
  return `${blocks.join("")}\n${conclusion(findings)}\n`;
}

/** Those that point at the cause; all of them when none does. */
function telling({ caught, catches }: Finding): readonly Catch[] {
  return caught ? catches.filter(({ naming }) => naming > 0) : catches;
}

/** What gives the same reason, together. */
function byReason(catches: readonly Catch[]): (readonly Catch[])[] {
  const groups = Map.groupBy(catches, ({ verdict, reason }) => `${verdict} ${reason}`);
  return [...groups.values()];
}

function reasonLine(catches: readonly Catch[]): string {
  const [{ scenario, verdict, reason } = NOTHING] = catches;
  const cells = catches.reduce((sum, it) => sum + (it.naming || it.cells), 0);
  const others = catches.length > 1 ? ` and ${catches.length - 1} more` : "";
  const line = visible(`    ${SYMBOL[verdict]} ${cells} ${scenario}${others}: ${reason}`);
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

const NOTHING = { scenario: "", verdict: "passed", reason: "" } as const;

function countsOf({ conditions, caught, catches }: Finding): string {
  const noticed = catches.reduce((sum, { cells }) => sum + cells, 0);
  const naming = catches.reduce((sum, it) => sum + it.naming, 0);
  const notice = `${noticed} cells of ${conditions} conditions notice, ${naming} name the cause`;
  return `${caught ? "caught" : "not caught"}; ${notice}`;
}

function conclusion(findings: readonly Finding[]): string {
  const caught = findings.filter((finding) => finding.caught).length;
  return `${caught} of ${findings.length} defects caught`;
}

/** `…/pull/2833` becomes `#2833`, any other link its last part. */
function shortLink(link: string): string {
  const [last = link] = link.split("/").slice(-1);
  return /^\d+$/.test(last) ? `#${last}` : last;
}

/** The same as a page, with the meaning of each defect and a token for each scenario. */
export function defectsMarkdown(findings: readonly Finding[], seed: number): string {
  const table = [
    "| | defect | bug | caught by | reason |",
    "| --- | --- | --- | --- | --- |",
    ...findings.map(rowOf),
  ];
  const sections = findings.map((finding) => sectionOf(finding, seed));
  const title = `# Seeded defects\n\n${conclusion(findings)}.`;
  return `${title}\n\n${table.join("\n")}\n\n${sections.join("\n")}`;
}

function rowOf(finding: Finding): string {
  const { defect, caught } = finding;
  const catches = telling(finding);
  const scenarios = [...new Set(catches.map(({ scenario }) => `\`${scenario}\``))];
  const more = scenarios.length > SHOWN_MAX ? ` and ${scenarios.length - SHOWN_MAX} more` : "";
  const by = scenarios.slice(0, SHOWN_MAX).join(", ") + more;
  const link = `[${shortLink(defect.link)}](${defect.link})`;
  const reason = cellText(catches[0]?.reason ?? "");
  return `| ${caught ? "✓" : "✗"} | ${defect.name} | ${link} | ${by} | ${reason} |`;
}

function sectionOf(finding: Finding, seed: number): string {
  const { name, meaning, link } = finding.defect;
  const lines = finding.catches.map((it) => `- ${catchText(it)}\n  \`${tokenFor(it, seed)}\`\n`);
  const found = lines.length === 0 ? "" : `\n${lines.join("")}`;
  return `## ${name}\n\n${meaning} <${link}>\n\n${countsOf(finding)}.\n${found}`;
}

function catchText({ scenario, verdict, cells, naming, reason }: Catch): string {
  const named = `${naming} of ${cells} name the cause`;
  return `${SYMBOL[verdict]} ${scenario} (${named}): ${cellText(reason)}`;
}

/** Text that neither ends a cell of a table nor begins anything else. */
function cellText(text: string): string {
  return visible(text).replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function tokenFor({ scenario, condition }: Catch, seed: number): string {
  return tokenOf({ scenario, condition, seed });
}

export function defectsJson(findings: readonly Finding[], seed: number, exitCode: number): Json {
  const defects = findings.map(({ defect, conditions, caught, catches }) => ({
    name: defect.name,
    link: defect.link,
    meaning: defect.meaning,
    known: defect.known ?? null,
    cause: defect.cause.source,
    conditions,
    caught,
    catches: catches.map((it) => ({ ...it, token: tokenFor(it, seed) })),
  }));
  return { seed, defects, exitCode } as unknown as Json;
}
