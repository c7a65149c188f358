/**
 * The shape of report lines, as far as reporters rely on it. A file may have been cut, edited or
 * written by something else; what is said about it is one line, not a stack.
 *
 * @module
 */
import type { CellResult, ConditionResult, RunEnd, RunHeader, ShardEvidence } from "./report.ts";

/** A line behind the first. */
export type Line = ConditionResult | ShardEvidence | RunEnd;

/** Whether `header` has the lists that every report begins with. */
export function isHeader(header: Partial<RunHeader>): header is RunHeader {
  const { releases, axes, pruned, scenarios, expectations } = header;
  return [releases, axes, pruned, scenarios, expectations].every(Array.isArray);
}

/** Tells lines of a report from other JSON; looks at cells that lines share only once. */
export class LineCheck {
  readonly #sound = new WeakSet<readonly CellResult[]>();

  isLine(entry: unknown): entry is Line {
    if (!isObject(entry)) return false;
    const { type } = entry as { readonly type?: unknown };
    if (type === "shard") return isEvidence(entry);
    return type === "end" || (type === "condition" && this.#isCondition(entry));
  }

  #isCondition(entry: Partial<ConditionResult>): boolean {
    const { name, condition, transcript, cells } = entry;
    const { path, settings } = condition ?? {};
    return (
      typeof name === "string" &&
      Array.isArray(path) &&
      path.length >= 2 &&
      path.every((hop) => typeof hop?.release === "string" && isObject(hop.inputs)) &&
      isObject(settings) &&
      Array.isArray(transcript) &&
      transcript.every(isObject) &&
      Array.isArray(cells) &&
      this.#areCells(cells)
    );
  }

  #areCells(cells: readonly CellResult[]): boolean {
    if (this.#sound.has(cells)) return true;
    const sound = cells.every(
      (cell) => typeof cell?.scenario === "string" && typeof cell.verdict === "string",
    );
    if (sound) this.#sound.add(cells);
    return sound;
  }
}

function isEvidence({ refuted, matched, unasked, covered }: Partial<ShardEvidence>): boolean {
  return [refuted, matched, unasked, covered].every(
    (texts) => Array.isArray(texts) && texts.every((text) => typeof text === "string"),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
