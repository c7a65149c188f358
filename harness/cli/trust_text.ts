/**
 * What the self-test of comparisons came to, as a table of the README.
 *
 * @module
 */
import type { SelfTestRow } from "../bench/mod.ts";

const HEAD = ["runtime", "slower by", "comparisons", "found", "false alarms", "refused", "blocks"];

export function selfTestTable(rows: readonly SelfTestRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = HEAD.map((_, at) => (at < 1 ? "---" : "--:"));
  return `${[line(HEAD), line(rule), ...rows.map((row) => line(cellsOf(row)))].join("\n")}\n`;
}

function cellsOf(row: SelfTestRow): string[] {
  const { runtime, from, slower, comparisons, slow, found } = row;
  const share = slower === 0 ? "nothing" : `${Math.round(slower * 1000) / 10} %`;
  return [
    runtime,
    share,
    from === "processes" ? `${comparisons}, real` : String(comparisons),
    slow === 0 ? "" : `${found} of ${slow}`,
    String(row.falseAlarms),
    String(row.refused),
    String(row.blocks),
  ];
}
